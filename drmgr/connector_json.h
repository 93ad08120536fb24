/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * connector_json.h - documents of the schema papr.lsslot/1, and the common part of their
 * connectors
 */
#pragma once

#include "cli/json_util.h"
#include "libdrmgr/types/pci/slot_list.h"

/* Return an object with schema and type, to which a list of connectors can be added. */
json_object *connectors_head(const char *type);

#define CONNECTORS_KEY "connectors"

/* Put numa_score of numa_score.h, or numa_node of affinity.h. */
void connectors_put_score(json_object *head, int score);
void connector_put_numa_node(json_object *object, uint32_t node);

/* Print a document without connectors. */
void connectors_print_none(const char *type);

struct connector_entry {
	const char *type;
	const struct connector *c; /* NULL: unknown */
	uint32_t index;		   /* if c is NULL; 0: unknown */
	const char *description, *loc_code;
	enum slot_state state;
};

/* Return the object of a connector. It owns devices, an array; NULL: no devices. */
json_object *connector_object(const struct connector_entry *entry, json_object *devices);

/* Return an array of one device: a node and its name in Linux, or NULL. */
json_object *connector_device(const char *node, const char *linux_name);
/* Append a device to an array. */
void connector_add_device(json_object *devices, const char *node, const char *linux_name,
			  const char *driver);
