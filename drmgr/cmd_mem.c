// SPDX-License-Identifier: GPL-2.0-or-later
/* Add or remove memory: one LMB that the user names, or a number of LMBs. */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/mem/mem_text.h"
#include "libdrmgr/types/mem/mem_job.h"
#include "libdrmgr/core/platform.h"
#include "drmgr/progress.h"

/* One run of the command. */
struct run {
	const struct cmd *cmd;
	struct mem_job job;
	struct progress progress;
	struct dr_error error; /* the last error */
	struct drc drc;	       /* its LMB; without a name: a batch */
	bool has_begun;	       /* a resource was begun in the report */
	bool is_late;	       /* -w has passed */
};

static int mem_run_fail(const struct run *run)
{
	return cmd_fail_words(run->cmd, &run->error, run->drc.name ? &run->drc : NULL,
			      mem_error_text);
}

/* ---- Report each LMB ---- */

/* Add Linux's names: "memory5". If they are unknown, add nothing. */
static void mem_result_add_blocks(struct mem_job *job, size_t at,
				  struct dr_result *result)
{
	const struct lmb_row row = {
		.lmb = { .address = job->state.lmbs[at].address },
		.bytes = job->state.list.lmb_bytes,
		.has_address = true,
	};
	struct block_range range;

	if (lmb_blocks(&job->state.list, &row, &range) || range.first == range.end)
		return;
	result->devices = calloc(range.end - range.first, sizeof(*result->devices));
	for (uint64_t n = range.first; result->devices && n < range.end; n++)
		snprintf(result->devices[result->n++].name, sizeof(result->devices->name),
			 "memory%llu", (unsigned long long)n);
}

static void mem_run_report(struct run *run, size_t at, enum report_result what,
			   const struct dr_error *error)
{
	struct report *r = run->cmd->report;
	_cleanup_free_ char *text = NULL;
	struct dr_result result = { 0 };
	static const struct drc none = { 0 };
	struct drc drc;

	if (mem_state_drc(&run->job.state, at, &drc))
		return;
	if (error && error->fault) {
		result.error = *error;
		text = mem_error_text(error, &drc);
	}
	if (run->cmd->req->json)
		mem_result_add_blocks(&run->job, at, &result);
	if (!run->has_begun)
		r->ops->begin(r, &none);
	run->has_begun = false;
	r->ops->end(r, &drc, what, &result, text);
	dr_result_free(&result);
}

static void mem_run_report_done(struct run *run, const struct mem_batch *b)
{
	const struct mem_job *job = &run->job;
	enum report_result what = run->cmd->req->dry_run ? REPORT_PLANNED : REPORT_DONE;

	for (size_t i = job->n_done - b->n_done; i < job->n_done; i++)
		mem_run_report(run, job->done[i], what, NULL);
}

static bool mem_job_was_done(const struct mem_job *job, size_t at, size_t n_done)
{
	for (size_t i = job->n_done - n_done; i < job->n_done; i++)
		if (job->done[i] == at)
			return true;
	return false;
}

/* Report each requested LMB that was not added or removed. */
static void mem_run_report_failed(struct run *run, const struct mem_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (!mem_job_was_done(&run->job, b->places[i], b->n_done))
			mem_run_report(run, b->places[i], REPORT_FAILED, &b->error);
}

static void mem_run_report_skipped(struct run *run)
{
	const struct mem_job *job = &run->job;

	size_t end = job->next + job->wanted - job->n_done;

	for (size_t i = job->next; i < job->n_queue && i < end && !job->by_numa; i++)
		mem_run_report(run, job->queue[i], REPORT_SKIPPED, NULL);
}

/* Report the undo of each changed LMB. */
static void mem_run_report_undone(struct run *run)
{
	struct mem_job *job = &run->job;
	struct report *r = run->cmd->report;

	for (size_t i = 0; i < job->n_done; i++) {
		bool is_back = job->state.lmbs[job->done[i]].state ==
			       (job->add ? LMB_FREE : LMB_OWNED);

		r->is_undo_incomplete |= !is_back;
		mem_run_report(run, job->done[i], is_back ? REPORT_UNDONE : REPORT_FAILED,
			       NULL);
		r->done -= is_back;
	}
	r->is_undone = true;
}

