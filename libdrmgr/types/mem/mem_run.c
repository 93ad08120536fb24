// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change memory: the named LMB, or a number of LMBs. The kernel changes many LMBs by one
 * request, so all of them are one transaction (mem_job.h). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/platform.h"
#include "libdrmgr/core/run_left.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/mem/mem_job.h"
#include "libdrmgr/types/mem/mem_text.h"
#include "libdrmgr/types/runs.h"
#include "kern/text.h"

#define MEM_LEAVES "memory node isolation allocation"

struct mem_run {
	struct mem_job job;
	bool has_begun;	       /* a resource was begun in the report */
	struct dr_error error; /* the last failure */
	struct drc drc;	       /* its LMB; without a name: a batch */
};

/* ---- Prepare ---- */

/* Find out how much memory is not of these LMBs. */
static int mem_run_read_rest(struct run *run, struct mem_job *job, uint64_t owned)
{
	struct dr_count *count = &run->count;
	uint64_t total;
	int err = lmb_list_total(&job->state.list, &total);

	count->unit = job->state.list.dm.lmb_bytes;
	if (!err && total < owned * count->unit)
		err = -ENODATA;
	count->has_bytes = !err;
	count->rest = err ? 0 : total - owned * count->unit;
	return err;
}

/* Convert a size to LMBs. */
static int mem_run_read_size(struct run *run, uint64_t *n)
{
	enum { MIB = 20 };
	uint64_t unit = run->count.unit,
		 rest = run->request.has_until ? run->count.rest : 0;
	uint64_t above = *n > rest ? (*n - rest + unit - 1) / unit : 0;
	char below[24] = "";

	if (*n == rest + above * unit) {
		*n = above;
		return 0;
	}
	if (rest + above * unit > unit && above)
		snprintf(below, sizeof(below), "%" PRIu64 "M or ",
			 (rest + (above - 1) * unit) >> MIB);
	run->error = (struct dr_error){ .fault = DR_FAULT_SIZE, .err = -EINVAL };
	snprintf(run->error.what, sizeof(run->error.what),
		 "The size is not possible, because an LMB has %" PRIu64
		 " MiB%s: use %s%" PRIu64 "M",
		 unit >> MIB, above ? "" : " and the rest cannot be removed", below,
		 (rest + above * unit) >> MIB);
	return -EINVAL;
}

/* Count the LMBs, and set what is requested. */
static int mem_run_choose(struct run *run, struct mem_job *job)
{
	const struct run_request *r = &run->request;
	uint64_t n = run_quantity(run), owned;
	int err = r->has_until ? mem_state_correct(&job->state, &job->x) : 0, rest;

	if (err)
		return xact_unread(&job->x, NULL, err);
	owned = mem_job_count(job, LMB_OWNED, true);
	rest = r->in_bytes || run->dr->describe ? mem_run_read_rest(run, job, owned) : 0;
	if (rest && r->in_bytes && r->has_until)
		return xact_unread(&job->x, NULL, rest);
	err = r->in_bytes && !run_is_max(run) ? mem_run_read_size(run, &n) : 0;
	job->x.error = run->error;
	run->count.before = owned;
	run->count.has_before = true;
	if (err)
		return err;
	run_choose(run, n, owned, mem_job_count(job, LMB_FREE, false));
	job->add = run->request.action == DR_ADD;
	return 0;
}

static int mem_run_plan(struct run *run, struct mem_job *job)
{
	size_t at;
	int err;

	if (run->request.key) {
		err = mem_job_find(job, run->request.key, &at);
		if (!err)
			err = run_left_block(
				run, leftovers_find_index(run->dr->leftovers,
							  job->state.lmbs[at].drc_index));
		if (!err)
			err = mem_job_one(job, at);
		if (job->n_queue)
			mem_state_drc(&job->state, at, &run->drc);
	} else {
		err = mem_job_quantity(job, run->requested);
		/* Firmware may count as its own what is not owned. */
		run->has_nothing = err == -ENOSPC && run_is_max(run) && !job->n_queue;
		if (run->has_nothing)
			return run->requested = 0;
	}
	/* In a KVM guest only the host can remove memory; otherwise neither can use it any
	 * more. */
	if (!err && !job->add && !run->dr->force && job->is_kvm_guest)
		err = xact_fail(&job->x, DR_FAULT_STRANDED, NULL, -EPERM, "%s", "");
	return err ? err
		   : mem_job_check_sum(job, run->request.key, run->request.lmbs_in_all);
}

