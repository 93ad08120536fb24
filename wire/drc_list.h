/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * drc_list.h - the four parallel properties that list connectors
 *
 * Shape:   ibm,drc-indexes and ibm,drc-power-domains: be32 count, then count be32.
 *          ibm,drc-names and ibm,drc-types: be32 count, then count NUL-terminated
 *          strings. The n-th entries of the four properties belong together; the order is
 *          arbitrary.
 * Memory:  decoded strings point into the caller's buffers; nothing is allocated.
 * Errors:  negative errno; -EBADMSG when the bytes do not fit the shape or the counts
 *          differ.
 * Source:  PAPR+ 13.5.2, Linux 6.1 drivers/pci/hotplug/rpaphp_core.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/drc.h"

enum drc_list_prop {
	DRC_LIST_INDEXES,
	DRC_LIST_NAMES,
	DRC_LIST_TYPES,
	DRC_LIST_POWER_DOMAINS,
	DRC_LIST_PROPS,
};

/* Property names in the order of enum drc_list_prop. */
extern const char *const drc_list_prop_names[DRC_LIST_PROPS];

struct drc_list_iter {
	struct cursor c[DRC_LIST_PROPS];
	uint32_t left; /* entries not yet read */
};

/* Begin to read. props[] has the bytes of the four properties. Return 0 or -EBADMSG. */
int drc_list_begin(struct drc_list_iter *it, const struct cursor props[DRC_LIST_PROPS]);

/* Read the next connector into *out. Return 1, 0 at the end, or -EBADMSG if a property is
 * cut. */
int drc_list_next(struct drc_list_iter *it, struct drc *out);

/* Append one of the four properties for n connectors. */
void drc_list_encode(struct builder *b, enum drc_list_prop which, const struct drc *drcs,
		     uint32_t n);
