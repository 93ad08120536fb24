/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slot_list.h - the rows of lsslot: slots and their devices, sorted by location
 *
 * Read only from the device tree and sysfs: no call into firmware, no lock.
 *
 * Memory:  that of the list.
 */
#pragma once

#include "libdrmgr/core/type.h"
#include "kern/pci.h"

struct slot_device {
	const struct occupant *occupant;
	const char *name; /* the node's "name"; NULL: none */
	const char *
		linux_name; /* address of the function or name of the device; NULL: none */
	char driver[64];    /* empty: none, or not read */
	const char **interfaces; /* and disks of the function; empty: not read */
	size_t n_interfaces;
};

struct slot_row {
	const struct connector *c;
	uint64_t key; /* of its name */
	const char *description;
	enum connector_state state;
	struct slot_device *devices;
	size_t n;
};

struct slot_list {
	struct connectors connectors;
	struct slot_row *rows;
	size_t n;
};

/* List PCI hot-plug slots: all, or the one that a key names (core/resolve.h). Drivers take
 * a read for each device. Return 0, -ENODEV if the machine has none, -ENOENT or -ENOTUNIQ
 * if the key names none or several; and *error. */
int slot_list_pci(struct slot_list *list, struct mem *m, const struct dr_ctx *dr,
		  const char *key, bool with_drivers, struct dr_error *error);

/* Return the meaning of a DRC type: "PCI-E capable, Rev 2, 8x lanes". */
const char *slot_description(const char *drc_type);

/* Compare location codes like strcmp(): parts between '-' by their letter, by their
 * hexadecimal number, then by the text after a '/' or '.'. */
int slot_compare_names(const char *a, const char *b);
/* Return a number of a simple name such as "C109", a letter and a number: two such names have
 * the order of their numbers. 0: it is not simple. */
uint64_t slot_name_key(const char *name);

/* The same lists for struct dr_type, and the members of their connectors. */
extern const struct dr_list_ops slot_list_pci_ops, slot_list_logical_ops;
extern const struct dr_member slot_members[];
