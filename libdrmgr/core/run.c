// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/hooks.h"
#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/run.h"
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

void run_fail(struct run *run, const struct dr_error *error, const struct drc *drc)
{
	_cleanup_free_ char *text = run->ops->words(error, drc);

	if (error != &run->error)
		run->error = *error;
	run->dr->report.fail(run->dr->report.priv, error, text ? text : strerror(ENOMEM));
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
	dr_warn(run->dr, "%s", text ? text : strerror(ENOMEM));
}

/* Keep the resource for an undo. */
static void run_note_done(struct run *run, const struct drc *drc)
{
	struct drc *more = realloc(run->changed, (run->done + 1) * sizeof(*more));

	if (more) {
		more[run->done++] = *drc;
		run->changed = more;
	}
}

int run_end(struct run *run, const struct drc *drc, int err,
	    const struct dr_result *result)
{
	const struct dr_report *report = &run->dr->report;
	_cleanup_free_ char *text = NULL;

	if (!err) {
		run_note_done(run, drc);
		run_end_as(run, drc, run->dr->dry_run ? DR_PLANNED : DR_DONE, result);
		return 0;
	}
	text = run->ops->words(&result->error, drc);
	run->error = result->error;
	run->is_undone = true;
	run->is_undo_incomplete |= result->is_undo_incomplete;
	report->fail(report->priv, &result->error, text ? text : strerror(ENOMEM));
	if (result->is_undo_incomplete)
		run_warn_left(run->dr, run->request.type, drc, &result->left,
			      run->ops->leaves);
	report->end(report->priv, drc, DR_FAILED, result, text);
	return err;
}

void run_warn_left(const struct dr_ctx *dr, const char *type, const struct drc *drc,
		   const struct kern_names *left, const char *words)
{
	const struct kern_writers *writers = dr->root->writers;
	struct kern_writer other;
	_cleanup_free_ char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	for (size_t i = 0; to && i < left->n; i++)
		fprintf(to, " %s", left->name[i]);
	if (to && !left->n)
		fprintf(to, " %s", words);
	if (to && fclose(to))
		to = NULL;
	if (drc && !drc->index)
		dr_warn(dr, "%s: not undone:%s", drc->name, to ? text : "");
	else if (drc)
		dr_warn(dr, "%s (0x%08x): not undone:%s", drc->name, drc->index,
			to ? text : "");
	else
		dr_warn(dr, "%s: not undone:%s", type, to ? text : "");
	if (writers && writers->late.pid)
		dr_warn(dr,
			"PID %d is still writing to /%s: when it has ended, run drmgr "
			"--recover",
			(int)writers->late.pid, writers->late.path);
	if (writers && writers->late.pid &&
	    writers_find_other(dr->root, &writers->late, &other))
		dr_warn(dr, "PID %d has /%s open: that write may be waiting for it",
			(int)other.pid, other.path);
}

bool run_must_leave(const struct dr_ctx *dr, const char *type, const struct drc *drc,
		    const char *words)
{
	static const struct kern_names all = { 0 };

	if (journal_is_kept(dr))
		return true;
	if (!dr_is_writing(dr, 0))
		return false;
	run_warn_left(dr, type, drc, &all, words);
	return true;
}

/* ---- What earlier runs left ---- */

bool run_is_left(const struct run *run, const struct connectors *cs,
		 const struct connector *c)
{
	return leftovers_find(run->dr->leftovers, cs, c) != NULL;
}

int run_block(struct run *run, const struct leftover *left)
{
	run->left = left;
	return left ? -EUCLEAN : 0;
}

/* Report that run->left blocks the request. */
static void run_refuse_left(struct run *run)
{
	const struct leftover *left = run->left;
	_cleanup_free_ char *names = leftover_names(left), *text = NULL;
	const struct dr_report *report = &run->dr->report;

	run->error = (struct dr_error){ .fault = DR_FAULT_LEFT, .err = -EUCLEAN };
	run->is_undo_incomplete = true;
	snprintf(run->error.what, sizeof(run->error.what), "%s", names ? names : "");
	text = left->read.writer.pid
		       ? text_of("%s: incomplete since an earlier run (PID %d: %s), whose PID "
				 "%d is still writing to /%s\n"
				 "When that process has ended, run drmgr --recover.",
				 run->error.what, left->read.pid, left->read.command,
				 (int)left->read.writer.pid, left->read.writer.path)
		       : text_of("%s: incomplete since an earlier run (PID %d: %s)\n"
				 "Correct the cause and run drmgr --recover, or undo its steps "
				 "by hand and run drmgr --recover --discard %s.",
				 run->error.what, left->read.pid, left->read.command,
				 left->n ? *left->list[0].name ? left->list[0].name : ""
					 : left->read.kind);
	report->fail(report->priv, &run->error, text ? text : strerror(ENOMEM));
}

