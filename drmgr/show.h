/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.h - print the connectors of a type as a table or as a document, for lsslot and for
 * drmgr's queries
 */
#pragma once

#include "cli/json_util.h"
#include "libdrmgr/core/context.h"

struct show {
	const char *type;
	const char *key; /* NULL: all */
	char delimiter;	 /* '\0': columns under a heading */
	bool json;
	const struct json_sink
		*sink; /* with json: receives the connectors; NULL: print on stdout */
	bool available, occupied;
	bool with_caches, caches; /* of processors: in the table, or instead of it */
	int detail;
	struct dr_error *error; /* receives why the key names no connector */
};

/* Print the connectors. Return 0, -ENODEV if the machine has none, -ENOENT or -ENOTUNIQ if
 * the key names none or several, or another negative errno. A document is printed in any
 * case. */
typedef int show_fn(const struct show *show, const struct dr_ctx *dr);

struct show_type {
	const char *name;
	show_fn *fn;
	const char *refused; /* letters of options that are invalid for this type */
	/* Letters of options that exclude each other; NULL: none. */
	const char *exclusive;
	const char *none; /* message for -ENODEV, with line ends */
	bool none_is_error;
	const char *unknown; /* message for -ENOENT */
};

/* Return the type with this name, or NULL. */
const struct show_type *show_type_find(const char *name);

show_fn show_slots, show_ports, show_phbs, show_cpus, show_memory, show_nothing;
