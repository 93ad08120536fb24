/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_src.h - system reference codes: what failed, and what to replace
 *
 * Shape:   after the section header u8 version, 7 bytes of the platform (0x01 in the
 *          first: a sub-section follows), 8 be32 reference codes, 32 characters of
 *          primary code.
 *          The sub-section: u8 id 0xc0, u8, be16 length in units of 4 bytes, and
 *          call-outs.
 *          A call-out: u8 length, u8 flags, u8 priority, u8 length of location code, the
 *          location code, and parts.
 *          A part: two letters, u8 length, u8 flags, and
 *            ID: by flag 8 bytes part number (8), 8 procedure (2), 4 CCIN (4), 12 serial
 *                (1)
 *            PE: 8 bytes model, 12 serial number, a name
 *            MR: 4 reserved, and 8 bytes for each unit: 3 reserved, u8 priority, be32 id
 * Memory:  pointers and cursors point into the section.
 * Errors:  negative errno; -EBADMSG bytes that are cut, or an impossible length.
 * Source:  PAPR+ 10.3.2.2.10
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/event_v6.h"

struct event_src {
	uint8_t sub_id, sub_platform; /* 0: no sub-section */
	uint16_t sub_words;
	struct cursor callouts;
};

/* Decode the sub-section. Return 0 or -EBADMSG. If it is cut, only its first
 * call-outs are read. */
int event_src_decode(struct event_src *out, const struct event_section *s);

enum { EVENT_LOCATION_MAX_BYTES = 80 };

struct event_callout {
	uint8_t len, type;
	bool has_id; /* as its flags say; so is has_more */
	uint8_t has_more;
	uint8_t priority;
	uint8_t location_len; /* at most EVENT_LOCATION_MAX_BYTES */
	const uint8_t *location;
	struct cursor parts;
};

/* Read the next call-out into *out. Return 1, 0 at the end, or -EBADMSG; after an error
 * no further call-out can be found. */
int event_callout_next(struct cursor *callouts, struct event_callout *out);

enum event_part_id {
	EVENT_PART_ID = 0x4944,
	EVENT_PART_PE = 0x5045,
	EVENT_PART_MR = 0x4d52,
};

struct event_part {
	uint16_t id;
	uint8_t len, flags;
	struct cursor body;
};

/* Read the next part of a call-out. Return 1, 0 or -EBADMSG as above. */
int event_part_next(struct cursor *parts, struct event_part *out);

/* Fields of an ID part. NULL: the field is missing or cut. */
struct event_part_id_fields {
	const uint8_t *part_no, *procedure; /* 8 bytes */
	const uint8_t *ccin;		    /* 4 bytes */
	const uint8_t *serial;		    /* 12 bytes */
};

struct event_part_id_fields event_part_id_decode(const struct event_part *part);

/* Decode a PE part. Fields that are cut are 0; *name is the remaining part. */
struct event_mtms event_part_pe_decode(const struct event_part *part,
				       struct cursor *name);

struct event_unit {
	uint8_t priority;
	uint32_t id;
};

/* Decode an MR part into units[max]. Return the number of units stored, which is at most
 * the number that the part reports. */
size_t event_part_mr_decode(const struct event_part *part, struct event_unit *units,
			    size_t max);
