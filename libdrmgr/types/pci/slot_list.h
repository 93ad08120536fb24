/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_list.h - what lsslot shows: slots with what is in them, sorted by location
 *
 * Read from the device tree and sysfs alone: no call into firmware, no lock.
 *
 * Memory:  struct slot_list owns everything.
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "kern/pci.h"

enum slot_state {
	SLOT_STATE_EMPTY,     /* no node */
	SLOT_STATE_NO_DEVICE, /* a node, but Linux has no device for it */
	SLOT_STATE_CONFIGURED,
	SLOT_STATE_OWNED, /* of what is no slot: it is ours, or not */
	SLOT_STATE_NOT_OWNED,
	SLOT_STATE_RESERVED, /* memory that can neither come nor go */
};

struct slot_device {
	const struct occupant *occupant;
	char *name;	  /* the node's "name", NULL without */
	char *linux_name; /* address of the function or name of the device, NULL without */
	char driver[64];  /* empty without, or not read */
};

struct slot_row {
	const struct connector *c;
	const char *description;
	enum slot_state state;
	struct slot_device *devices;
	size_t n;
};

struct slot_list {
	struct connectors connectors;
	struct slot_row *rows;
	size_t n;
};

/* What to show: key NULL for all (else only that name), and which slots by occupancy. */
struct slot_filter {
	const char *key;
	bool hide_empty, hide_occupied;
	bool with_drivers; /* at the price of a look at each device */
};

/* PCI hot-plug slots. 0; -ENODEV there are none at all, -ENOENT none has this key. */
int slot_list_pci(struct slot_list *list, const struct dr_ctx *dr,
		  const struct slot_filter *filter);

/* Logical slots: PCI slots of type SLOT and virtual I/O. Same errors. */
int slot_list_logical(struct slot_list *list, const struct dr_ctx *dr,
		      const struct slot_filter *filter);

/* Drops all rows but that of one connector. */
void slot_list_keep(struct slot_list *list, const struct connector *c);

void slot_list_free(struct slot_list *list);

/* "empty", "no-device"... */
const char *slot_state_name(enum slot_state state);

/* What a DRC type says of a slot: "PCI-E capable, Rev 2, 8x lanes". */
const char *slot_description(const char *drc_type);

/* Order of location codes: parts between '-' by their letter, then their hexadecimal
 * number, then what follows a '/' or '.'. As strcmp(). */
int slot_compare_names(const char *a, const char *b);
