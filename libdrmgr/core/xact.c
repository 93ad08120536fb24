// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/xact.h"
#include "kern/writer.h"
#include "librtas/trace_text.h"
#include "wire/workarea.h"

enum { RESERVE_BYTES = 64 << 10 }; /* for the bookkeeping of an undo */

/* Where the tokens of firmware's calls are. */
#define TOKENS "/" DT_BASE "/rtas/"

void xact_begin(struct xact *x, struct dr_ctx *dr, struct mem *m)
{
	*x = (struct xact){ .dr = dr, .mem = m };
}

/* Return the previous step if the journal does not have its end yet. It gets it when the
 * next step begins. */
static struct undo *xact_unnoted(const struct xact *x)
{
	struct undo *last = x->n_undo ? &x->undo[x->n_undo - 1] : NULL;

	return last && !last->is_noted ? last : NULL;
}

/* Record a step before it is made. */
static int xact_record(const struct xact *x, struct undo *undo)
{
	struct undo *done = xact_unnoted(x);
	int err;

	if (x->is_undoing || x->dr->dry_run)
		return 0;
	err = journal_begin(x->dr, undo->kind, undo->arg, done, &undo->id);
	if (undo->id && done)
		done->is_noted = true;
	return err;
}

int xact_check_memory(struct xact *x, const char *what)
{
	int err = mem_check(x->mem);

	return err ? xact_fail(x, DR_FAULT_MEMORY, NULL, err, "%s", what) : 0;
}

int xact_push(struct xact *x, const struct undo_kind *kind, void *arg)
{
	struct undo undo = { .kind = kind, .arg = arg, .on = x->on };
	size_t n = x->n_undo;
	struct undo *room = vec_add(x->mem, x->undo, x->n_undo);
	int err = xact_check_memory(x, " ");

	x->n_undo = n;
	if (err)
		return err;
	err = xact_record(x, &undo);
	if (err)
		return xact_fail(x, DR_FAULT_JOURNAL, NULL, err,
				 "/" JOURNAL_DIR "/" JOURNAL_FILE);
	*room = undo;
	x->n_undo = n + 1;
	return 0;
}

/* Return the number of the connector; 0: it is not among the others. */
static size_t xact_find_other(const struct xact *x, uint32_t index)
{
	size_t n = x->n_others;

	while (n && x->others[n - 1].index != index)
		n--;
	return n;
}

int xact_enter(struct xact *x, const struct connector *c, const char *node)
{
	size_t at = xact_find_other(x, c->drc.index);
	int err;

	if (!at) {
		*vec_add(x->mem, x->others, x->n_others) =
			(struct dr_other){ .index = c->drc.index,
					   .name = mem_copy(x->mem, c->drc.name) };
		at = x->n_others;
	}
	err = xact_check_memory(x, c->drc.name);
	if (err)
		return err;
	x->on = at;
	if (node)
		x->others[at - 1].node = mem_copy(x->mem, node);
	return 0;
}

int xact_push_connector(struct xact *x, const struct undo_kind *kind,
			const struct connector *c)
{
	return xact_push(x, kind, (void *)(uintptr_t)c);
}

void xact_drop(struct xact *x)
{
	journal_note(x->dr, "undone", x->undo[x->n_undo - 1].id);
	x->n_undo--;
}

int xact_note_node(struct xact *x, const char *node)
{
	struct undo *last = x->n_undo ? &x->undo[x->n_undo - 1] : NULL;
	uint64_t inode;
	int err = node_inode(x->dr->root, node, &inode);

	if (!err && last && !x->is_undoing && last->kind->attaches)
		last->inodes = mem_text(x->mem, "%s %" PRIu64,
					last->inodes ? last->inodes : "", inode);
	return err;
}

bool xact_is_unknown(int err)
{
	return err == -ETIMEDOUT || err == -EINTR || err == -EIO || err == -ECHILD;
}

int xact_was_done(struct xact *x)
{
	if (!x->is_undoing) /* else keep the error that led to the undo */
		x->error = (struct dr_error){ 0 };
	return 0;
}

