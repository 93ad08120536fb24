/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_names.h - duplicate names in a flattened tree
 *
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

/* Return a short text if two children or two properties of this node have the same name,
 * else NULL. names must have room for as many entries as a node has children, or
 * properties. */
const char *fdt_names_twins(const void *fdt, int node, const char **names);
