/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_v6.h - sections of an event log of version 6 that both ends use
 *
 * Shape:   each section has the header of event.h and then
 *          PH be32 date, be32 time, 8 reserved, u8 creator, 2 reserved, u8 sections, 4
 *             reserved, 8 bytes creator's subsystem, be32 log id, be32 entry id
 *          UH u8 subsystem, u8 data, u8 severity, u8 type, 6 reserved, be16 action, 4
 *             reserved
 *          MT 8 bytes model, 12 bytes serial number
 * Memory:  pointers point into the section.
 * Errors:  negative errno; -EBADMSG a section shorter than its shape. A length field that
 *          exceeds the remaining bytes is cut to them.
 * Source:  PAPR+ 10.3.2.2
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/event.h"

struct event_ph {
	uint32_t date, time;
	uint8_t creator;
	uint8_t sections; /* number of sections that PH reports */
	uint32_t plid;
};

struct event_uh {
	uint8_t subsystem, data, severity, type;
	uint16_t action;
};

enum { EVENT_DUMP_NAME_MAX_BYTES = 40 };

/* Padded with blanks or NULs; no NUL if a field is full. */
struct event_mtms {
	uint8_t model[8], serial[12];
};

/* Decode a section. Return 0, or -EBADMSG; all fields are then 0. */
int event_ph_decode(struct event_ph *out, const struct event_section *s);
int event_uh_decode(struct event_uh *out, const struct event_section *s);

/* Read the 20 bytes from c. If they do not fit, all fields are 0 and c has its error
 * set. */
struct event_mtms event_mtms_decode(struct cursor *c);

/* Replace the name in the dump section of len bytes. Return the new length of the name, a
 * multiple of 4. If the name does not fit, return -ENAMETOOLONG and change nothing. */
int event_dump_rename(uint8_t *section, size_t len, const char *name);
