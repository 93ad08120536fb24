/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree.h - device trees in replies, made comparable
 *
 * A tree is a JSON object: path -> { property: hex }.
 */
#pragma once
#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

/* The steps of a walk become { nodes, end: status, layout: what was odd }. */
void tree_of_walk(json_object *reply);

/* "fdt" and "fdt_nodes" of a CAS; where something was recorded, reduced to as much. */
void tree_prepare(json_object *reply, json_object *recorded);

/* Sorts the entries of ibm,drc-* of a node by index. */
void tree_sort_drcs(json_object *props);
/* The value of one property, if it is one of these. */
void tree_sort_drc_value(const char *name, uint8_t *bytes, size_t len);
