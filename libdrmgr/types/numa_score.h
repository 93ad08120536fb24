/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * numa_score.h - compare the NUMA nodes that Linux uses with those of firmware
 *
 * The score is a percentage, rounded down. It is less than 100 if the hypervisor moved
 * resources of a running system. It counts the threads of cores and the memory blocks of
 * LMBs whose node both sides report. A core counts with all its threads, by the node of
 * its first online thread.
 *
 * Source:  the peer's lparnumascore (its figures)
 */
#pragma once

#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/types/mem/lmb_list.h"

/* There is nothing to compare. */
enum { NUMA_SCORE_NONE = -1 };

/* Compute a score. The list's NUMA nodes must have been read. Return 0 or -ENOMEM. */
int numa_score_cpus(const struct cpu_list *list, const struct dr_ctx *dr, int *score);
int numa_score_memory(struct lmb_list *list, int *score);
