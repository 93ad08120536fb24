/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * affinity.h - the NUMA nodes of processors and memory, from firmware's associativity
 * lists
 *
 * If nothing was negotiated, or the properties are damaged, every node is
 * AFFINITY_NO_NODE.
 *
 * Source:  PAPR+ C.6.2, B.6.4; Linux 6.1 arch/powerpc/mm/numa.c
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "base/mem.h"
#include "kern/prop.h"
#include "wire/assoc.h"

#define AFFINITY_NO_NODE UINT32_MAX

struct affinity {
	uint32_t depth;	 /* of the domains that are NUMA nodes; 0: no node is known */
	struct prop raw; /* has the bytes of arrays */
	struct assoc_arrays arrays;
};

/* Read the associativity properties. Warn of damaged ones. */
void affinity_read(struct affinity *a, struct mem *m, const struct dr_ctx *dr);

/* Return the NUMA node of a device-tree node, or AFFINITY_NO_NODE. */
uint32_t affinity_of_path(const struct affinity *a, const struct dr_ctx *dr,
			  const char *path);
/* Return the NUMA node of an LMB's associativity index, or AFFINITY_NO_NODE. */
uint32_t affinity_of_array(const struct affinity *a, uint32_t array);
