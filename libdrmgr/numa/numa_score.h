/* SPDX-License-Identifier: LGPL-2.1-or-later */
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

#include <stdint.h>

/* There is nothing to compare. */
enum { NUMA_SCORE_NONE = -1 };

/* Threads or memory blocks whose node both sides report. */
struct numa_tally {
	uint64_t n;
	uint64_t bad; /* those whose nodes differ */
};

/* Return the score, or NUMA_SCORE_NONE. */
int numa_tally_score(const struct numa_tally *t);