static int mem_run_prepare(struct run *run)
{
	struct mem_run *m = run->priv;
	int err;

	err = apply_check_kernel(run->dr, "memory", &run->error);
	if (err)
		return err;
	err = mem_job_open(&m->job, &run->mem, run->dr, run->request.action == DR_ADD);
	m->job.all_or_nothing = run->request.all_or_nothing;
	if (!err)
		err = mem_run_choose(run, &m->job);
	if (!err && !run->has_nothing)
		err = mem_run_plan(run, &m->job);
	run->error = m->job.x.error;
	return err;
}

/* ---- Report each LMB ---- */

/* Add Linux's names: "memory5". If they are unknown, add nothing. */
static void mem_result_add_blocks(struct mem_job *job, size_t at,
				  struct dr_result *result)
{
	struct dr_devices *devices = &result->devices;
	struct block_range range;

	if (lmb_blocks(&job->state.list, job->state.lmbs[at].address, &range))
		return;
	for (uint64_t n = range.first; n < range.end; n++)
		snprintf(vec_add(&result->mem, devices->list, devices->n)->name,
			 sizeof(devices->list->name), "memory%llu",
			 (unsigned long long)n);
}

static void mem_run_report(struct run *run, size_t at, enum dr_outcome outcome,
			   const struct dr_error *error)
{
	static const struct drc none = { 0 };
	const struct dr_report *report = &run->dr->report;
	_cleanup_free_ char *text = NULL;
	struct dr_result result = { 0 };
	struct mem_run *m = run->priv;
	struct drc drc;

	if (mem_state_drc(&m->job.state, at, &drc))
		return;
	/* Without an error, its undo has failed. */
	result.is_undo_incomplete = outcome == DR_FAILED && !error;
	if (error && error->fault) {
		result.error = *error;
		text = mem_error_text(error, &drc);
	}
	if (run->dr->describe)
		mem_result_add_blocks(&m->job, at, &result);
	if (!m->has_begun)
		run_begin(run, &none);
	m->has_begun = false;
	report->end(report->priv, &drc, outcome, &result, text);
	mem_end(&result.mem);
}

static bool mem_job_was_done(const struct mem_job *job, size_t at, size_t n_done)
{
	for (size_t i = job->n_done - n_done; i < job->n_done; i++)
		if (job->done[i] == at)
			return true;
	return false;
}

/* Report the LMBs of a batch: those that were changed, and after an error that is not
 * retried the others. */
static void mem_run_report_batch(struct run *run, const struct mem_batch *b, int err)
{
	const struct mem_job *job = &((struct mem_run *)run->priv)->job;

	for (size_t i = job->n_done - b->n_done; i < job->n_done; i++)
		mem_run_report(run, job->done[i], run->dr->dry_run ? DR_PLANNED : DR_DONE,
			       NULL);
	/* It was about no LMB: the kernel would have chosen one. */
	if (b->error.is_of_host && b->request.form == DLPAR_BY_COUNT && b->n == 1) {
		run->dr->report.forget(run->dr->report.priv);
		((struct mem_run *)run->priv)->has_begun = false;
		return;
	}
	for (size_t i = 0; i < b->n && err && !b->is_retried; i++)
		if (!mem_job_was_done(job, b->places[i], b->n_done))
			mem_run_report(run, b->places[i], DR_FAILED, &b->error);
}

/* Report the undo of each changed LMB. */
static void mem_run_report_undone(struct run *run)
{
	struct mem_job *job = &((struct mem_run *)run->priv)->job;

	for (size_t i = 0; i < job->n_done; i++) {
		bool is_back = job->state.lmbs[job->done[i]].state ==
			       (job->add ? LMB_FREE : LMB_OWNED);

		run->is_undo_incomplete |= !is_back;
		mem_run_report(run, job->done[i], is_back ? DR_UNDONE : DR_FAILED, NULL);
		run->done -= is_back;
	}
	run->is_undone = true;
}

/* ---- Batches ---- */

/* Begin a batch in the report. In a dry run only requests are shown: for a number of LMBs
 * the kernel chooses. */
static void mem_run_begin(struct run *run, const struct mem_batch *b)
{
	struct mem_run *m = run->priv;
	struct drc drc;

	if (m->has_begun || mem_state_drc(&m->job.state, b->places[0], &drc))
		return;
	if (b->request.form != DLPAR_BY_INDEX)
		drc = (struct drc){ 0 };
	run_begin(run, &drc);
	m->has_begun = true;
}

