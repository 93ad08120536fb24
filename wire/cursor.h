/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cursor.h - bounded reader of big-endian bytes with a sticky error
 *
 * Every read checks the remaining length. The first read that does not fit sets err and
 * moves to the end. It and all later reads return 0 or NULL, so a decoder reads in wire
 * order and tests err once.
 *
 * Memory:  points into the caller's buffer; nothing is allocated.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct cursor {
	const uint8_t *p, *end;
	int err; /* not 0: a read did not fit */
};

static inline struct cursor cursor_of(const void *buf, size_t len)
{
	const uint8_t *p = buf;

	return (struct cursor){ .p = p, .end = len ? p + len : p };
}

static inline size_t cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->p);
}

/* Read len bytes. Return them, or NULL. */
static inline const uint8_t *cursor_bytes(struct cursor *c, size_t len)
{
	const uint8_t *p = c->p;

	if (c->err || len > cursor_left(c)) {
		c->err = 1;
		c->p = c->end;
		return NULL;
	}

	c->p += len;
	return p;
}

static inline uint8_t cursor_u8(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 1);

	return b ? *b : 0;
}

static inline uint16_t cursor_be16(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 2);

	return (uint16_t)(b ? b[0] << 8 | b[1] : 0);
}

static inline uint32_t cursor_be32(struct cursor *c)
{
	const uint8_t *b = cursor_bytes(c, 4);

	return b ? (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
			       b[3]
		 : 0;
}

static inline uint64_t cursor_be64(struct cursor *c)
{
	uint64_t high = cursor_be32(c);

	return high << 32 | cursor_be32(c);
}

/* Read a string that ends with NUL inside the buffer. Return it, or NULL. */
static inline const char *cursor_str(struct cursor *c)
{
	size_t left = c->err ? 0 : cursor_left(c), len = 0;

	/* Lists have thousands of short names: a loop is cheaper than memchr(3). */
	while (len < left && c->p[len])
		len++;
	return (const char *)cursor_bytes(c, len + 1);
}
