// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/hooks.h"
#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/run.h"
#include "libdrmgr/core/run_left.h"
#include "kern/text.h"
#include "kern/writer.h"

const char *dr_action_name(enum dr_action action)
{
	static const char *const names[] = {
		[DR_NO_ACTION] = "none",  [DR_ADD] = "add",
		[DR_REMOVE] = "remove",	  [DR_QUERY] = "query",
		[DR_REPLACE] = "replace", [DR_IDENTIFY] = "identify",
		[DR_MIGRATE] = "migrate", [DR_HIBERNATE] = "hibernate",
	};

	return (size_t)action < ARRAY_SIZE(names) ? names[action] : NULL;
}

/* ---- Reports ---- */

/* Return true if the error says that all is as the caller needs it. */
static bool run_is_needless(const struct run *run, const struct dr_error *error)
{
	enum dr_code code = dr_error_get_code(error);

	return run->request.if_needed && !error->is_behind &&
	       (run->request.action == DR_ADD ? code == DR_CODE_ALREADY_THERE
					      : code == DR_CODE_NOTHING_THERE);
}

void run_fail(struct run *run, const struct dr_error *error, const struct drc *drc)
{
	static const struct dr_result nothing = { 0 };
	_cleanup_free_ char *text = NULL;

	if (error != &run->error)
		run->error = *error;
	if (run_is_needless(run, error)) {
		run->error = (struct dr_error){ 0 };
		run->needless++;
		run_begin(run, &run->drc);
		run_end_as(run, &run->drc, DR_SKIPPED, &nothing);
		return;
	}
	/* Firmware has connectors for more resources than the host assigns. */
	run->error.is_of_host |=
		run->request.action == DR_ADD && !run->ops->is_single &&
		!run->is_undone &&
		(error->fault == DR_FAULT_NONE_LEFT || error->fault == DR_FAULT_TOO_FEW);
	text = run->ops->words(&run->error, drc);
	run->dr->report.fail(run->dr->report.priv, &run->error, text_or_reason(text));
}

void run_fail_with(struct run *run, enum dr_fault fault, int err, const char *fmt, ...)
{
	va_list ap;

	run->error = (struct dr_error){ .fault = fault, .err = err };
	va_start(ap, fmt);
	vsnprintf(run->error.what, sizeof(run->error.what), fmt, ap);
	va_end(ap);
	run_fail(run, &run->error, NULL);
}

void run_begin(struct run *run, const struct drc *drc)
{
	run->dr->report.begin(run->dr->report.priv, drc);
}

void run_end_as(struct run *run, const struct drc *drc, enum dr_outcome outcome,
		const struct dr_result *result)
{
	run->dr->report.end(run->dr->report.priv, drc, outcome, result, NULL);
}

void run_end_missing(struct run *run, const struct drc *drc, const struct dr_error *error)
{
	_cleanup_free_ char *text = NULL;

	run->dr->report.forget(run->dr->report.priv);
	if (!dr_error_has_reason(error))
		return;
	text = run->ops->words(error, drc);
	dr_warn(run->dr, "%s", text_or_reason(text));
}

int run_end(struct run *run, const struct drc *drc, int err,
	    const struct dr_result *result)
{
	const struct dr_report *report = &run->dr->report;
	_cleanup_free_ char *text = NULL;

	if (err && run_is_needless(run, &result->error)) {
		run->needless++;
		run_end_as(run, drc, DR_SKIPPED, result);
		return err;
	}
	if (!err) {
		if (run->ops->revert)
			run->changed[run->done] = *drc;
		run->done++;
		run_end_as(run, drc, run->dr->dry_run ? DR_PLANNED : DR_DONE, result);
		return 0;
	}
	text = run->ops->words(&result->error, drc);
	run->error = result->error;
	run->is_undone = true;
	run->is_undo_incomplete |= result->is_undo_incomplete;
	report->fail(report->priv, &result->error, text_or_reason(text));
	if (result->is_undo_incomplete)
		run_warn_left(run->dr, run->request.type, drc, result->left,
			      result->n_left, run->ops->leaves);
	report->end(report->priv, drc, DR_FAILED, result, text);
	return err;
}

void run_warn_left(const struct dr_ctx *dr, const char *type, const struct drc *drc,
		   const char *const *left, size_t n, const char *words)
{
	const struct kern_writers *writers = dr->root->writers;
	struct kern_writer other;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	for (size_t i = 0; to && i < n; i++)
		fprintf(to, " %s", left[i]);
	if (to && !n)
		fprintf(to, " %s", words);
	if (to)
		text_close(to, &text);
	if (drc && !drc->index)
		dr_warn(dr, "%s: not undone:%s", drc->name, text ? text : "");
	else if (drc)
		dr_warn(dr, "%s (0x%08x): not undone:%s", drc->name, drc->index,
			text ? text : "");
	else
		dr_warn(dr, "%s: not undone:%s", type, text ? text : "");
	if (writers && writers->late.pid &&
	    writers_find_other(dr->root, &writers->late, &other))
		dr_warn(dr, "PID %d has /%s open: that write may be waiting for it",
			(int)other.pid, other.path);
}

