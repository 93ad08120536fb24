/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * workarea.h - the work area of ibm,configure-connector
 *
 * Shape:   be32 DRC index, be32 0 to start a walk (then firmware's own), be32 offset of a
 *          name, be32 length and be32 offset of a value; names are NUL-terminated
 *          strings. Offsets count from the start of the work area and may point anywhere
 *          in it, unaligned. Words after word 1 are valid only with the statuses that
 *          define them.
 * Units:   offsets and lengths in bytes.
 * Memory:  an item points into the work area, which the next call overwrites.
 * Errors:  negative errno; -EBADMSG an offset or length exceeds the area, a name is
 *          unterminated, or the status is not that of an item.
 * Source:  PAPR+ 13.5.3.5
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CC_PAGE_BYTES = 4096,  /* one work area, and one extent */
	CC_TEXT_OFFSET = 0x14, /* first byte after the five cells */
};

/* Statuses of the call that are not errors, and what the area then holds. */
enum cc_status {
	CC_COMPLETE = 0,
	CC_SIBLING = 1,	    /* name of the next sibling of the last node */
	CC_CHILD = 2,	    /* name of a child of the last node */
	CC_PROPERTY = 3,    /* a property of the last node */
	CC_PARENT = 4,	    /* the last node's parent is now the last node */
	CC_MORE_MEMORY = 5, /* repeat the call with an extent */
};

/* Errors that only this call returns. */
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

/* Zero area[CC_PAGE_BYTES] and request a walk of this connector. */
void workarea_start(void *area, uint32_t drc_index);

/* Return true if this area requests a walk, and false if it continues one: firmware has
 * not written the offset of a name yet. */
bool workarea_is_start(const void *area);

/* Decode the item that firmware returned with this status in area[len]. Return 0 or
 * -EBADMSG. */
int workarea_decode(struct cc_item *item, int32_t status, const void *area, size_t len);

/* Firmware side: return the DRC index of the walk. */
uint32_t workarea_index(const void *area);

/* Firmware side: write an item into area[len], the name first, then the value. Return 0,
 * or -ENOSPC if it does not fit (answer CC_MORE_MEMORY then). */
int workarea_encode(void *area, size_t len, const struct cc_item *item);
