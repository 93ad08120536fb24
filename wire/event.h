/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event.h - event logs: fixed part, extended log of version 6 and its sections
 *
 * Contents of the sections: event_v6.h, event_src.h, event_hp.h. librtas/ev_sections.inc
 * has all fields, and those of older versions.
 *
 * Shape:   be32 summary (version, severity, disposition, extended log present, initiator,
 *          target, type), be32 length of the extended log. That one has a 16-byte header
 *          ("IBM" at 12), then sections. A section has a header of be16 id, be16 length
 *          (header included), u8 version, u8 subtype, be16 component. The first two
 *          sections are "PH" (who made the log, and when) and "UH" (its subject):
 *          PH be32 date, be32 time, 8 reserved, u8 creator, 2 reserved, u8 sections, 4
 *             reserved, 8 bytes creator's subsystem, be32 log id, be32 entry id
 *          UH u8 subsystem, u8 data, u8 severity, u8 type, 6 reserved, be16 action, 4
 *             reserved
 * Units:   date and time are BCD: YYYYMMDD, HHMMSS00.
 * Memory:  a section that is found points into the log.
 * Errors:  negative errno; -EBADMSG a log that is cut or of another kind.
 * Source:  PAPR+ 10.2.1, 10.3.2; QEMU 7.2 logs
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"
#include "wire/cursor.h"

enum {
	EVENT_FIXED_BYTES = 8,
	EVENT_EXTENDED_BYTES = 12,
	EVENT_MAX_BYTES = 2048, /* "rtas-error-log-max" */
	EVENT_SECTION_HEAD_BYTES = 8,
};

/* The fixed part, with which every log begins. */
struct event_fixed {
	uint8_t version, severity, disposition, initiator, target, type;
	bool extended;
	uint32_t length; /* bytes that follow; in a PRRN event the scope of the update */
};

/* Decode the fixed part. Return 0, or -EBADMSG for fewer than EVENT_FIXED_BYTES. The
 * length is not checked. */
int event_fixed_decode(struct event_fixed *out, const void *bytes, size_t len);

/* Return true if this log of version 6 has the company "IBM": only then are the section
 * ids known. */
bool event_is_ibm(const void *bytes, size_t len);

/* Fields of the summary. */
enum event_severity { EVENT_SEVERITY_EVENT = 1 };
enum event_disposition { EVENT_RECOVERED = 0, EVENT_NOT_RECOVERED = 2 };
enum event_initiator { EVENT_BY_UNKNOWN = 0, EVENT_BY_HOT_PLUG = 6 };
enum event_type {
	EVENT_TYPE_EPOW = 0x40,
	EVENT_TYPE_PRRN = 0xa0,
	EVENT_TYPE_HOT_PLUG = 0xe5,
};

enum event_subsystem { EVENT_SUBSYSTEM_HOT_PLUG = 0x80, EVENT_SUBSYSTEM_EPOW = 0xa0 };
enum { EVENT_SUBTYPE_NORMAL_SHUTDOWN = 0xd0 };
enum { EVENT_CREATOR_HYPERVISOR = 'H' };

enum event_section_id {
	EVENT_SECTION_PH = 0x5048,
	EVENT_SECTION_UH = 0x5548,
	EVENT_SECTION_EPOW = 0x4550,
	EVENT_SECTION_HOT_PLUG = 0x4850,    /* see event_hp.h */
	EVENT_SECTION_PRIMARY_SRC = 0x5053, /* this and the next: event_src.h */
	EVENT_SECTION_SECONDARY_SRC = 0x5353,
	EVENT_SECTION_IO = 0x4945, /* this and the next three: event_v6.h */
	EVENT_SECTION_DUMP = 0x4448,
	EVENT_SECTION_LRI = 0x4c52,
	EVENT_SECTION_MT = 0x4d54,
};

struct event_log {
	uint8_t severity, disposition, initiator, target, type;

	uint32_t date, time; /* this and the next two: PH */
	uint8_t creator;
	uint32_t plid;				    /* platform log id */
	uint8_t subsystem, event_severity, subtype; /* UH */
};

/* Append a log of version 6 with PH, UH and this section, which must be complete. */
void event_log_encode(struct builder *b, const struct event_log *log, const void *section,
		      size_t len);

/* One section of an extended log. */
struct event_section {
	uint16_t id, component;
	uint8_t version, subtype;
	size_t len;
	const uint8_t *bytes; /* len bytes, header included */
};

struct event_section_iter {
	struct cursor c;
};

/* Begin to read the sections. Return 0 or -EBADMSG. A log without extended log of version
 * 6 has no sections. */
int event_sections_begin(struct event_section_iter *it, const void *bytes, size_t len);
/* Read the next section into *out. Return 1, 0 at the end, or -EBADMSG if the section is
 * cut or its length is invalid. After an error the iterator does not move. */
int event_sections_next(struct event_section_iter *it, struct event_section *out);
/* Read all remaining bytes as one section, whatever length its header has. Return 1, or 0
 * if fewer bytes than a header remain. */
int event_sections_rest(struct event_section_iter *it, struct event_section *out);

/* Return the part of a section after its header. */
struct cursor event_section_body(const struct event_section *s);

/* An EPOW section (PAPR+ 10.3.2.2.8), for example a request to shut down. Firmware may
 * omit the last bytes of the reason; they are then 0. */
struct epow_section {
	uint8_t sensor;	   /* value 4 bits, action 4: 3 system shutdown, ... */
	uint8_t modifier;  /* 1 normal, 2 loss of utility power, ... */
	uint8_t extension; /* 1 this partition only */
	uint8_t reason[8];
};

enum { EPOW_SYSTEM_SHUTDOWN = 3, EPOW_NORMAL = 1, EPOW_PARTITION = 1 };
enum { EPOW_SECTION_BYTES = 0x14 };

void epow_section_encode(struct builder *b, const struct epow_section *epow);
int epow_section_decode(struct epow_section *epow, const void *section, size_t len);
