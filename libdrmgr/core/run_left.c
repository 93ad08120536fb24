// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/run_left.h"
#include "kern/text.h"
#include "kern/writer.h"

int run_left_block(struct run *run, const struct leftover *left)
{
	run->left = left;
	return left ? -EUCLEAN : 0;
}

/* Return the text, which the caller frees. */
static char *run_left_fail(struct run *run, const struct leftover *left)
{
	_cleanup_free_ char *names = leftover_names(left);
	char *text = leftover_text(left);
	const struct dr_report *report = &run->dr->report;

	run->error = (struct dr_error){ .fault = DR_FAULT_LEFT, .err = -EUCLEAN };
	snprintf(run->error.what, sizeof(run->error.what), "%s", names ? names : "");
	report->fail(report->priv, &run->error, text_or_reason(text));
	return text;
}

void run_left_refuse(struct run *run)
{
	run->is_undo_incomplete = true;
	free(run_left_fail(run, run->left));
}

void run_left_refuse_one(struct run *run, const struct drc *drc,
			 const struct leftover *left)
{
	const struct dr_report *report = &run->dr->report;
	struct dr_result result = { 0 };
	_cleanup_free_ char *text = NULL;

	run_begin(run, drc);
	text = run_left_fail(run, left);
	result.error = run->error;
	report->end(report->priv, drc, DR_FAILED, &result, text_or_reason(text));
}

const struct leftover *run_left_of(const struct leftovers *ls,
				   const struct connectors *cs, uint32_t index)
{
	const struct leftover *left = leftovers_find_index(ls, index);
	const struct connector *c = connectors_by_index(cs, index);

	return left || !c ? left : leftovers_find(ls, cs, c);
}

static void run_left_warn(const struct run *run, const struct leftover *left)
{
	_cleanup_free_ char *text = leftover_text(left);

	dr_warn(run->dr, "%s", text_or_reason(text));
}

bool run_left_find(struct run *run)
{
	const struct leftovers *ls = &run->leftovers;

	if (!ls->n)
		return false;
	run->left = leftovers_find_request(ls, run->request.key, run->request.kind);
	if (run->left || run->has_warned)
		return run->left;
	run->has_warned = true;
	for (size_t i = 0; i < ls->n; i++)
		run_left_warn(run, &ls->list[i]);
	return false;
}

void run_left_tell(const struct run *run)
{
	const struct kern_writers *writers = run->dr->root->writers;
	_cleanup_mem_ struct mem m = { 0 };
	struct leftover left;

	if (journal_is_kept(run->dr)) {
		leftover_read(&left, &m, run->dr->root, run->dr->journal->kept);
		run_left_warn(run, &left);
	} else if (run->is_undo_incomplete && writers && writers->late.pid) {
		dr_warn(run->dr, "PID %d is still writing to /%s, without a journal",
			(int)writers->late.pid, writers->late.path);
	}
}

/* Return the locks that the writer may hold. */
static unsigned int run_left_writer_locks(const struct leftover *left)
{
	const char *path = left->writer.path, *kind = left->kind;
	const char *parent = left->n ? left->list->parent : NULL;

	if (!strcmp(path, "sys/kernel/dlpar") &&
	    (!strcmp(kind, "cpu") || !strcmp(kind, "mem")))
		return WRITER_CORES;
	return writer_locks(path) &
	       ~(parent && !strcmp(parent, "/vdevice") ? WRITER_PCI : 0U);
}

/* Return the locks that a request needs. */
static unsigned int run_left_locks(const struct run *run)
{
	if (run->dr->dry_run || run->request.action == DR_IDENTIFY ||
	    run->request.action == DR_QUERY)
		return 0;
	return run->ops->locks & ~(run->is_virtual ? WRITER_PCI : 0U);
}

/* Find a leftover whose writer this request would wait for in the kernel. */
static const struct leftover *run_left_find_writer(const struct run *run)
{
	for (size_t i = 0; i < run->leftovers.n; i++) {
		const struct leftover *left = &run->leftovers.list[i];

		if (left->state != LEFTOVER_INCOMPLETE &&
		    (run_left_writer_locks(left) & run_left_locks(run)))
			return left;
	}
	return NULL;
}

