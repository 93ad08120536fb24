/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * table.h - print the connectors of a type as text, for lsslot and for drmgr's queries
 *
 * The tables of the types that other tools list, too, are long-established: scripts parse
 * them. Any other type has a column for each member with a heading.
 */
#pragma once

#include "cli/types.h"

enum { TABLE_DETAIL_ALL = 4 };

struct table {
	const struct dr_type *type;
	const char *key; /* NULL: all */
	char delimiter;	 /* '\0': columns under a heading */
	bool available, occupied;
	bool all;		  /* every connector, also without a resource */
	bool sense;		  /* also what the host offers */
	bool with_caches, caches; /* of processors: in the table, or instead of it */
	int detail;
	enum dr_code code; /* an error that is known already, for the document */
	const char *message;
};

/* Set key. As in the peer, the number 0 means all memory. */
void table_set_key(struct table *table, const char *key);

/* Read the connectors, and print the table or, with json, the document. The document is
 * printed in any case. Return 0, or the negative errno of dr_list_new() or of the
 * list. */
int table_show(const struct table *table, struct dr *dr, bool json);

/* Return letters of options of lsslot that are invalid for a type. */
const char *table_refused_options(const struct dr_type *type);

/* Return true if a table of resources with nodes lists the connector: one with a node, or
 * any that the user asked for. */
bool table_lists(const struct table *table, const struct dr_connector *connector);

/* Return "yes" or "no"; "-": unknown. */
const char *table_offer(const struct dr_connector *connector);

/* The tables of types. */
typedef int table_fn(const struct table *table, struct dr_list *list);
table_fn table_print_slots, table_print_phbs, table_print_cpus, table_print_memory;
