/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mem_job.h - add or remove a number of LMBs, or one LMB
 *
 * The kernel handles each request as a whole or not at all, with every step of an LMB:
 * sensor, allocation, Linux's memory blocks; then it writes the device tree. A job finds beforehand what
 * cannot work, chooses the LMBs, splits the request, and verifies the results.
 *
 * A job is a list of batches. In an addition by quantity the kernel chooses the LMBs. A
 * removal chooses them by NUMA node (numa.h) if there are nodes. If an all-or-nothing
 * change needs more than one request, each request names its LMBs, so that any process
 * can undo it.
 *
 * Errors:  negative errno and x.error.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/hotplug-memory.c
 */
#pragma once

#include "libdrmgr/types/mem/mem_state.h"
#include "libdrmgr/numa/numa.h"
#include "libdrmgr/core/xact.h"
#include "kern/dlpar.h"

/* LMBs of one request. Signals and progress are handled between requests. */
enum { MEM_BATCH_MAX = 64 };

struct mem_job {
	struct xact x;
	struct mem_state state;
	bool add;
	bool is_kvm_guest;
	bool all_or_nothing;
	size_t wanted;
	size_t *done; /* indexes of LMBs, in order of time */
	size_t n_done;
	const char **left; /* if x.is_undo_incomplete: like dr_result.left */
	size_t n_left;

	bool by_count;		/* the kernel chooses */
	bool by_numa;		/* this process chooses, in turns */
	bool in_ranges;		/* neighbours are in one batch */
	bool is_stale;		/* the property does not show all LMBs that Linux has */
	bool has_unknown_needs; /* and that was said */
	uint64_t planned;	/* bytes that a dry run has removed */
	bool has_left;		/* some LMBs are is_left: the kernel must not choose */
	size_t *queue;		/* indexes of LMBs, in the order of their change */
	size_t n_queue, next;
	/* LMBs before this index are tried one by one, after their batch failed */
	size_t single_to;
	struct numa numa;
	/* Like state.lmbs; LMBs that cannot be removed count as tried. */
	struct numa_lmb *lmbs;
};

struct mem_batch {
	struct dlpar_request request;
	const size_t *places; /* LMBs; by count: those that the kernel normally chooses */
	size_t n;
	size_t n_done; /* the last so many of mem_job.done */
	struct dr_error error;
	bool is_refused; /* it was not made: neither are others */
	bool is_unseen;	 /* its result could not be read */
	bool is_retried; /* failed, but its LMBs or others will be tried */
};

/* Open a job. Return 0, -ENODEV or -EBADMSG. */
int mem_job_open(struct mem_job *job, struct mem *m, struct dr_ctx *dr, bool add);

/* Count the LMBs in this state, perhaps without those that an earlier run left incomplete. */
size_t mem_job_count(const struct mem_job *job, enum lmb_state state, bool with_left);

/* Find the LMB that "0x" and an index, or a name, means. Return 0 or -ENOENT. */
int mem_job_find(struct mem_job *job, const char *key, size_t *at);

/* Set the task of a job: one LMB, or a quantity. Return 0. -EINVAL: the LMB cannot be
 * added or removed. -ENOSPC: no LMB is available, or with all_or_nothing too few.
 * Nothing is changed. */
int mem_job_one(struct mem_job *job, size_t at);
int mem_job_quantity(struct mem_job *job, size_t wanted);

/* Refuse the removal of n LMBs, and of more that are not chosen yet, whose memory programs
 * need (DR_FAULT_NEEDED), unless dr.force_memory. LMBs that are offline take nothing.
 * Return 0 or -EBUSY. */
int mem_needs_check(struct mem_job *job, const size_t *places, size_t n, size_t more);
/* The same for all LMBs of the job, unless they are some of a quantity that may remain a part.
 * in_all: as lmbs_in_all of struct dr_request. */
int mem_job_check_sum(struct mem_job *job, bool is_named, uint64_t in_all);

/* Return 1 and the next batch in *batch. Return 0 at the end, or if a recovery must undo
 * something first; or -ENOMEM. */
int mem_job_next(struct mem_job *job, struct mem_batch *batch);

/* Make the request of a batch, or plan it. */
int mem_job_run(struct mem_job *job, struct mem_batch *batch);

/* End a job. If err is 0, all changes remain. Otherwise an all-or-nothing job is undone,
 * and state has the state of each LMB of job->done. Return err. */
int mem_job_end(struct mem_job *job, int err);
