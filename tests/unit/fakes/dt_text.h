/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dt_text.h - a flattened tree as text, to compare two trees
 *
 * Nodes and properties in their order, one a line; long values as their length and a
 * checksum. The lists of connectors are sorted, because their order is not defined, and
 * their runs are folded. Random values are omitted.
 */
#pragma once

#include <stddef.h>

/* Return an allocated text, or NULL for an invalid tree. */
char *dt_text(const void *fdt, size_t size);
