/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * workarea.h - the work area of ibm,configure-connector
 *
 * Shape:   be32 DRC index, be32 0 to start a walk (firmware's own from then on),
 *          be32 offset of a name, be32 length and be32 offset of a value; names are
 *          NUL-terminated strings. Offsets count from the start of the work area
 *          and may lie anywhere in it, unaligned. What is behind word 1 is valid
 *          only with the statuses that define it.
 * Units:   offsets and lengths in bytes.
 * Memory:  an item points into the work area, which the next call overwrites.
 * Errors:  negative errno; -EBADMSG an offset or length leaves the area, a name is
 *          unterminated, or the status names no item.
 * Source:  PAPR+ 13.5.3.5
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
	CC_PAGE_BYTES = 4096,  /* one work area, and one extent */
	CC_TEXT_OFFSET = 0x14, /* first byte behind the five cells */
};

/* Statuses of the call that are not errors: what the area holds now. */
enum cc_status {
	CC_COMPLETE = 0,
	CC_SIBLING = 1,	    /* name of a node beside the last one */
	CC_CHILD = 2,	    /* name of a node below the last one */
	CC_PROPERTY = 3,    /* a property of the last node */
	CC_PARENT = 4,	    /* the last node's parent is the last node now */
	CC_MORE_MEMORY = 5, /* call again and give an extent */
};

/* Errors of this call alone. */
enum {
	CC_NOT_THIS_SYSTEM = -9001,
	CC_NOT_THIS_SLOT = -9002,
	CC_UNUSABLE = -9003,
};

/* One answer. name is set for nodes and properties, value and len for properties. */
struct cc_item {
	int32_t status;
	const char *name;
	const uint8_t *value;
	uint32_t len;
};

/* Zeroes area[CC_PAGE_BYTES] and asks for a walk of this connector. */
void workarea_start(void *area, uint32_t drc_index);

/* What firmware says with this status in area[len]. 0 or -EBADMSG. */
int workarea_decode(struct cc_item *item, int32_t status, const void *area, size_t len);

/* Firmware's half: the DRC index that a walk is for. */
uint32_t workarea_index(const void *area);

/* Firmware's half: puts an item into area[len], name first, value behind it.
 * 0, -ENOSPC if it does not fit (answer CC_MORE_MEMORY then). */
int workarea_encode(void *area, size_t len, const struct cc_item *item);
