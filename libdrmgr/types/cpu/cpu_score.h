/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cpu_score.h - the NUMA score of processors (numa/numa_score.h)
 */
#pragma once

#include "libdrmgr/numa/numa_score.h"
#include "libdrmgr/types/cpu/cpu_list.h"

/* Compute the score. The list's NUMA nodes must have been read. Return 0 or -ENOMEM. */
int numa_score_cpus(const struct cpu_list *list, const struct dr_ctx *dr, int *score);
