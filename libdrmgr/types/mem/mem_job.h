/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem_job.h - add or remove so many LMBs, or one
 *
 * The kernel does each request as a whole or not at all, and all of an LMB's: sensor,
 * allocation, Linux's memory blocks, the device tree. What is left to do here: to see
 * beforehand what cannot work, to choose, to ask in handy portions, and to look what came
 * of it.
 *
 * A job is a list of batches. An add by quantity leaves the choice to the kernel; a removal
 * chooses by NUMA node (numa.h) where there are some. When all or nothing is wanted, and
 * it is more than one request, each is one that names its LMBs, so that it can be undone,
 * also by another process.
 *
 * Where the kernel does none of it, or is not to, each LMB is a batch of its own, and the
 * steps are ours (lmb_ops.h); what does not come or go leaves its turn to the next one.
 *
 * Errors:  negative errno and x.error.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/hotplug-memory.c
 */
#pragma once

#include "libdrmgr/types/mem/mem_state.h"
#include "libdrmgr/types/numa.h"
#include "libdrmgr/core/xact.h"
#include "kern/dlpar.h"

/* LMBs of one request: -w, signals and progress are looked at in between. */
enum { MEM_BATCH_MAX = 64 };

struct mem_job {
	struct xact x;
	struct mem_state state;
	bool add;
	bool all_or_nothing;
	size_t wanted;
	size_t *done; /* places, in order of time */
	size_t n_done;
	struct kern_names left; /* if x.is_undo_incomplete: as dr_result.left */

	bool by_tree;	/* by ourselves */
	bool by_count;	/* the kernel chooses */
	bool by_numa;	/* we choose, in turns */
	bool in_ranges; /* neighbours go together */
	size_t *queue;	/* places, in the order in which they are to go */
	size_t n_queue, next;
	size_t single_to; /* up to here one by one: together they failed */
	struct numa numa;
	struct numa_lmb *lmbs; /* as state.lmbs: what is no candidate counts as tried */
};

struct mem_batch {
	struct dlpar_request request;
	const size_t
		*places; /* LMBs; by count those that the kernel takes if all is well */
	size_t n;
	size_t n_done; /* the last so many of mem_job.done */
	struct dr_error error;
	bool is_retried; /* failed, but they come again one by one, or others do */
};

/* By the name of a backend: "dlpar", "ofdt"; "auto": the first that this kernel has. */
int mem_choose_way(struct dr_ctx *dr, const char *backend, bool *by_tree,
		   struct dr_error *error);

/* 0, -ENODEV, -EBADMSG, -ENOMEM. Close in any case. */
int mem_job_open(struct mem_job *job, struct dr_ctx *dr, bool add);
void mem_job_close(struct mem_job *job);

/* The one LMB that "0x" and an index, or a name, stands for. -ENOENT. */
int mem_job_find(struct mem_job *job, const char *key, size_t *at);

/* What is to be done. -EINVAL the LMB cannot be added or removed; -ENOSPC there are not
 * enough, nothing was changed. */
int mem_job_one(struct mem_job *job, size_t at);
int mem_job_quantity(struct mem_job *job, size_t wanted);

/* 1: *batch is next. 0: no more, or something is left that a recovery must undo first.
 * -ENOMEM. */
int mem_job_next(struct mem_job *job, struct mem_batch *batch);

/* Makes the request, or plans it. */
int mem_job_run(struct mem_job *job, struct mem_batch *batch);

/* The end: err 0 all stays. Else, if all or nothing was wanted, all is undone: state tells
 * what became of job->done. Returns err. */
int mem_job_end(struct mem_job *job, int err);
