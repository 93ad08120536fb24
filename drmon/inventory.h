/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inventory.h - connectors of this machine, of all types
 *
 * Memory:  struct inventory owns everything. Pointers into it are valid as long as it is.
 */
#pragma once

#include "cli/types.h"

struct conn {
	const struct dr_type *type;
	uint32_t index; /* 0: none */
	char *name, *state, *location, *driver;
	char *devices;	/* names that Linux gives them */
	uint64_t bytes; /* size of memory */
	int64_t node;	/* NUMA node; -1: none */
	/* What a run left: "incomplete", or "waiting" while a process of it writes to the
	 * kernel; NULL: nothing. Shown instead of the state. */
	const char *left;
};

struct inventory {
	struct conn *list; /* by type, each in lsslot's order */
	size_t n;
	bool is_sensed; /* firmware reported which empty slots hold a card */
};

/* Read all connectors. If firmware can be called, read the sensors of empty PCI slots: a
 * slot that holds a card becomes "present". Return 0 or -ENOMEM. Free the inventory in
 * both cases. */
int inventory_read(struct inventory *inv, struct dr *dr);
void inventory_free(struct inventory *inv);

/* Return the next type with connectors; NULL: the first. NULL: there are no more. */
const struct dr_type *conn_type_next(const struct dr_type *type);

/* Fill in one connector; free it with conn_clear(). Return 0 or -ENOMEM. */
int conn_fill(struct conn *c, const struct dr_connector *connector);
void conn_clear(struct conn *c);
