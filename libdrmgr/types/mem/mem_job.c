// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/mem/mem_job.h"
#include "libdrmgr/types/mem/mem_request.h"
#include "libdrmgr/core/platform.h"

/* ---- A job ---- */

static void mem_job_note_left(struct mem_job *job)
{
	const struct leftovers *ls = job->x.dr->leftovers;

	for (size_t i = 0; ls && ls->n && i < job->state.n; i++) {
		struct mem_lmb *lmb = &job->state.lmbs[i];

		lmb->is_left = leftovers_find_index(ls, lmb->drc_index) != NULL;
		job->has_left |= lmb->is_left;
	}
}

int mem_job_open(struct mem_job *job, struct mem *m, struct dr_ctx *dr, bool add)
{
	enum platform platform;
	int err;

	*job = (struct mem_job){ .add = add };
	xact_begin(&job->x, dr, m);
	err = platform_read(dr->root, &platform);
	job->is_kvm_guest = platform == PLATFORM_KVM_GUEST;
	if (!err)
		err = mem_state_read(&job->state, m, dr);
	if (!err)
		mem_job_note_left(job);
	if (!err) {
		job->queue = mem_array(m, job->state.n + 1, sizeof(*job->queue));
		job->done = mem_array(m, job->state.n + 1, sizeof(*job->done));
		err = mem_check(m);
	}
	if (err)
		dr_error_read(&job->x.error, dr->root, DR_FAULT_NO_SLOTS, err);
	return err;
}

size_t mem_job_count(const struct mem_job *job, enum lmb_state state, bool with_left)
{
	const struct mem_state *s = &job->state;
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++)
		n += s->lmbs[i].state == state && (with_left || !s->lmbs[i].is_left);
	return n;
}

static enum lmb_state mem_job_goal(const struct mem_job *job)
{
	return job->add ? LMB_OWNED : LMB_FREE;
}

/* Return true if the request has changed the LMB. One that it names may be as it must be before:
 * a part of a request that failed. */
static bool mem_job_has_changed(const struct mem_job *job, size_t at)
{
	const struct mem_lmb *lmb = &job->state.lmbs[at];

	return job->x.dr->dry_run ||
	       (lmb->state == mem_job_goal(job) &&
		!(job->by_count && lmb->before == mem_job_goal(job)));
}

/* Record the changed LMBs of a request: those that it names, or that the kernel normally
 * chooses, then others that it has chosen in their place. */
static size_t mem_job_note(struct mem_job *job, const struct mem_batch *b)
{
	size_t first = job->n_done, end = first + b->n;

	for (size_t i = 0; i < b->n && job->n_done < job->state.n; i++)
		if (mem_job_has_changed(job, b->places[i]))
			job->done[job->n_done++] = b->places[i];
	for (size_t i = 0; job->by_count && i < job->state.n && job->n_done < end; i++) {
		bool is_noted = !mem_job_has_changed(job, i);

		for (size_t k = first; !is_noted && k < job->n_done; k++)
			is_noted = job->done[k] == i;
		if (!is_noted)
			job->done[job->n_done++] = i;
	}
	return job->n_done - first;
}

/* Read the device tree again, until the deadline of a fact if it cannot be read. */
static int mem_job_look(struct mem_job *job)
{
	struct deadline dl = deadline_in_ms(DR_FACT_MS);
	int pause = 0, err;

	do {
		err = mem_state_refresh(&job->state);
		pause = deadline_backoff_ms(pause);
	} while (kern_read_failure(err) && xact_pause(&job->x, &dl, pause));
	return err;
}

/* The kernel may have changed the memory, and not the property. */
static int mem_job_correct(struct mem_job *job, const struct mem_batch *b)
{
	int err = job->by_count ? mem_state_correct(&job->state, &job->x) : 0;

	for (size_t i = 0; !err && i < b->n; i++)
		err = mem_state_correct_one(&job->state, &job->x, b->places[i]);
	return err;
}

/* The result is unknown: leave the inverse to a recovery. */
static int mem_job_leave(struct mem_job *job, struct mem_batch *b, int err)
{
	const char *step = job->add ? "add" : "remove";

	err = kern_read_failure(err)
		      ? xact_unread(&job->x, step, err)
		      : xact_fail(&job->x, DR_FAULT_TREE, step, err, "%s", DYNMEM_NODE);
	b->is_unseen = true;
	if (!mem_job_is_undone(job)) {
		/* The inverse is that of the state before. */
		for (size_t i = 0; i < job->state.n; i++)
			job->state.lmbs[i].state = job->state.lmbs[i].before;
		if (!job->x.n_undo)
			mem_request_push_always(job, &b->request);
		xact_leave_to(&job->x, 0);
	}
	return err;
}

/* Verify the result by reading the device tree, after success and after failure. */
static int mem_job_verify(struct mem_job *job, struct mem_batch *b, int err)
{
	int seen;

	seen = job->x.dr->dry_run ? 0 : mem_job_look(job);
	if (!seen && err == -EPERM)
		seen = mem_job_correct(job, b);
	if (seen)
		return mem_job_leave(job, b, seen);
	b->n_done = mem_job_note(job, b);
	if (b->n_done < b->n)
		return err ? err
			   : xact_fail(&job->x, DR_FAULT_TREE,
				       job->add ? "add" : "remove",
				       job->add ? -ENOENT : -EEXIST, "%s", DYNMEM_NODE);
	if (err == -EPERM && !job->is_stale)
		dr_warn(job->x.dr,
			DYNMEM_NODE " does not show what Linux has: the kernel "
				    "could not write it. The next change does");
	job->is_stale |= err == -EPERM;
	return xact_was_done(&job->x);
}

