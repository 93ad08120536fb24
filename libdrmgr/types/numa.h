/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * numa.h - which memory goes first: that of NUMA nodes that need it least
 *
 * Nodes without processors give first, each in proportion to what it has. Then those with
 * processors: what stays is shared out among them by their processors (nine parts) and by
 * the memory they have (one part), so that a node of few processors gives most. Memory
 * that belongs to no node comes last. Within a node the highest goes first.
 *
 * Shares are whole LMBs: the largest remainders are rounded up, and add up to exactly what
 * was asked for. What could not be removed counts no more; the rest is shared out anew.
 *
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/types/affinity.h"

struct numa_node {
	uint32_t id;
	uint64_t cpus; /* that Linux has there */
};

/* An LMB that could go, in the order of the table. */
struct numa_lmb {
	uint32_t node; /* AFFINITY_NO_NODE */
	bool is_tried;
};

struct numa {
	struct numa_node *nodes; /* by id */
	size_t n_nodes;
};

/* Linux's nodes. 0, -ENOMEM; -ENOENT this kernel has none. */
int numa_read(struct numa *numa, const struct kern_root *root);
void numa_free(struct numa *numa);

/* At most count places of lmbs[] that are to go next, in that order; 0 of them: all were
 * tried. There may be more in another turn. *n_places of places[count]. 0, -ENOMEM. */
int numa_next(const struct numa *numa, const struct numa_lmb *lmbs, size_t n,
	      size_t count, size_t *places, size_t *n_places);
