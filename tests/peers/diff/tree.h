/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.h - prepare device trees in replies for a comparison
 *
 * A tree is a JSON object: path -> { property: hex }.
 */
#pragma once
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

/* Convert the steps of a configuration to { nodes, end: status, layout: odd places }. */
void tree_of_walk(json_object *reply);

/* "fdt" and "fdt_nodes" of a CAS, reduced to the recorded parts. */
void tree_prepare(json_object *reply, json_object *recorded);

/* Sort the entries of ibm,drc-* of a node by index. */
void tree_sort_drcs(json_object *props);
/* Sort the value of one property, if it is one of these. */
void tree_sort_drc_value(const char *name, uint8_t *bytes, size_t len);
