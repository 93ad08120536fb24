/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lmb_ops.h - an LMB is taken into use, or given back, without the kernel's help
 *
 * Where there is no /sys/kernel/dlpar, or it is not to be used: the connector is acquired,
 * firmware asked where the memory is, the device tree told, and Linux's memory blocks are
 * taken into use, in this order; a removal begins with the blocks. Each step has its
 * inverse, which looks first: what Linux has in use is never taken from below it.
 *
 * Linux 6.1 keeps a table of its own that it does not compare with the property, and
 * leaves blocks that are out of use where they are. So a block that is there already is not asked for again.
 *
 * Errors:  negative errno and xact.error.
 * Source:  PAPR+ 13.7; what Linux 6.1 does with such writes was tried in a guest
 */
#pragma once

#include "libdrmgr/types/mem/lmb_list.h"
#include "libdrmgr/core/xact.h"

struct lmb_place {
	const struct connector *c;
	uint64_t address; /* of one that is only a connector: not known yet */
	uint64_t bytes;
	bool is_dynamic;  /* the property has it; else it is a node of its own */
	const char *node; /* of one that is to go; NULL: it has none */
};

/* Transactions of the caller's. */
int lmb_ops_add(struct xact *x, const struct lmb_place *lmb);
int lmb_ops_remove(struct xact *x, const struct lmb_place *lmb);
