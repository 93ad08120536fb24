/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inventory.h - the connectors of this machine, as lsslot's documents have them
 *
 * Memory:  struct inventory owns everything; pointers into it live as long.
 */
#pragma once

#include "drmgr/json_util.h"
#include "drmgr/model/context.h"

enum conn_type { CONN_PCI, CONN_SLOT, CONN_PHB, CONN_CPU, CONN_MEM, CONN_TYPES };

/* "pci", as drmgr's option -c has it, and "PCI". */
const char *conn_type_name(enum conn_type type);
const char *conn_type_title(enum conn_type type);

struct conn {
	enum conn_type type;
	uint32_t index; /* 0: it has none */
	char *name, *state, *location, *driver;
	char *devices;	/* what Linux calls them */
	uint64_t bytes; /* of memory */
	int64_t node;	/* NUMA; -1: none */
	size_t at;	/* place among those that were read */
};

struct inventory {
	struct conn *list; /* by type, each in lsslot's order */
	size_t n;
	bool is_sensed; /* firmware told which empty slots hold a card */
};

/* What lsslot says, and of empty PCI slots what the sensor says if firmware can be called:
 * those that hold a card are "present". 0, -ENOMEM. Free in any case. */
int inventory_read(struct inventory *inv, const struct dr_ctx *dr);
void inventory_free(struct inventory *inv);

/* Each connector of a type as an object of schema papr.lsslot/1; key NULL: all of them. */
void inventory_each(const struct dr_ctx *dr, enum conn_type type, const char *key,
		    const struct json_sink *sink);

/* One of them, on its own: for conn_clear(). 0, -ENOMEM. */
int conn_fill(struct conn *c, const struct dr_ctx *dr, enum conn_type type,
	      json_object *object);
void conn_clear(struct conn *c);

/* Texts and numbers of such an object; "" and -1: it has none. */
const char *conn_text(json_object *object, const char *key);
int64_t conn_number(json_object *object, const char *key);
/* Of an "0x" text; 0: none. */
uint32_t conn_index(json_object *object);
