// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/numa/numa_score.h"

int numa_tally_score(const struct numa_tally *t)
{
	return t->n ? (int)(100 * (t->n - t->bad) / t->n) : NUMA_SCORE_NONE;
}