/* Add each word once. */
void xact_note_left(struct xact *x, const char *words)
{
	for (const char *word = words; word && *word;) {
		size_t len = strcspn(word, " "), i = 0;

		while (i < x->n_left &&
		       (strncmp(x->left[i], word, len) || x->left[i][len]))
			i++;
		if (i == x->n_left)
			*vec_add(x->mem, x->left, x->n_left) =
				mem_copy_n(x->mem, word, len);
		word += len + strspn(word + len, " ");
	}
}

bool xact_undo_step(struct xact *x, const struct undo_kind *kind, void *arg,
		    bool *is_unread)
{
	struct kern_unread *unread = x->dr->root->unread;
	int err;

	if (unread)
		unread->err = 0;
	err = kind->undo(x, arg);
	*is_unread = err && (err == -ENOMEM || (unread && unread->err));
	return !err;
}

/* Undo one step, and try that twice: an error of firmware or the kernel may be the only one.
 * Return true if the state is as before the step. */
static bool xact_undo_one(struct xact *x, const struct undo *undo, bool *is_unread)
{
	*is_unread = false;
	for (int i = 0; i < 2; i++) {
		x->is_unknown = dr_is_writing(x->dr, 0);
		if (x->is_unknown)
			return false;
		if (xact_undo_step(x, undo->kind, undo->arg, is_unread))
			return true;
	}
	return false;
}

void xact_undo_to(struct xact *x, size_t n)
{
	bool was_undoing = x->is_undoing;
	size_t on = x->on;

	x->is_undoing = x->mem->is_undoing = true;
	while (x->n_undo > n) {
		size_t at = x->n_undo - 1;
		const struct undo undo = x->undo[at];
		bool is_unread;

		x->on = undo.on;
		if (!xact_undo_one(x, &undo, &is_unread) && !x->dr->dry_run) {
			x->is_undo_incomplete = true;
			xact_note_left(x, undo.kind->leaves);
			if (is_unread) /* older steps may depend on it */
				xact_leave_to(x, n);
		}
		/* Otherwise a recovery begins at the failed step. */
		if (!x->is_undo_incomplete)
			journal_note(x->dr, "undone", undo.id);
		if (x->n_undo > at) /* not if the rest was left to a recovery */
			x->n_undo = at;
	}
	x->is_undoing = x->mem->is_undoing = was_undoing;
	x->on = on;
}

void xact_leave_to(struct xact *x, size_t n)
{
	x->is_undo_incomplete = true;
	while (x->n_undo > n)
		xact_note_left(x, x->undo[--x->n_undo].kind->leaves);
}

void xact_keep(struct xact *x, size_t n)
{
	unsigned int last = 0;

	for (size_t i = 0; i < n; i++)
		if (x->undo[i].id)
			last = x->undo[i].id;
	journal_commit_to(x->dr, last);
	x->n_undo -= n;
	memmove(x->undo, x->undo + n, x->n_undo * sizeof(*x->undo));
	x->error = (struct dr_error){ 0 };
}

int xact_end(struct xact *x, int err)
{
	if (err && !x->dr->dry_run)
		xact_undo_to(x, 0);
	x->n_undo = 0;
	if (x->is_undo_incomplete)
		journal_keep(x->dr);
	else
		journal_commit(x->dr);
	return err;
}

bool xact_is_planned_gone(const struct xact *x, const char *what)
{
	for (size_t i = 0; i < x->n_planned_gone; i++)
		if (!strcmp(x->planned_gone[i], what))
			return true;
	return false;
}

bool xact_plan_gone(struct xact *x, const char *what)
{
	if (!x->dr->dry_run)
		return false;
	if (xact_is_planned_gone(x, what))
		return true;
	*vec_add(x->mem, x->planned_gone, x->n_planned_gone) = mem_copy(x->mem, what);
	return false;
}

int xact_finish(struct xact *x, int err, struct dr_result *result)
{
	if (err == -ENOMEM && !x->error.fault)
		xact_fail(x, DR_FAULT_MEMORY, NULL, err, " ");
	if (err && !x->dr->dry_run)
		xact_undo_to(x, 0);
	result->left = x->left;
	result->n_left = x->n_left;
	result->others = x->others;
	result->n_others = x->n_others;
	err = xact_end(x, err);
	result->error = x->error;
	result->is_undo_incomplete = x->is_undo_incomplete;
	return err;
}