/* ---- Batches ---- */

/* Begin a batch in the report. In a dry run only requests are shown: for a number of LMBs
 * the kernel chooses. */
static void mem_run_begin(struct run *run, const struct mem_batch *b)
{
	struct report *r = run->cmd->report;
	struct drc drc;

	if (run->has_begun || mem_state_drc(&run->job.state, b->places[0], &drc))
		return;
	if (b->request.form != DLPAR_BY_INDEX)
		drc = (struct drc){ 0 };
	r->ops->begin(r, &drc);
	run->has_begun = true;
}

static void mem_run_note_failure(struct run *run, const struct mem_batch *b)
{
	_cleanup_free_ char *text = NULL;

	if (b->is_retried && run->error.fault)
		return;
	run->error = b->error;
	run->drc = (struct drc){ 0 };
	if (b->request.form == DLPAR_BY_INDEX)
		mem_state_drc(&run->job.state, b->places[0], &run->drc);
	if (!run->job.by_numa)
		return;
	text = mem_error_text(&run->error, run->drc.name ? &run->drc : NULL);
	progress_clear(&run->progress);
	log_warn(run->cmd->log, "%s", text ? text : strerror(ENOMEM));
}

/* Run a batch. Return false if the run must end. */
static bool mem_run_batch(struct run *run, struct mem_batch *b)
{
	struct mem_job *job = &run->job;
	int err;

	mem_run_begin(run, b);
	err = mem_job_run(job, b);
	run->cmd->report->done += (unsigned int)b->n_done;
	mem_run_report_done(run, b);
	if (err)
		mem_run_note_failure(run, b);
	if (err && !b->is_retried)
		mem_run_report_failed(run, b);
	progress_at(&run->progress, job->n_done);
	if (job->x.is_unknown || job->x.is_undo_incomplete)
		return false;
	return !err || b->is_retried ||
	       ((job->by_numa || job->by_tree) && err != -EINTR && err != -E2BIG);
}

/* Test whether to stop between two requests, but not before the first. */
static bool mem_run_must_stop(struct run *run)
{
	const struct dr_ctx *dr = &run->cmd->session->dr;

	run->is_late = run->job.n_done && deadline_has_passed(&dr->limit);
	return run->is_late || dr_stop_requested(dr);
}

static void mem_run_batches(struct run *run)
{
	struct mem_job *job = &run->job;
	struct mem_batch batch;

	progress_begin(&run->progress, run->cmd->log, job->wanted, "LMBs",
		       !run->cmd->req->trace && !run->cmd->req->dry_run &&
			       run->cmd->req->detail <= LEVEL_ERROR);
	while (!mem_run_must_stop(run) && mem_job_next(job, &batch) > 0)
		if (!mem_run_batch(run, &batch))
			break;
	progress_clear(&run->progress);
	mem_run_report_skipped(run);
}

/* ---- The whole run ---- */

/* Report why there are fewer than requested. A signal has its own message later. Return
 * true if the message has the count. */
static bool mem_run_report_reason(struct run *run)
{
	const struct cmd *cmd = run->cmd;

	if (run->is_late)
		cmd_fail_late(cmd);
	else if (run->error.fault)
		mem_run_fail(run);
	else if (!dr_stop_requested(&cmd->session->dr))
		cmd_fail(cmd, NULL, "%s %zu of %u requested LMBs.",
			 run->job.add ? "Added" : "Removed", run->job.n_done,
			 cmd->report->requested);
	else
		return false;
	return !run->is_late && !run->error.fault;
}