/* Wait for a writer until it has ended, or a second for a run that needs the lock. Return 0, or
 * a negative errno. */
static int run_left_wait_for(const struct run *run, const struct leftover *left,
			     const struct deadline *dl)
{
	const struct kern_writer *writer = &left->writer;
	struct deadline second = deadline_second(dl);
	int err;

	if (left->state != LEFTOVER_NEEDS_LOCK)
		return writer_wait_for(run->dr->root, writer, dl, run->dr->stop_fd);
	err = writer_wait_for(run->dr->root, writer, &second, run->dr->stop_fd);
	return err == -ETIMEDOUT && !deadline_has_passed(dl) ? 0 : err;
}

int run_left_wait(struct run *run)
{
	const struct leftover *left = run_left_find_writer(run);
	const struct kern_writer *writer = left ? &left->writer : NULL;
	bool waits = run->dr->limit_ms && !run->request.try_once;
	bool yields = waits && run->dr->may_yield;
	struct deadline dl = waits ? run->dr->limit : deadline_in_ms(0);
	int err;

	if (!left)
		return 0;
	if (waits && left->state == LEFTOVER_NEEDS_LOCK)
		dr_report_wait(run->dr, &dl, "PID %d, which needs the lock to go on",
			       (int)writer->pid);
	else if (waits)
		dr_report_wait(run->dr, &dl, "PID %d, which is writing to /%s",
			       (int)writer->pid, writer->path);
	if (yields)
		run->dr->turn(run->dr->turn_priv, NULL);
	err = run_left_wait_for(run, left, &dl);
	if (!err && yields)
		err = run->dr->turn(run->dr->turn_priv, &dl);
	if (!err)
		return 1;
	run->error = (struct dr_error){ .fault = DR_FAULT_WRITER, .err = err };
	if (left->state == LEFTOVER_NEEDS_LOCK)
		snprintf(run->error.what, sizeof(run->error.what),
			 "PID %d (%.60s) must go on with its change first: nothing is "
			 "changed",
			 (int)writer->pid, left->command);
	else if (err == -EAGAIN)
		snprintf(run->error.what, sizeof(run->error.what),
			 "PID %d has ended, but another process has the lock: nothing is "
			 "changed",
			 (int)writer->pid);
	else
		snprintf(run->error.what, sizeof(run->error.what),
			 "PID %d of an earlier run (PID %d: %.60s) is still writing to "
			 "/%.90s, and the kernel would let this change wait for it: "
			 "nothing is changed",
			 (int)writer->pid, left->pid, left->command, writer->path);
	return err;
}

void run_left_reset(struct run *run)
{
	if (run->ops->close)
		run->ops->close(run);
	mem_end(&run->mem);
	run->priv = NULL;
	run->left = NULL;
	run->requested = run->needless = 0;
	run->count = (struct dr_count){ 0 };
	run->has_nothing = false;
	run->drc = (struct drc){ 0 };
	run->error = (struct dr_error){ 0 };
}

static bool run_left_try(const struct run *run, const struct leftover *left)
{
	return !run->dr->dry_run && left->state == LEFTOVER_INCOMPLETE &&
	       run->undo_left && run->undo_left(run->left_priv, left);
}

bool run_left_undo_some(struct run *run, const struct connectors *cs)
{
	const uint32_t *indexes = run->request.indexes;
	bool is_undone = false;

	for (size_t i = 0; i < run->leftovers.n; i++) {
		struct leftovers one = { .list = &run->leftovers.list[i], .n = 1 };
		size_t at = 0;

		while (at < run->request.n_indexes && !run_left_of(&one, cs, indexes[at]))
			at++;
		if (at < run->request.n_indexes)
			is_undone |= run_left_try(run, one.list);
	}
	return is_undone;
}

bool run_left_undo(struct run *run)
{
	if (!run_left_try(run, run->left))
		return false;
	run_left_reset(run);
	return true;
}
