/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_hp.h - the hot-plug section of an event log
 *
 * Shape:   20 bytes, more with a name. A section header (be16 id 0x4850 "HP", be16
 *          length, u8 version, u8 subtype, be16 component), then u8 type, u8 action, u8
 *          kind of identifier, u8 flags. The identifier follows: be32 index, be32 count,
 *          be32 count and be32 index, or a NUL-terminated name. With HP_HAS_TOKEN the
 *          last 4 bytes of the section are a token.
 * Memory:  a decoded name points into the section.
 * Errors:  negative errno; -EBADMSG a section that is cut or of another kind.
 * Source:  PAPR+ 10.3.2.2.17, QEMU 7.2 logs
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"

enum hp_type {
	HP_CPU = 1,
	HP_MEMORY = 2,
	HP_SLOT = 3,
	HP_PHB = 4,
	HP_PCI = 5,
	HP_PMEM = 6,
};

enum hp_action { HP_ADD = 1, HP_REMOVE = 2 };

enum hp_id { HP_NAME = 1, HP_INDEX = 2, HP_COUNT = 3, HP_COUNT_INDEXED = 4 };

enum hp_flags { HP_HAS_TOKEN = 0x80, HP_WHAT_CAN_BE_HAD = 0x40 };

enum { HP_SECTION_ID = 0x4850, HP_SECTION_BYTES = 0x14 };

struct hp_section {
	uint8_t type;	/* enum hp_type, or what firmware sent */
	uint8_t action; /* enum hp_action, or what firmware sent */
	uint8_t id;	/* enum hp_id */
	uint8_t flags;	/* enum hp_flags */
	uint32_t index, count, token;
	const char *name;
};

/* Append the section with its header. */
void hp_section_encode(struct builder *b, const struct hp_section *hp);

/* Decode a section of at most len bytes. Return 0 or -EBADMSG. If the kind of identifier
 * is unknown, index, count and name are 0. */
int hp_section_decode(struct hp_section *hp, const void *section, size_t len);