int xact_fail(struct xact *x, enum dr_fault fault, const char *step, int err,
	      const char *fmt, ...)
{
	struct dr_error error = { .fault = fault, .step = step, .err = err };
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(error.what, sizeof(error.what), fmt, ap);
	va_end(ap);

	if (x->is_undoing)
		dr_log_err(x->dr->log, "undo: %s: %s", step ? step : "", error.what);
	else if (!x->error.fault)
		x->error = error;
	return err;
}

int xact_unread(struct xact *x, const char *step, int err)
{
	struct dr_error error;

	dr_error_read(&error, x->dr->root, DR_FAULT_TREE, err);
	return xact_fail(x, error.fault, step, err, "%s", error.what);
}

/* Return the deadline of a call. A started walk and an undo have a limit of their own:
 * ending them early would leave a connector in an unfinished state. */
static struct deadline xact_call_deadline(const struct xact *x)
{
	struct deadline dl = deadline_in_ms(DR_CALL_MS);

	return x->is_walking || x->is_undoing ? dl : deadline_sooner(dl, x->dr->limit);
}

struct deadline xact_wait_until(const struct xact *x, int64_t default_ms)
{
	return x->is_undoing ? deadline_in_ms(default_ms)
			     : dr_wait_until(x->dr, default_ms);
}

/* Return the deadline of a write: that of -w; in an undo, and in a request that goes on,
 * the same time again. A write that begins late gets a moment. */
static struct deadline xact_write_deadline(const struct xact *x)
{
	int64_t ms = x->dr->limit_ms ? x->dr->limit_ms : DR_CALL_MS;
	bool has_own = x->is_undoing || x->goes_on || !x->dr->limit_ms ||
		       x->dr->limit.at_ns == INT64_MAX;

	return deadline_later(has_own ? deadline_in_ms(ms) : x->dr->limit,
			      deadline_in_ms(DR_FACT_MS));
}

struct deadline xact_write_until(const struct xact *x, int64_t default_ms)
{
	return x->dr->limit_ms ? xact_write_deadline(x) : xact_wait_until(x, default_ms);
}

bool xact_pause(const struct xact *x, const struct deadline *dl, int ms)
{
	if (!x->is_undoing)
		return dr_pause(x->dr, dl, ms);
	deadline_wait_ms(dl, ms);
	return !deadline_has_passed(dl);
}

static int xact_check_stop(struct xact *x, const char *op)
{
	if (x->is_walking || x->is_undoing || !dr_stop_requested(x->dr))
		return 0;
	return xact_fail(x, DR_FAULT_INTERRUPTED, op, -EINTR, "signal");
}

static void xact_report(const struct xact *x, struct dr_step *step)
{
	step->index = x->on ? x->others[x->on - 1].index : 0;
	x->dr->report.step(x->dr->report.priv, step);
}

int xact_call(struct xact *x, const char *op, enum rtas_call call, struct rtas_args *args,
	      int32_t *status)
{
	struct dr_step step = { .op = op, .is_call = true };
	struct deadline dl = xact_call_deadline(x);
	char text[RTAS_TRACE_TEXT_MAX];
	int64_t begin;

	begin = deadline_now_ns();
	*status = RTAS_SUCCESS;
	step.is_planned = x->dr->dry_run && call != RTAS_GET_SENSOR_STATE &&
			  call != RTAS_GET_POWER_LEVEL;
	if (!step.is_planned)
		step.err = engine_call(x->dr->engine, call, args, status, &dl);
	else
		args->nargs = rtas_desc(call)->nargs;

	rtas_call_text(call, args, text, sizeof(text));
	step.args = text;
	step.status = *status;
	step.ns = deadline_now_ns() - begin;
	xact_report(x, &step);
	if (step.err)
		xact_call_failed(x, op, call, step.err, text);
	return step.err;
}

void xact_call_failed(struct xact *x, const char *op, enum rtas_call call, int err,
		      const char *what)
{
	const struct kern_unread *unread = x->dr->root->unread;
	bool is_first = !x->error.fault && !x->is_undoing;

	if (unread && unread->err == err &&
	    !strncmp(unread->path, TOKENS, strlen(TOKENS)))
		xact_unread(x, op, err);
	else
		xact_fail(x, DR_FAULT_CALL, op, err, "%s", what);
	if (is_first)
		x->error.call = rtas_desc(call)->name;
}