/* Return true if a signal arrived before the request. EINTR of the kernel is the
 * hypervisor's error, and the result is unknown. */
static bool mem_job_is_stopped(const struct xact *x, int err)
{
	return err == -EINTR && x->error.fault == DR_FAULT_INTERRUPTED;
}

/* Release an LMB that Linux does not have: it has no memory block. If firmware refuses, the LMB has neither the
 * old nor the new state, and the journal keeps the inverses of both. Return false
 * then. */
static bool mem_job_reclaim_lmb(struct mem_job *job, size_t at)
{
	struct xact *x = &job->x;
	bool was_incomplete = x->is_undo_incomplete, is_refused;
	struct connector c = { 0 };
	size_t n = x->n_undo;
	int32_t sense;
	int err;

	if (job->state.lmbs[at].state != LMB_FREE ||
	    mem_state_drc(&job->state, at, &c.drc))
		return true;
	err = mem_state_sense(&job->state, x, at, true, &sense);
	if (err == -EPERM) /* lockdown: only the kernel's answer is available */
		return true;
	if ((!err && sense >= 0 && sense != DRC_SENSE_PRESENT) ||
	    mem_state_has_block(&job->state, at) ||
	    mem_request_push_reclaim(x, &c.drc, !job->add))
		return true;
	x->is_undo_incomplete = false;
	xact_undo_to(x, x->n_undo - 1);
	is_refused = x->is_undo_incomplete;
	x->is_undo_incomplete |= was_incomplete;
	if (is_refused) {
		xact_leave_to(x, n);
		dr_warn(x->dr, "%s (0x%08x): firmware may still count it as owned",
			c.drc.name, c.drc.index);
	}
	while (x->n_undo > n)
		xact_drop(x);
	return !is_refused;
}

/* Reclaim the LMBs of a batch: the kernel ignores it if firmware refuses to release an
 * LMB, and cannot end a failed walk. In a KVM guest only the host requests the removal of
 * memory. */
static int mem_job_reclaim(struct mem_job *job, struct mem_batch *b, int err)
{
	size_t first = job->n_done - b->n_done;

	if (job->x.dr->dry_run || job->x.is_unknown || b->is_unseen ||
	    mem_job_is_stopped(&job->x, err) || (job->add && !err) ||
	    (!job->add && job->is_kvm_guest))
		return err;
	/* The kernel may have tried any LMB of the portion. */
	for (size_t i = 0; job->add && job->by_count && i < job->single_to; i++)
		mem_job_reclaim_lmb(job, job->queue[i]);
	for (size_t i = 0; job->add && i < b->n; i++)
		mem_job_reclaim_lmb(job, b->places[i]);
	if (job->add)
		return err;
	/* An LMB that firmware still counts as owned is not removed. */
	for (size_t i = first; i < job->n_done;) {
		if (mem_job_reclaim_lmb(job, job->done[i])) {
			i++;
			continue;
		}
		job->n_done--;
		b->n_done--;
		memmove(job->done + i, job->done + i + 1,
			(job->n_done - i) * sizeof(*job->done));
		err = xact_fail(&job->x, DR_FAULT_CALL, "deallocate", -EREMOTEIO,
				"firmware still counts it as owned");
	}
	return err;
}

/* Return true if the LMBs of a request that failed as a whole are tried one by one. */
static bool mem_job_is_retried(const struct mem_job *job, const struct mem_batch *b)
{
	if (job->x.is_unknown || b->is_unseen || b->n_done || b->n == 1)
		return false;
	return b->request.form == DLPAR_BY_RANGE ||
	       (job->x.error.is_of_host && !job->all_or_nothing);
}

int mem_job_run(struct mem_job *job, struct mem_batch *b)
{
	struct xact *x = &job->x;
	int err;

	x->error = (struct dr_error){ 0 };
	err = mem_needs_check(job, b->places, b->n, 0);
	if (!err)
		err = mem_request_push(job, &b->request);
	b->error = x->error;
	b->is_refused = err != 0;
	if (err)
		return err;
	for (size_t i = 0; job->by_numa && i < b->n; i++)
		job->lmbs[b->places[i]].is_tried = true;
	err = mem_request_write(x, &b->request);
	if (!mem_job_is_stopped(x, err))
		err = mem_job_verify(job, b, err);
	err = mem_job_reclaim(job, b, err);
	/* The kernel does not say otherwise that firmware had too little. */
	x->error.is_of_host =
		err && job->add && x->error.fault == DR_FAULT_KERNEL &&
		x->error.err == (b->request.form == DLPAR_BY_INDEX ? -EPERM : -EINVAL);
	b->error = err ? x->error : (struct dr_error){ 0 };
	if (!b->is_unseen)
		mem_request_settle(job, b->n_done);
	if (err && !mem_job_is_stopped(x, err) && mem_job_is_retried(job, b)) {
		job->single_to = job->next;
		job->next -= b->n;
		b->is_retried = true;
	}
	return err;
}

int mem_job_end(struct mem_job *job, int err)
{
	bool undo = err && (mem_job_is_undone(job) || job->x.is_unknown);
	struct dr_result result = { 0 };

	xact_finish(&job->x, undo ? err : 0, &result);
	job->left = result.left;
	job->n_left = result.n_left;
	if (undo && !job->x.dr->dry_run)
		mem_state_refresh(&job->state);
	for (size_t i = 0; undo && !job->x.dr->dry_run && i < job->n_done; i++)
		mem_state_correct_one(&job->state, &job->x, job->done[i]);
	return err;
}
