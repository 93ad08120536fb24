/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot_list.h - the rows of lsslot: slots and their devices, sorted by location
 *
 * Read only from the device tree and sysfs: no call into firmware, no lock.
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
	/* For resources without a slot: this partition owns it, or not. */
	SLOT_STATE_OWNED,
	SLOT_STATE_NOT_OWNED,
	SLOT_STATE_RESERVED, /* memory that can be neither added nor removed */
};

struct slot_device {
	const struct occupant *occupant;
	char *name;	  /* the node's "name"; NULL: none */
	char *linux_name; /* address of the function or name of the device; NULL: none */
	char driver[64];  /* empty: none, or not read */
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

/* Which slots to list: the one that a key names (core/resolve.h), or with key NULL all, by
 * occupancy. */
struct slot_filter {
	const char *key;
	bool hide_empty, hide_occupied;
	bool with_drivers; /* which takes a read for each device */
};

/* List PCI hot-plug slots. Return 0, -ENODEV if the machine has none, -ENOENT or -ENOTUNIQ
 * if the key names none or several, or -ENOMEM; and *error. */
int slot_list_pci(struct slot_list *list, const struct dr_ctx *dr,
		  const struct slot_filter *filter, struct dr_error *error);

/* List logical slots: PCI slots of type SLOT, and virtual I/O. Errors as above. */
int slot_list_logical(struct slot_list *list, const struct dr_ctx *dr,
		      const struct slot_filter *filter, struct dr_error *error);

void slot_list_free(struct slot_list *list);

/* Return "empty", "no-device" and the like. */
const char *slot_state_name(enum slot_state state);

/* Return the meaning of a DRC type: "PCI-E capable, Rev 2, 8x lanes". */
const char *slot_description(const char *drc_type);

/* Compare location codes like strcmp(): parts between '-' by their letter, by their
 * hexadecimal number, then by the text after a '/' or '.'. */
int slot_compare_names(const char *a, const char *b);
