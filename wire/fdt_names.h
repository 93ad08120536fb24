/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_names.h - names of a flattened tree that collide
 *
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

/* What has one name twice in this node, in a few words; NULL: nothing has. names has
 * room for as many as any node has children, or properties. */
const char *fdt_names_twins(const void *fdt, int node, const char **names);
