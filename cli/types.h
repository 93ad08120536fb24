/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * types.h - what the commands know of each connector type
 *
 * The library describes the types (dr_type_get_title()). A type without a row has no traits,
 * and the defaults of all texts.
 */
#pragma once

#include "libdrmgr/drmgr.h"

enum type_trait {
	TYPE_CARDS = 1 << 0, /* PCI slots: prompts, an indicator, a sensor of cards */
	TYPE_LOGICAL_SLOTS = 1 << 1,
	TYPE_BRIDGES = 1 << 2,
	TYPE_CORES = 1 << 3,
	TYPE_MEMORY = 1 << 4,
	TYPE_PORTS = 1 << 5,
	TYPE_CREDITS = 1 << 6,
	TYPE_HIBERNATION = 1 << 7,
	TYPE_MIGRATION = 1 << 8,
	TYPE_SLOTS = TYPE_CARDS | TYPE_LOGICAL_SLOTS,
	TYPE_LOGICAL = TYPE_LOGICAL_SLOTS | TYPE_BRIDGES, /* their own exit statuses */
	TYPE_SHARES = TYPE_CORES | TYPE_MEMORY, /* of the hypervisor's resources */
	TYPE_MOBILITY = TYPE_HIBERNATION | TYPE_MIGRATION,
};

struct type_row {
	const char *word; /* of -c */
	unsigned int traits;
	uint32_t event;	     /* RTAS_HP_TYPE_*; 0: none */
	const char *counted; /* what drmgr counts; NULL: "connectors" */
	const char *plural;  /* what drmon counts; NULL: the word */
	const char *
		examples; /* of --help: arguments of drmgr after -c TYPE, up to five lines */
	const char *refused; /* letters of lsslot's options; NULL: all if it is listed */
	const char *qemu, *hmc; /* commands that add a resource; NULL: both are unknown */
};

/* Return the row of a type. type NULL or without a row: an empty one. */
const struct type_row *type_row(const struct dr_type *type);

/* Return true if the type has one of the traits. type NULL: it has none. */
bool type_is(const struct dr_type *type, unsigned int traits);

/* Return the type with a trait. */
const struct dr_type *type_with(enum type_trait trait);
