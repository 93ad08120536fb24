/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mem_score.h - the NUMA score of memory (numa/numa_score.h)
 */
#pragma once

#include "libdrmgr/numa/numa_score.h"
#include "libdrmgr/types/mem/lmb_list.h"

/* Compute the score. Return 0, or the error of reading the LMBs. */
int numa_score_memory(struct lmb_list *list, int *score);
