/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * show.h - connectors of each type, as tables or as documents: what lsslot is for, and
 * drmgr's queries
 */
#pragma once

#include "cli/json_util.h"
#include "libdrmgr/core/context.h"

struct show {
	const char *type;
	const char *key; /* NULL: all of them */
	char delimiter;	 /* '\0': columns under a heading */
	bool json;
	const struct json_sink
		*sink; /* with json: who takes the connectors; NULL: stdout */
	bool available, occupied;
	bool with_caches, caches; /* of processors: beside them, alone */
	int detail;
};

/* Prints. 0; -ENODEV there are none at all, -ENOENT none is the one that is asked for;
 * other negative errno. A document is printed in any case. */
typedef int show_fn(const struct show *show, const struct dr_ctx *dr);

struct show_type {
	const char *name;
	show_fn *fn;
	const char *refused;   /* letters of options that mean nothing here */
	const char *exclusive; /* and of those that do not go together; NULL: none */
	const char *none;      /* what -ENODEV is to people, with line ends */
	bool none_is_error;
	const char *unknown; /* and -ENOENT */
};

/* NULL: there is no such type. */
const struct show_type *show_type_find(const char *name);

show_fn show_slots, show_ports, show_phbs, show_cpus, show_memory, show_nothing;