static enum dr_advice status_advice(enum rtas_call call, int32_t status)
{
	if (status == RTAS_HARDWARE_ERROR)
		return DR_ADVICE_HARDWARE;
	if (call == RTAS_SET_POWER_LEVEL && status == DRC_POWER_WRONG_SPEED)
		return DR_ADVICE_BUS_SPEED;
	if (call != RTAS_CONFIGURE_CONNECTOR)
		return DR_ADVICE_SERVICE;

	switch (status) {
	case CC_NOT_THIS_SYSTEM:
		return DR_ADVICE_NOT_THIS_SYSTEM;
	case CC_NOT_THIS_SLOT:
		return DR_ADVICE_NOT_THIS_SLOT;
	case CC_UNUSABLE:
		return DR_ADVICE_UNUSABLE;
	default:
		return DR_ADVICE_SERVICE;
	}
}

int xact_refused(struct xact *x, const char *op, enum rtas_call call, int32_t status)
{
	bool is_first = !x->error.fault && !x->is_undoing;

	xact_fail(x, DR_FAULT_FIRMWARE, op, -EREMOTEIO, "%s = %d (%s)",
		  rtas_desc(call)->name, status, rtas_status_text(call, status));
	if (is_first) {
		x->error.call = rtas_desc(call)->name;
		x->error.status = status;
		x->error.advice = status_advice(call, status);
		x->error.is_walk = call == RTAS_CONFIGURE_CONNECTOR;
	}
	return -EREMOTEIO;
}

int xact_call_ok(struct xact *x, const char *op, enum rtas_call call,
		 struct rtas_args *args)
{
	int32_t status;
	int err = xact_call(x, op, call, args, &status);

	return err || !status ? err : xact_refused(x, op, call, status);
}

bool xact_is_limited(const struct xact *x)
{
	return (x->dr->limit.at_ns != INT64_MAX || x->dr->limit_ms) && !x->is_walking &&
	       !x->is_patient && !x->dr->dry_run;
}

/* Set the limit of a write. A write that suspends the partition has none. */
static void xact_limit_writes(struct xact *x)
{
	x->dr->root->limit = NULL;
	if (!xact_is_limited(x) && !x->is_long)
		return;
	x->step_limit = xact_is_limited(x) ? xact_write_deadline(x) : deadline_never();
	x->dr->root->limit = &x->step_limit;
}

int xact_step_begin(struct xact *x, const char *op, const char *fmt, ...)
{
	int err = xact_check_stop(x, op);
	va_list ap;

	if (!err && !x->is_undoing && mem_reserve(x->mem, RESERVE_BYTES))
		err = xact_check_memory(x, " ");
	if (err)
		return err;

	va_start(ap, fmt);
	vsnprintf(x->step_args, sizeof(x->step_args), fmt, ap);
	va_end(ap);
	x->step_op = op;
	x->step_began_ns = deadline_now_ns();
	xact_limit_writes(x);
	x->dr->root->write_text = x->step_args;
	if (x->dr->dry_run)
		xact_report(x, &(struct dr_step){ .op = op,
						  .args = x->step_args,
						  .is_planned = true });
	return x->dr->dry_run;
}

int xact_step_end(struct xact *x, int err)
{
	struct dr_step step = {
		.op = x->step_op,
		.args = x->step_args,
		.err = err,
		.ns = deadline_now_ns() - x->step_began_ns,
	};

	x->dr->root->limit = NULL;
	x->dr->root->write_text = NULL;
	x->is_unknown = xact_is_unknown(err) && dr_is_writing(x->dr, DR_FACT_MS);
	xact_report(x, &step);
	return err;
}

int xact_write(struct xact *x, const char *op, const char *path, const char *text)
{
	int err = xact_step_begin(x, op, "write /%s %.*s", path, (int)strcspn(text, "\n"),
				  text);

	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, kern_write(x->dr->root, path, text, strlen(text)));
	return err ? xact_fail(x, DR_FAULT_KERNEL, op, err, "/%s", path) : 0;
}
