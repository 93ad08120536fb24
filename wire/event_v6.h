/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_v6.h - the contents of the sections of an event log of version 6
 *
 * Shape:   each section has the header of event.h and then
 *          PH be32 date, be32 time, 8 reserved, u8 creator, 2 reserved, u8 sections, 4
 *             reserved, 8 bytes creator's subsystem, be32 log id, be32 entry id
 *          UH u8 subsystem, u8 data, u8 severity, u8 type, 6 reserved, be16 action, 4
 *             reserved
 *          IE u8 type, u8 length of RPC data, u8 scope, u8 subtype, be32 DRC index, data
 *          DH be32 dump id, u8 flags, 2 reserved, u8 length of name, be64 size, name
 *          LR u8 resource, u8 reserved, be16 capacity, be32 id, be32 low word of address
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
	uint8_t subsystem[8];
	uint32_t plid, entry;
};

struct event_uh {
	uint8_t subsystem, data, severity, type;
	uint16_t action;
};

enum { EVENT_IO_RPC_MAX_BYTES = 216 };

struct event_io {
	uint8_t type, scope, subtype;
	uint32_t drc_index;
	uint8_t rpc_len; /* at most EVENT_IO_RPC_MAX_BYTES */
	const uint8_t *rpc;
};

enum { EVENT_DUMP_NAME_MAX_BYTES = 40 };

struct event_dump {
	uint32_t id;
	bool at_console, binary_name, size_valid;
	uint64_t size;
	uint8_t name_len;  /* at most name_room */
	uint8_t name_room; /* at most EVENT_DUMP_NAME_MAX_BYTES */
	const uint8_t *name;
};

struct event_lri {
	uint8_t resource;
	uint16_t capacity; /* hundredths of a processor */
	uint32_t id;	   /* processor, DRC index, or the high word of an address */
	uint32_t low;	   /* of an address */
};

/* Padded with blanks or NULs; no NUL if a field is full. */
struct event_mtms {
	uint8_t model[8], serial[12];
};

/* Decode a section. Return 0, or -EBADMSG; all fields are then 0. */
int event_ph_decode(struct event_ph *out, const struct event_section *s);
int event_uh_decode(struct event_uh *out, const struct event_section *s);
int event_io_decode(struct event_io *out, const struct event_section *s);
int event_dump_decode(struct event_dump *out, const struct event_section *s);
int event_lri_decode(struct event_lri *out, const struct event_section *s);
int event_mt_decode(struct event_mtms *out, const struct event_section *s);

/* Read the 20 bytes from c. If they do not fit, all fields are 0 and c has its error
 * set. */
struct event_mtms event_mtms_decode(struct cursor *c);

/* Replace the name in the dump section of len bytes. Return the new length of the name, a
 * multiple of 4. If the name does not fit, return -ENAMETOOLONG and change nothing. */
int event_dump_rename(uint8_t *section, size_t len, const char *name);
