/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dt_text.h - a flattened tree as text in which two trees can be compared
 *
 * Nodes and properties in their order, one a line; long values by their length and a
 * checksum. The lists of connectors are sorted, for a machine may give them in any
 * order, and their runs are folded. Left out: what is random.
 */
#pragma once

#include <stddef.h>

/* Allocated; NULL: no tree. */
char *dt_text(const void *fdt, size_t size);