/* Return true if a resource that was done must stay as it is: a journal waits for
 * --recover, which undoes all steps in order, or a write is in the kernel. Then warn about
 * what remains. */
static bool run_must_leave(const struct dr_ctx *dr, const char *type,
			   const struct drc *drc, const char *words)
{
	if (journal_is_kept(dr))
		return true;
	if (!dr_is_writing(dr, 0))
		return false;
	run_warn_left(dr, type, drc, NULL, 0, words);
	return true;
}

/* ---- The quantity ---- */

bool run_is_max(const struct run *run)
{
	return run->request.has_until && run->request.until == DR_UNTIL_MAX;
}

uint64_t run_quantity(const struct run *run)
{
	const struct run_request *r = &run->request;

	return r->has_until ? r->until : r->count ? r->count : 1;
}

void run_choose(struct run *run, uint64_t n, uint64_t has, uint64_t others)
{
	struct run_request *r = &run->request;

	run->count.before = has;
	run->count.has_before = true;
	if (r->has_until) {
		run->count.has_target = !run_is_max(run);
		if (run->count.has_target)
			run->count.target = n;
		else
			n = has + others;
		if (r->is_exact)
			r->action = n > has ? DR_ADD : n < has ? DR_REMOVE : DR_NO_ACTION;
		n = r->action == DR_ADD && n > has	? n - has
		    : r->action == DR_REMOVE && n < has ? has - n
							: 0;
		run->has_nothing = !n;
	}
	run->requested = n < INT32_MAX ? (unsigned int)n : INT32_MAX;
}

/* Count again what the partition has. */
static void run_count(struct run *run)
{
	struct dr_count *count = &run->count;
	uint64_t n = run->done;

	if (!count->has_before)
		return;
	if (run->dr->dry_run || run->has_nothing || !run->is_prepared) {
		count->after = run->request.action == DR_REMOVE ? count->before - n
								: count->before + n;
		count->has_after = true;
	} else {
		count->has_after = !run->ops->count(run, &count->after);
	}
}

/* The lock may have been released meanwhile, so that another run has changed the number. */
static bool run_is_at_target(const struct run *run)
{
	const struct dr_count *count = &run->count;

	if (!run->request.has_until || !count->has_target)
		return true;
	if (!count->has_after)
		return false;
	return run->request.is_exact	       ? count->after == count->target
	       : run->request.action == DR_ADD ? count->after >= count->target
					       : count->after <= count->target;
}

/* ---- The engine ---- */

void run_hooks(const struct run *run, enum hook_phase phase, unsigned int count)
{
	const struct hook_event event = {
		.type = run->request.type,
		.action = dr_action_name(run->request.action),
		.phase = phase,
		.count = count,
		.drc = run->drc.name ? &run->drc : NULL,
	};

	if (run->has_hooks)
		hooks_run(run->dr, &event);
}

/* Look for hooks once: it is cheaper than a walk to their folder before and after. */
static bool run_may_have_hooks(const struct run *run)
{
	return !run->has_nothing && !run->ops->has_own_hooks &&
	       run->request.action != DR_IDENTIFY && hooks_exist(run->dr);
}

static bool run_may_continue(struct run *run)
{
	if (run->is_undo_incomplete || dr_stop_requested(run->dr))
		return false;
	run->is_late = !run->goes_on && deadline_has_passed(&run->dr->limit);
	return !run->is_late;
}

/* Report how far the run is, and return true if a step follows. A named resource is always
 * tried, because its waits have the limit. So has the first request of a type with one
 * transaction. */
static bool run_has_next(struct run *run, bool is_first)
{
	const struct dr_report *report = &run->dr->report;
	bool is_named = run->request.key || run->ops->is_single;

	if (run->has_nothing || (is_named && !is_first))
		return false;
	if (!is_first && report->progress)
		report->progress(report->priv, run->done, run->requested);
	if (run->done >= run->requested)
		return false;
	if (is_first && run->ops->end)
		return !dr_stop_requested(run->dr);
	return is_named || run_may_continue(run);
}

/* Make a step of a type. It can end one resource, for whose undo there is memory before. */
static bool run_step(struct run *run)
{
	size_t n = run->done;

	if (run->ops->revert)
		vec_add(&run->mem, run->changed, n);
	if (mem_check(&run->mem)) {
		run_fail_with(run, DR_FAULT_MEMORY, -ENOMEM, "%s", run->request.type);
		return false;
	}
	return run->ops->step(run);
}

