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

/* The slots to show: only the one named key (NULL: all), and by occupancy. */
struct slot_filter {
	const char *key;
	bool hide_empty, hide_occupied;
	bool with_drivers; /* at the cost of a read for each device */
};

/* List the PCI hot-plug slots. Return 0; -ENODEV: the machine has none; -ENOENT: none has
 * this key. */
int slot_list_pci(struct slot_list *list, const struct dr_ctx *dr,
		  const struct slot_filter *filter);

/* List the logical slots: PCI slots of type SLOT and virtual I/O. Same errors. */
int slot_list_logical(struct slot_list *list, const struct dr_ctx *dr,
		      const struct slot_filter *filter);

/* Remove all rows except that of one connector. */
void slot_list_keep(struct slot_list *list, const struct connector *c);

void slot_list_free(struct slot_list *list);

/* Return "empty", "no-device" and the like. */
const char *slot_state_name(enum slot_state state);

/* Return the meaning of a DRC type: "PCI-E capable, Rev 2, 8x lanes". */
const char *slot_description(const char *drc_type);

/* Compare location codes like strcmp(): parts between '-' by their letter, by their
 * hexadecimal number, then by the text after a '/' or '.'. */
int slot_compare_names(const char *a, const char *b);
