/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * numa_score.h - how much of what is owned Linux has in the NUMA node where firmware has it
 *
 * A percentage, rounded down; less than 100 after the hypervisor moved things under a
 * running system. Counted are the threads of cores, and the memory blocks of LMBs, of
 * which both sides name a node. Of cores: a core counts with all its threads, by its
 * first one that is online.
 *
 * Source:  the peer's lparnumascore (its figures)
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/types/mem/lmb_list.h"

/* There is nothing to be compared. */
enum { NUMA_SCORE_NONE = -1 };

/* The list's NUMA nodes must have been read. 0, -ENOMEM. */
int numa_score_cpus(const struct cpu_list *list, const struct dr_ctx *dr, int *score);
int numa_score_memory(struct lmb_list *list, int *score);
