/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connector_json.h - documents of the schema papr.lsslot/1, and what all connectors in
 * them have
 */
#pragma once

#include "cli/json_util.h"
#include "libdrmgr/types/pci/slot_list.h"

/* Schema and type: what a list of connectors can be put behind. */
json_object *connectors_head(const char *type);

#define CONNECTORS_KEY "connectors"

/* numa_score of numa_score.h; numa_node of affinity.h. */
void connectors_put_score(json_object *head, int score);
void connector_put_numa_node(json_object *object, uint32_t node);

/* A document without any, printed. */
void connectors_print_none(const char *type);

struct connector_entry {
	const char *type;
	const struct connector *c; /* NULL: none is known */
	uint32_t index;		   /* where c is NULL; 0: none either */
	const char *description, *loc_code;
	enum slot_state state;
};

/* devices is taken over: an array, NULL for one without any. */
json_object *connector_object(const struct connector_entry *entry, json_object *devices);

/* An array of one device: a node that Linux knows by this name, or NULL. */
json_object *connector_device(const char *node, const char *linux_name);
/* Appends one to an array. */
void connector_add_device(json_object *devices, const char *node, const char *linux_name,
			  const char *driver);
