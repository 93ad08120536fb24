/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * phandles.h - which node of the live device tree has which phandle
 *
 * The one that counts is what firmware calls the node by: "ibm,phandle", and only where
 * that is missing "linux,phandle".
 *
 * Memory:  struct phandles owns everything; phandles_free() accepts a zeroed one.
 */
#pragma once

#include "libdrmgr/core/number_map.h"
#include "kern/root.h"

struct phandles {
	struct number_map map; /* to places in nodes */
	struct kern_names nodes;
};

/* The whole tree. 0, -ENOMEM, -ENOENT there is none. Free in any case. */
int phandles_read(struct phandles *p, const struct kern_root *root);
void phandles_free(struct phandles *p);

/* The path of the node; NULL: none has, or had, this phandle. */
const char *phandles_find(const struct phandles *p, uint32_t phandle);
