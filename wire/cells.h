/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cells.h - properties that are lists of be32 cells
 *
 * Examples: ibm,ppc-interrupt-server#s (hardware ids of a processor's threads),
 *           ibm,associativity-reference-points.
 * Memory:   points into the caller's buffer; nothing is allocated.
 * Errors:   negative errno; -EBADMSG when the length is no multiple of 4.
 * Source:   PAPR+ B.6.2 (processor nodes)
 * Layer:    wire (no I/O, no globals, no logging)
 */
#pragma once

#include <errno.h>
#include <stdbool.h>

#include "wire/cursor.h"

#define CELLS_THREADS_PROP "ibm,ppc-interrupt-server#s"

struct cells {
	const uint8_t *bytes;
	size_t n;
};

/* Read the list. Return 0 or -EBADMSG. An empty property is an empty list. */
static inline int cells_read(struct cells *cells, const void *prop, size_t len)
{
	*cells = (struct cells){ .bytes = prop, .n = len / 4 };
	return len % 4 ? -EBADMSG : 0;
}

/* Return cell i, or 0 after the end. */
static inline uint32_t cells_at(const struct cells *cells, size_t i)
{
	struct cursor c = cursor_of(cells->bytes, cells->n * 4);

	if (i >= cells->n)
		return 0;
	c.p += i * 4;
	return cursor_be32(&c);
}

/* Return true if the list has v; *at is then its place, counted from 0. */
static inline bool cells_find(const struct cells *cells, uint32_t v, size_t *at)
{
	for (size_t i = 0; i < cells->n; i++) {
		if (cells_at(cells, i) != v)
			continue;
		*at = i;
		return true;
	}
	return false;
}