/* Find what blocks the request before its resources are read: the node of the named one may
 * be detached. Otherwise warn once about all of them. */
static bool run_find_left(struct run *run)
{
	const struct leftovers *ls = &run->leftovers;

	if (!ls->n)
		return false;
	run->left = leftovers_find_request(ls, run->request.key, run->request.kind);
	if (run->left || run->has_warned)
		return run->left;
	run->has_warned = true;
	for (size_t i = 0; i < ls->n; i++) {
		_cleanup_free_ char *names = leftover_names(&ls->list[i]);

		dr_warn(run->dr,
			"%s: incomplete since an earlier run (PID %d: %s): run drmgr "
			"--recover",
			names ? names : "", ls->list[i].read.pid,
			ls->list[i].read.command);
	}
	return false;
}

/* The locks of the kernel that a write may hold for its whole time. */
enum {
	LOCK_PCI = 1,	/* of removals, scans and slots */
	LOCK_CORES = 2, /* of processors and memory */
	LOCK_TREE = 4,
};

static unsigned int writer_locks(const struct leftover *left)
{
	static const struct {
		const char *path;
		unsigned int lock;
	} rows[] = {
		{ "sys/bus/pci/", LOCK_PCI },
		{ "sys/class/pci_bus/", LOCK_PCI },
		{ "sys/devices/system/", LOCK_CORES },
		{ "sys/kernel/dlpar", LOCK_TREE },
		{ "sys/kernel/mobility/", LOCK_TREE },
		{ "proc/ppc64/ofdt", LOCK_TREE },
		{ "proc/device-tree-overlay", LOCK_TREE },
	};
	const char *path = left->read.writer.path, *kind = left->read.kind;

	if (!strcmp(path, "sys/kernel/dlpar") &&
	    (!strcmp(kind, "cpu") || !strcmp(kind, "mem")))
		return LOCK_CORES;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strncmp(path, rows[i].path, strlen(rows[i].path)))
			return rows[i].lock;
	return 0;
}

/* Return the locks that a request needs. */
static unsigned int run_locks(const struct run *run)
{
	static const struct {
		const char *kind;
		unsigned int locks;
	} rows[] = {
		{ "pci", LOCK_PCI | LOCK_TREE },   { "phb", LOCK_PCI | LOCK_TREE },
		{ "slot", LOCK_PCI | LOCK_TREE },  { "port", LOCK_PCI | LOCK_TREE },
		{ "cpu", LOCK_CORES | LOCK_TREE }, { "mem", LOCK_CORES | LOCK_TREE },
		{ "cpu smt_threads", LOCK_CORES }, { "tree", LOCK_TREE },
	};

	if (run->dr->dry_run || run->request.action == DR_IDENTIFY ||
	    run->request.action == DR_QUERY)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (!strcmp(run->request.kind, rows[i].kind))
			return rows[i].locks;
	return 0;
}

/* Wait for writers of leftovers whose lock this request needs. Its own write would wait in
 * the kernel, where nothing can call it back. Without a limit (-w) of the user, do not wait.
 * Return 0 or a negative errno. */
static int run_wait_for_writers(struct run *run)
{
	const struct leftovers *ls = &run->leftovers;
	bool waits = run->dr->limit_ms && !run->request.try_once;
	struct deadline dl = waits ? run->dr->limit : deadline_in_ms(0);
	int err = 0;

	for (size_t i = 0; !err && i < ls->n; i++) {
		const struct leftover *left = &ls->list[i];
		const struct kern_writer *writer = &left->read.writer;

		if (!writer->pid || !(writer_locks(left) & run_locks(run)))
			continue;
		if (waits)
			dr_report_wait(run->dr, &dl, "PID %d, which is writing to /%s",
				       (int)writer->pid, writer->path);
		err = writer_wait_for(run->dr->root, writer, &dl, run->dr->stop_fd);
		if (!err)
			continue;
		run->error = (struct dr_error){ .fault = DR_FAULT_WRITER, .err = err };
		snprintf(run->error.what, sizeof(run->error.what),
			 "PID %d of an earlier run (PID %d: %.60s) is still writing to "
			 "/%.90s, and the kernel would let this change wait for it: "
			 "nothing is changed",
			 (int)writer->pid, left->read.pid, left->read.command,
			 writer->path);
	}
	return err;
}

