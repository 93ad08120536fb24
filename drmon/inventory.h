/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inventory.h - connectors of this machine, from lsslot's documents
 *
 * Memory:  struct inventory owns everything. Pointers into it are valid as long as it is.
 */
#pragma once

#include "cli/json_util.h"
#include "libdrmgr/core/context.h"

enum conn_type { CONN_PCI, CONN_SLOT, CONN_PHB, CONN_CPU, CONN_MEM, CONN_TYPES };

/* Return the name for drmgr's option -c ("pci"), and the title ("PCI"). */
const char *conn_type_name(enum conn_type type);
const char *conn_type_title(enum conn_type type);

struct conn {
	enum conn_type type;
	uint32_t index; /* 0: none */
	char *name, *state, *location, *driver;
	char *devices;	/* names that Linux gives them */
	uint64_t bytes; /* size of memory */
	int64_t node;	/* NUMA node; -1: none */
	size_t at;	/* position in lsslot's order */
};

struct inventory {
	struct conn *list; /* by type, each in lsslot's order */
	size_t n;
	bool is_sensed; /* firmware reported which empty slots hold a card */
};

/* Read all connectors. If firmware can be called, read the sensors of empty PCI slots: a
 * slot that holds a card becomes "present". Return 0 or -ENOMEM. Free the inventory in
 * both cases. */
int inventory_read(struct inventory *inv, const struct dr_ctx *dr);
void inventory_free(struct inventory *inv);

/* Pass each connector of a type to the sink, as an object of schema papr.lsslot/1. key
 * NULL: all of them. */
void inventory_each(const struct dr_ctx *dr, enum conn_type type, const char *key,
		    const struct json_sink *sink);

/* Fill in one connector; free it with conn_clear(). Return 0 or -ENOMEM. */
int conn_fill(struct conn *c, const struct dr_ctx *dr, enum conn_type type,
	      json_object *object);
void conn_clear(struct conn *c);

/* Return a text or number of such an object; "" or -1 if it is missing. */
const char *conn_text(json_object *object, const char *key);
int64_t conn_number(json_object *object, const char *key);
/* Return the index from its "0x" text; 0: none. */
uint32_t conn_index(json_object *object);