/* Undo all resources that were done, the newest first. */
static void run_undo(struct run *run)
{
	struct dr_ctx dr = dr_unstoppable(run->dr);

	/* A resource that this run added can be in use already, for example by udev. */
	dr.no_loss = false;
	dr.describe = false;
	for (unsigned int n = run->done; n--;) {
		const struct drc *drc = &run->changed[n];
		struct dr_result result = { 0 };
		int err;

		if (dr.dry_run) {
			run_end_as(run, drc, DR_UNDONE, &result);
			run->done--;
			continue;
		}
		if (run_must_leave(run->dr, run->request.type, drc, run->ops->leaves))
			continue;
		run_begin(run, drc);
		err = run->ops->revert(run, &dr, drc, &result);
		result.is_undo_incomplete |= err != 0;
		run_end_as(run, drc, err ? DR_FAILED : DR_UNDONE, &result);
		if (err)
			run_warn_left(run->dr, run->request.type, drc, result.left,
				      result.n_left, run->ops->leaves);
		run->done -= !err;
		run->is_undone = true;
		run->is_undo_incomplete |= err != 0;
		mem_end(&result.mem);
	}
}

static void run_fall_short(struct run *run)
{
	if (run->is_late)
		run_fail_with(run, DR_FAULT_LATE, -ETIMEDOUT, "%s", run->request.type);
	if (!run->request.key && run->ops->fall_short)
		run->ops->fall_short(run);
	if (run->request.all_or_nothing && run->ops->revert)
		run_undo(run);
}

static enum dr_status run_outcome(const struct run *run)
{
	if (run->is_undo_incomplete)
		return DR_STATUS_NOT_UNDONE;
	if (!run->is_prepared && run->needless)
		return DR_STATUS_DONE;
	if (!run->is_prepared)
		return DR_STATUS_FAILED;
	if (run->is_half_done)
		return DR_STATUS_PARTIAL;
	if (run->done + run->needless >= run->requested && run_is_at_target(run))
		return DR_STATUS_DONE;
	if (run->is_declined)
		return DR_STATUS_DECLINED;
	if (run->done && !run->request.all_or_nothing)
		return DR_STATUS_PARTIAL;
	return DR_STATUS_FAILED;
}

/* Nothing is changed without the memory for what is found. */
static int run_prepare(struct run *run)
{
	size_t bytes = run->ops->priv_bytes;
	void *priv = bytes ? mem_array(&run->mem, 1, bytes) : run->priv;
	int err = 0;

	if (!mem_check(&run->mem)) {
		run->priv = priv;
		err = run->ops->prepare(run);
	}
	if (!mem_check(&run->mem))
		return err;
	dr_error_read(&run->error, run->dr->root, DR_FAULT_NO_SLOTS, -ENOMEM);
	return -ENOMEM;
}

/* Find the resources. Return true if the request must end. */
static bool run_begin_all(struct run *run)
{
	int err;

	do {
		err = leftovers_read(&run->leftovers, run->dr->root);
		if (err) {
			dr_error_read(&run->error, run->dr->root, DR_FAULT_UNREAD, err);
			return true;
		}
		if (run_left_find(run) || run_prepare(run))
			return true;
		/* What a writer changes is counted when it has ended. */
		err = run_left_wait(run);
		if (err > 0)
			run_left_reset(run);
	} while (err > 0);
	return err;
}

/* Each step is complete in itself, or undone. With all_or_nothing, the journal has all steps
 * until the last one is done. A type with an end has one transaction for all. */
enum dr_status run_execute(struct run *run)
{
	enum dr_status outcome;
	bool is_first = true, is_refused;

	run->dr->leftovers = &run->leftovers;
	is_refused = run_begin_all(run);
	if (is_refused && run->left && run_left_undo(run))
		is_refused = run_begin_all(run);
	if (is_refused && run->left) {
		run_left_refuse(run);
	} else if (is_refused) {
		run_fail(run, &run->error, run->drc.name ? &run->drc : NULL);
	} else {
		run->is_prepared = true;
		run->error = (struct dr_error){ 0 };
		run->has_hooks = run_may_have_hooks(run);
		if (!run->request.indexes)
			run_hooks(run, HOOK_PRE, run->requested);
		if (!run->ops->end && run->request.all_or_nothing)
			journal_batch_begin(run->dr);
		while (run_has_next(run, is_first) && run_step(run))
			is_first = false;
		if (run_is_max(run) && !run->ops->end && !run->error.fault &&
		    !run->is_late && !dr_stop_requested(run->dr))
			run->requested = run->done; /* the host assigns no more */
		if (run->ops->end) {
			run->ops->end(run);
		} else {
			if (run->done + run->needless < run->requested)
				run_fall_short(run);
			journal_batch_end(run->dr, run->is_undo_incomplete);
		}
		if (!run->request.indexes)
			run_hooks(run, HOOK_POST, run->done);
	}
	run_count(run);
	if (run->done >= run->requested && !run_is_at_target(run))
		run_fail_with(run, DR_FAULT_WRITER, -EAGAIN,
			      run->count.has_after
				      ? "Another run changed the number meanwhile%s"
				      : "It is unknown how many there are now%s",
			      "");
	outcome = run_outcome(run);
	run_left_tell(run);
	if (run->ops->close)
		run->ops->close(run);
	run->dr->leftovers = NULL;
	mem_end(&run->leftovers.mem);
	run->changed = NULL;
	mem_end(&run->mem);
	return outcome;
}