/* ---- The engine ---- */

static void run_hooks(const struct run *run, enum hook_phase phase, unsigned int count)
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
	run->is_late = deadline_has_passed(&run->dr->limit);
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

/* Undo all resources that were done, the newest first. */
static void run_undo(struct run *run)
{
	struct dr_ctx dr = dr_unstoppable(run->dr);

	/* A resource that this run added can be in use already, for example by udev. */
	dr.no_loss = false;
	dr.describe = false;
	for (unsigned int n = run->done; n-- && !dr.dry_run;) {
		const struct drc *drc = &run->changed[n];
		struct dr_result result = { 0 };
		int err;

		if (run_must_leave(run->dr, run->request.type, drc, run->ops->leaves))
			continue;
		run_begin(run, drc);
		err = run->ops->revert(run, &dr, drc, &result);
		run_end_as(run, drc, err ? DR_FAILED : DR_UNDONE, &result);
		if (err)
			run_warn_left(run->dr, run->request.type, drc, &result.left,
				      run->ops->leaves);
		run->done -= !err;
		run->is_undone = true;
		run->is_undo_incomplete |= err != 0;
		dr_result_free(&result);
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
	if (!run->is_prepared)
		return DR_STATUS_FAILED;
	if (run->is_half_done)
		return DR_STATUS_PARTIAL;
	if (run->done >= run->requested)
		return DR_STATUS_DONE;
	if (run->is_declined)
		return DR_STATUS_DECLINED;
	if (run->done && !run->request.all_or_nothing)
		return DR_STATUS_PARTIAL;
	return DR_STATUS_FAILED;
}

/* Find the resources. Return true if the request must end. */
static bool run_begin_all(struct run *run)
{
	int err;

	leftovers_free(&run->leftovers);
	err = leftovers_read(&run->leftovers, run->dr->root);
	if (err) {
		dr_error_read(&run->error, run->dr->root, DR_FAULT_UNREAD, err);
		return true;
	}
	return run_find_left(run) || run->ops->prepare(run) || run_wait_for_writers(run);
}

/* Try to undo what blocks the request. Return true if it can begin again. */
static bool run_undo_left(struct run *run)
{
	if (run->dr->dry_run || run->left->read.writer.pid || !run->undo_left ||
	    !run->undo_left(run->left_priv, run->left))
		return false;
	if (run->ops->close)
		run->ops->close(run);
	run->priv = NULL;
	run->left = NULL;
	run->requested = 0;
	run->drc = (struct drc){ 0 };
	run->error = (struct dr_error){ 0 };
	return true;
}

/* Each step is complete in itself, or undone. With all_or_nothing, the journal has all steps
 * until the last one is done. A type with an end has one transaction for all. */
enum dr_status run_execute(struct run *run)
{
	enum dr_status outcome;
	bool is_first = true, is_refused;

	run->dr->leftovers = &run->leftovers;
	is_refused = run_begin_all(run);
	if (is_refused && run->left && run_undo_left(run))
		is_refused = run_begin_all(run);
	if (is_refused && run->left) {
		run_refuse_left(run);
	} else if (is_refused) {
		run_fail(run, &run->error, run->drc.name ? &run->drc : NULL);
	} else {
		run->is_prepared = true;
		run->error = (struct dr_error){ 0 };
		run->has_hooks = run_may_have_hooks(run);
		run_hooks(run, HOOK_PRE, run->requested);
		if (!run->ops->end && run->request.all_or_nothing)
			journal_batch_begin(run->dr);
		while (run_has_next(run, is_first) && run->ops->step(run))
			is_first = false;
		if (run->ops->end) {
			run->ops->end(run);
		} else {
			if (run->done < run->requested)
				run_fall_short(run);
			journal_batch_end(run->dr, run->is_undo_incomplete);
		}
		run_hooks(run, HOOK_POST, run->done);
	}
	outcome = run_outcome(run);
	if (run->ops->close)
		run->ops->close(run);
	run->dr->leftovers = NULL;
	leftovers_free(&run->leftovers);
	free(run->changed);
	run->changed = NULL;
	return outcome;
}
