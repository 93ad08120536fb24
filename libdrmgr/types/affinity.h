/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * affinity.h - the NUMA node of processors and memory, as firmware tells it
 *
 * Where nothing was negotiated, or what there is makes no sense, no node is known.
 *
 * Source:  PAPR+ C.6.2, B.6.4; Linux 6.1 arch/powerpc/mm/numa.c
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "kern/prop.h"
#include "wire/assoc.h"

#define AFFINITY_NO_NODE UINT32_MAX

struct affinity {
	uint32_t depth;	 /* of the domains that are nodes; 0: none is known */
	struct prop raw; /* what arrays points into */
	struct assoc_arrays arrays;
};

/* Damaged properties get a warning. */
void affinity_read(struct affinity *a, const struct dr_ctx *dr);
void affinity_free(struct affinity *a);

/* Node of what is at a path of the tree; AFFINITY_NO_NODE. */
uint32_t affinity_of_path(const struct affinity *a, const struct dr_ctx *dr,
			  const char *path);
/* Node of an LMB by its index into the arrays; AFFINITY_NO_NODE. */
uint32_t affinity_of_array(const struct affinity *a, uint32_t array);
