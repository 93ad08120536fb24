/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * numa.h - choose the LMBs to remove: first those of NUMA nodes that need memory least
 *
 * Nodes without processors are first, each in proportion to its memory. Nodes with
 * processors follow. Their remaining memory is distributed by processors (nine parts) and
 * by memory (one part), so a node with few processors loses most. Memory without a node
 * is last. Within a node the highest address is first.
 *
 * Shares are whole LMBs: the largest remainders are rounded up, so that the sum is
 * exactly the requested number. LMBs that could not be removed do not count any more, and
 * the remaining number is distributed again.
 *
 * Errors:  negative errno.
 */
#pragma once

#include "base/mem.h"
#include "libdrmgr/numa/affinity.h"

/* Linux has a folder nodeN for each node here. */
#define NUMA_NODE_DIR "sys/devices/system/node"

struct numa_node {
	uint32_t id;
	uint64_t cpus; /* that Linux has there */
};

/* An LMB that may be removed, in the order of the table. */
struct numa_lmb {
	uint32_t node; /* or AFFINITY_NO_NODE */
	bool is_tried;
};

struct numa {
	struct numa_node *nodes; /* by id */
	size_t n_nodes;
};

/* Read Linux's nodes. Return 0. -ENOENT: this kernel has no nodes. */
int numa_read(struct numa *numa, struct mem *m, const struct kern_root *root);

/* Choose at most count indexes of lmbs[] to remove next, in this order. *n_places is 0 if
 * all LMBs were tried; otherwise another call may find more. Return 0 or -ENOMEM. */
int numa_next(const struct numa *numa, const struct numa_lmb *lmbs, size_t n,
	      size_t count, size_t *places, size_t *n_places);
