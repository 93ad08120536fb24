/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slot_place.h - the bus of a connector's functions, and its slot if there is one
 *
 * A host bridge and a logical slot are buses, which are removed with the slot and not
 * before.
 *
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "kern/pci.h"
#include "kern/slots.h"

struct place {
	const struct connector *c;
	struct mem *mem;
	const char *node;
	char bus[PCI_NAME_MAX];
	struct slot_ref slot;
	bool has_slot, is_bus;
	bool was_powered_off;
	struct place_function *before; /* the functions that were removed */
	size_t n_before;
};

/* A function as it was before its removal. */
struct place_function {
	const char *node;
	char driver[64]; /* empty without a driver, and in a recovery */
};

/* Return a new place. The caller checks the memory before it uses it. */
struct place *place_new(struct mem *m, const struct connector *c, const char *node);

/* Find the bus, whose number may have changed since, and the slot. A place may have
 * neither. Set xact.error. */
int place_find_bus(struct xact *x, struct place *place);

/* Return the node of the bus. */
const char *place_bus_node(const struct place *place);

/* Have the bus scanned, if Linux has it. */
int place_rescan(struct xact *x, const struct place *place);
