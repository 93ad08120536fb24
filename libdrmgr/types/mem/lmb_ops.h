/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lmb_ops.h - add or remove an LMB without the kernel's help
 *
 * For kernels without /sys/kernel/dlpar, or if it must not be used. An addition acquires
 * the connector, reads the associativity from firmware, changes the device tree, and sets
 * the memory blocks online, in this order. A removal begins with the blocks. Each step
 * has its inverse, which never removes memory that Linux uses.
 *
 * Linux 6.1 keeps a table of its own that it does not compare with the property, and does
 * not delete offline blocks. So an existing block is not probed again.
 *
 * Errors:  negative errno and xact.error.
 * Source:  PAPR+ 13.7; the effect of such writes was tested with Linux 6.1 in a guest
 */
#pragma once

#include "libdrmgr/types/mem/lmb_list.h"
#include "libdrmgr/core/xact.h"

struct lmb_place {
	const struct connector *c;
	uint64_t address; /* unknown if the LMB is only a connector */
	uint64_t bytes;
	bool is_dynamic;  /* the property lists it; else it has a node of its own */
	const char *node; /* remove: its node; NULL: none */
};

/* Add or remove an LMB in the caller's transaction. */
int lmb_ops_add(struct xact *x, const struct lmb_place *lmb);
int lmb_ops_remove(struct xact *x, const struct lmb_place *lmb);
