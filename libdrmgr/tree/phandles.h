/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * phandles.h - a map from phandles to nodes of the live device tree
 *
 * Firmware's number of a node is "ibm,phandle"; if that is missing, "linux,phandle".
 *
 * Memory:  struct phandles owns everything; phandles_free() accepts a zeroed one.
 */
#pragma once

#include "libdrmgr/core/number_map.h"
#include "kern/root.h"

struct phandles {
	struct mem mem;
	struct number_map map;
	const char **nodes;
	size_t n;
};

/* Read the whole tree. Return 0, or -ENOENT if there is no tree. The caller
 * frees *p in any case. */
int phandles_read(struct phandles *p, const struct kern_root *root);
void phandles_free(struct phandles *p);

/* Return the path of the node with this phandle, or NULL. */
const char *phandles_find(const struct phandles *p, uint32_t phandle);
