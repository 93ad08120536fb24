/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drc_info.h - the "ibm,drc-info" property: ranges of connectors
 *
 * Shape:   be32 entries, then per entry two NUL-terminated strings (type, name prefix)
 *          and five be32 (index start, suffix start, count, step, power domain). The
 *          cells follow the strings unaligned.
 * Units:   count is in connectors and may be 0.
 * Memory:  strings point into the caller's buffer; nothing is allocated.
 * Errors:  negative errno; -EBADMSG when the bytes do not fit the shape.
 * Source:  PAPR+ 13.5.2, Linux 6.1 arch/powerpc/platforms/pseries/of_helpers.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/builder.h"
#include "wire/cursor.h"

#define DRC_INFO_PROP "ibm,drc-info"

struct drc_info {
	const char *type; /* "CPU", "MEM", "PHB", "SLOT", "28"... */
	const char *name_prefix;
	uint32_t index_start;
	uint32_t suffix_start;
	uint32_t count;
	uint32_t step; /* per connector, for index and for suffix */
	uint32_t power_domain;
};

struct drc_info_iter {
	struct cursor c;
	uint32_t left; /* entries not yet read */
};

/* Begin to read the property. Return 0, or -EBADMSG if the entry count is missing. */
int drc_info_begin(struct drc_info_iter *it, const void *prop, size_t len);

/* Read the next entry into *out. Return 1, 0 at the end, or -EBADMSG if the entry is cut
 * or a string is unterminated. */
int drc_info_next(struct drc_info_iter *it, struct drc_info *out);

/* Return index and name of connector n, counted from 0, in *index and name[len]. Return
 * 0, -ERANGE if n >= count or a number wraps, or -ENAMETOOLONG if name is too small. */
int drc_info_nth(const struct drc_info *di, uint32_t n, uint32_t *index, char *name,
		 size_t len);

/* Append the whole property. */
void drc_info_encode(struct builder *b, const struct drc_info *entries, uint32_t n);