static void mem_run_note_failure(struct run *run, const struct mem_batch *b)
{
	struct mem_run *m = run->priv;
	_cleanup_free_ char *text = NULL;

	if (b->is_retried && m->error.fault)
		return;
	m->error = b->error;
	m->drc = (struct drc){ 0 };
	if (b->request.form == DLPAR_BY_INDEX)
		mem_state_drc(&m->job.state, b->places[0], &m->drc);
	if (!m->job.by_numa || b->is_refused)
		return;
	text = mem_error_text(&m->error, m->drc.name ? &m->drc : NULL);
	dr_log_warn(run->dr->log, "%s", text_or_reason(text));
}

static bool mem_run_step(struct run *run)
{
	struct mem_run *m = run->priv;
	struct mem_job *job = &m->job;
	struct mem_batch batch;
	int err;

	if (mem_job_next(job, &batch) <= 0)
		return false;
	mem_run_begin(run, &batch);
	err = mem_job_run(job, &batch);
	/* The peer makes one write, which no limit ends. */
	run->goes_on = job->x.goes_on = true;
	run->done += (unsigned int)batch.n_done;
	if (err)
		mem_run_note_failure(run, &batch);
	mem_run_report_batch(run, &batch, err);
	if (job->x.is_unknown || job->x.is_undo_incomplete || batch.is_unseen ||
	    batch.is_refused)
		return false;
	return !err || batch.is_retried ||
	       (job->by_numa && err != -EINTR && err != -E2BIG);
}

/* ---- The end ---- */

/* Report why there are fewer than requested. A signal has its own message later. */
static void mem_run_report_reason(struct run *run, struct mem_run *m)
{
	struct dr_error few = { .fault = DR_FAULT_NONE_LEFT,
				.err = -ENODEV,
				.step = m->job.add ? "add" : "remove" };

	snprintf(few.what, sizeof(few.what), "%zu of %u", m->job.n_done, run->requested);
	if (run->is_late)
		run_fail_with(run, DR_FAULT_LATE, -ETIMEDOUT, "%s", "mem");
	else if (m->error.fault)
		run_fail(run, &m->error, m->drc.name ? &m->drc : NULL);
	else if (!dr_stop_requested(run->dr))
		run_fail(run, &few, NULL);
	if (run->request.all_or_nothing && run->is_undone)
		dr_log_err(
			run->dr->log, "%s",
			run->is_undo_incomplete
				? "Not everything could be undone."
				: "All changes were undone because of --all-or-nothing.");
	else if (run->done &&
		 (run->is_late || m->error.fault || dr_stop_requested(run->dr)))
		dr_log_err(run->dr->log, "%s %u of %u requested LMBs.",
			   m->job.add ? "Added" : "Removed", run->done, run->requested);
}

static void mem_run_end(struct run *run)
{
	struct mem_run *m = run->priv;
	struct mem_job *job = &m->job;
	bool has_all = run_is_max(run) && !run->is_late && !dr_stop_requested(run->dr) &&
		       !job->x.is_unknown && !job->x.is_undo_incomplete &&
		       (!m->error.fault || m->error.is_of_host);
	bool is_short = job->n_done < job->wanted && !has_all;
	size_t end = job->next + job->wanted - job->n_done;

	if (has_all)
		run->requested = run->done;

	for (size_t i = job->next;
	     i < job->n_queue && i < end && !job->by_numa && !job->by_count; i++)
		mem_run_report(run, job->queue[i], DR_SKIPPED, NULL);
	mem_job_end(job, is_short ? -ECANCELED : 0);
	run->is_undo_incomplete |= job->x.is_undo_incomplete;
	if (job->x.is_undo_incomplete)
		run_warn_left(run->dr, run->request.type, m->drc.name ? &m->drc : NULL,
			      job->left, job->n_left, MEM_LEAVES);
	if (is_short && job->all_or_nothing && job->n_done)
		mem_run_report_undone(run);
	if (is_short)
		mem_run_report_reason(run, m);
}

/* The job reads the states after each request. */
static int mem_run_count(struct run *run, uint64_t *has)
{
	struct mem_job *job = &((struct mem_run *)run->priv)->job;
	int err = 0;

	if (run->is_undo_incomplete || run->dr->has_yielded || run->request.has_until)
		err = mem_state_refresh(&job->state);
	if (!err && run->request.has_until)
		err = mem_state_correct(&job->state, &job->x);
	*has = mem_job_count(job, LMB_OWNED, true);
	return err;
}

const struct run_ops run_mem = {
	.locks = WRITER_CORES | WRITER_TREE,
	.leaves = MEM_LEAVES,
	.priv_bytes = sizeof(struct mem_run),
	.prepare = mem_run_prepare,
	.step = mem_run_step,
	.end = mem_run_end,
	.count = mem_run_count,
	.words = mem_error_text,
};