static int mem_run_end_short(struct run *run)
{
	const struct report *r = run->cmd->report;
	bool has_count = mem_run_report_reason(run);

	if (run->cmd->req->all_or_nothing && r->is_undone)
		log_err(run->cmd->log, "%s",
			r->is_undo_incomplete
				? "Not everything could be undone."
				: "All changes were undone because of --all-or-nothing.");
	else if (r->done && !has_count)
		log_err(run->cmd->log, "%s %u of %u requested LMBs.",
			run->job.add ? "Added" : "Removed", r->done, r->requested);
	if (r->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	return r->done ? DRMGR_PARTIAL : DRMGR_FAILED;
}

static int mem_run_finish(struct run *run)
{
	struct mem_job *job = &run->job;
	bool is_short = job->n_done < job->wanted;

	mem_job_end(job, is_short ? -ECANCELED : 0);
	run->cmd->report->is_undo_incomplete |= job->x.is_undo_incomplete;
	if (job->x.is_undo_incomplete)
		cmd_report_left(run->cmd, run->drc.name ? &run->drc : NULL, &job->left,
				CMD_LEFT_MEM);
	if (is_short && job->all_or_nothing && job->n_done)
		mem_run_report_undone(run);
	return is_short ? mem_run_end_short(run) : DRMGR_DONE;
}

/* Return true if the removal would strand memory: in a KVM guest only the host can remove
 * memory; otherwise neither can use it any more. */
static bool mem_run_is_stranding(const struct cmd *cmd)
{
	return cmd->req->action == DR_REMOVE && !cmd->req->force &&
	       platform_read(&cmd->session->root) == PLATFORM_KVM_GUEST;
}

static int mem_run_plan(struct run *run)
{
	const struct dr_req *req = run->cmd->req;
	struct mem_job *job = &run->job;
	size_t at;
	int err;

	if (req->key) {
		err = mem_job_find(job, req->key, &at);
		if (!err)
			err = mem_job_one(job, at);
		if (err && job->n_queue)
			mem_state_drc(&job->state, at, &run->drc);
	} else {
		err = mem_job_quantity(job, run->cmd->report->requested);
	}
	if (!err && mem_run_is_stranding(run->cmd)) {
		err = -EPERM;
		job->x.error =
			(struct dr_error){ .fault = DR_FAULT_STRANDED, .err = err };
	}
	run->error = job->x.error;
	return err;
}

/* Run the hooks. They receive the name of an LMB that the user named. */
static void mem_run_call_hooks(struct run *run, enum hook_phase phase, unsigned int count)
{
	bool is_named = run->cmd->req->key;
	struct drc drc;

	if (is_named && mem_state_drc(&run->job.state, run->job.queue[0], &drc))
		return;
	cmd_hooks(run->cmd, phase, count, is_named ? &drc : NULL);
}

static int mem_run_change(struct run *run, bool by_tree)
{
	const struct cmd *cmd = run->cmd;
	int err = mem_job_open(&run->job, &cmd->session->dr, cmd->req->action == DR_ADD);
	int status;

	run->job.all_or_nothing = cmd->req->all_or_nothing;
	run->job.by_tree = by_tree;
	run->error = run->job.x.error;
	if (!err)
		err = mem_run_plan(run);
	if (err)
		return mem_run_fail(run);
	run->error = (struct dr_error){ 0 };
	run->drc = (struct drc){ 0 };
	mem_run_call_hooks(run, HOOK_PRE, cmd->report->requested);
	mem_run_batches(run);
	status = mem_run_finish(run);
	mem_run_call_hooks(run, HOOK_POST, cmd->report->done);
	return status;
}

/* Choose the way of the change. Return an exit status if no way is possible. */
static int mem_cmd_choose_way(const struct cmd *cmd, bool *by_tree)
{
	struct dr_error error;

	return mem_choose_way(&cmd->session->dr, cmd->req->backend, by_tree, &error)
		       ? cmd_fail_words(cmd, &error, NULL, mem_error_text)
		       : DRMGR_DONE;
}

/* Print the total. The management console reads this line. */
static void mem_cmd_print_total(const struct cmd *cmd)
{
	struct report *r = cmd->report;
	char text[48];

	if (cmd->req->dry_run)
		return;
	snprintf(text, sizeof(text), "DR_TOTAL_RESOURCES=%u", r->done);
	r->ops->line(r, text);
}

int cmd_mem(const struct cmd *cmd)
{
	struct run run = { .cmd = cmd };
	bool by_tree;
	int status;

	if (cmd->req->param)
		return cmd_entitlement(cmd);
	cmd->report->requested = cmd->req->count ? (unsigned int)cmd->req->count : 1;
	status = mem_cmd_choose_way(cmd, &by_tree);
	if (!status)
		status = mem_run_change(&run, by_tree);
	mem_job_close(&run.job);
	mem_cmd_print_total(cmd);
	return status;
}
