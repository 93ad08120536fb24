// SPDX-License-Identifier: LGPL-2.1-or-later
/* Undo the changes of a run that was killed, or move its journal away. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/core/discard.h"
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/tree/apply.h"
#include "kern/text.h"

#define JOURNAL_PATH "/" JOURNAL_DIR "/" JOURNAL_FILE

static void interrupted_set(struct dr_interrupted *to, const struct dr_interrupted *from)
{
	context_copy_sized(to, to->size, from, sizeof(*from));
}

static void interrupted_copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%.*s", (int)size - 1, from);
}

bool dr_needs_recovery(const struct dr *dr)
{
	_cleanup_names_ struct kern_names files = { 0 };

	return recovery_is_needed(&dr->session.dr) ||
	       leftovers_list(&dr->session.root, &files) || files.n;
}

static char *recover_text(int err, struct recovered *found)
{
	switch (err) {
	case -EUCLEAN:
	case -EINPROGRESS:
		return found->text;
	case -EPERM:
		return text_of(JOURNAL_PATH
			       ": not a file that only root can write, so nothing "
			       "is undone: examine it, then run drmgr "
			       "--recover --discard");
	default:
		return text_of(JOURNAL_PATH ": %s: examine it and the machine, then run "
					    "drmgr --recover --discard",
			       err == -EBADMSG || err == -E2BIG ? "not a journal"
								: strerror(-err));
	}
}

int context_recover_file(struct dr *dr, const char *file, const char *backend,
			 struct dr_interrupted *interrupted)
{
	struct dr_interrupted result = { .undone = 0 };
	struct dr_ctx *ctx = &dr->session.dr;
	static const struct error_words none = { 0 };
	struct recovered found = { .undone = 0 };
	struct dr_error error = { .fault = DR_FAULT_UNDO };
	int err;

	if (apply_choose(ctx, backend ? backend : "auto", false, &error)) {
		if (ctx->is_backend_forced)
			return context_fail(dr, &error, error_text(&error, NULL, &none),
					    error.err);
		ctx->backend = &apply_none; /* not every step needs one */
	}
	err = recovery_run(ctx, file, &found);
	interrupted_copy_text(result.connectors, sizeof(result.connectors),
			      found.connectors);
	result.undone = found.undone;
	result.pid = found.pid;
	result.writer = (int)found.writer.pid;
	interrupted_copy_text(result.command, sizeof(result.command), found.command);
	interrupted_copy_text(result.step, sizeof(result.step), found.step);
	interrupted_copy_text(result.writer_path, sizeof(result.writer_path),
			      found.writer.path);
	interrupted_set(interrupted, &result);
	if (!err)
		return 0;
	error = (struct dr_error){
		.fault = err == -EUCLEAN || err == -EINPROGRESS ? DR_FAULT_UNDO
								: DR_FAULT_DAMAGED,
	};
	return context_fail(dr, &error, recover_text(err, &found), err);
}

/* Before each call: nothing is known yet, and the caller may change the machine. */
static int interrupted_begin(struct dr *dr, struct dr_interrupted *interrupted)
{
	static const struct dr_interrupted nothing = { .undone = 0 };

	interrupted_set(interrupted, &nothing);
	return context_prepare_change(dr);
}

int dr_recover(struct dr *dr, const char *backend, struct dr_interrupted *interrupted)
{
	const struct dr_ctx *ctx = &dr->session.dr;
	int err = interrupted_begin(dr, interrupted);

	if (!err && recovery_is_needed(ctx))
		err = context_recover_file(dr, JOURNAL_FILE, backend, interrupted);
	dr->has_no_journal = !err || !recovery_is_needed(ctx);
	return err;
}

/* Find the file of the i-th leftover. */
static int leftover_begin(struct dr *dr, size_t i, struct dr_interrupted *interrupted,
			  char file[JOURNAL_FILE_MAX])
{
	_cleanup_names_ struct kern_names files = { 0 };
	int err = interrupted_begin(dr, interrupted);

	if (err)
		return err;
	err = leftovers_list(&dr->session.root, &files);
	if (err)
		return context_refuse(dr, strerror(-err), err);
	if (i >= files.n)
		return context_refuse(dr, "There is no such leftover", -ENOENT);
	snprintf(file, JOURNAL_FILE_MAX, "%s", files.name[i]);
	return 0;
}

int dr_leftover_recover(struct dr *dr, size_t i, const char *backend,
			struct dr_interrupted *interrupted)
{
	char file[JOURNAL_FILE_MAX];
	int err = leftover_begin(dr, i, interrupted, file);

	return err ? err : context_recover_file(dr, file, backend, interrupted);
}

/* ---- Discard the journal ---- */

static void recover_report_step(void *priv, const char *kind, const char *about)
{
	dr_warn(priv, "not undone: %s %s", kind, about);
}

static const char *discard_reason(int err)
{
	switch (err) {
	case -EPERM:
		return "not a file that only root can write";
	case -EBADMSG:
	case -E2BIG:
		return "not a journal";
	default:
		return strerror(-err);
	}
}

static void recover_report_discarded(const struct dr_ctx *dr, const struct discarded *d)
{
	if (d->read_err == -ESTALE)
		dr_warn(dr,
			"The journal is of an earlier boot: its changes do not exist any more.");
	else if (d->read_err)
		dr_warn(dr, "%s: %s: it is unknown what%s is incomplete", JOURNAL_PATH,
			discard_reason(d->read_err), d->n_open ? " else" : "");
	if (d->n_open > DISCARD_REPORT_MAX)
		dr_warn(dr, "not undone: %u older steps", d->n_open - DISCARD_REPORT_MAX);
	if (d->n_open)
		dr_warn(dr,
			"An earlier run (PID %d: %s) was interrupted: %u of its steps "
			"may be incomplete.",
			d->pid, d->command, d->n_open);
	if (d->writer.pid)
		dr_warn(dr, "Its PID %d is still writing to /%s.", (int)d->writer.pid,
			d->writer.path);
}

/* Move the journal in this file. */
static int discard_file(struct dr *dr, const char *file,
			struct dr_interrupted *interrupted)
{
	static const struct dr_error error = { .fault = DR_FAULT_DAMAGED };
	struct dr_interrupted result = { .undone = 0 };
	struct dr_ctx *ctx = &dr->session.dr;
	struct discarded d = { .step = recover_report_step, .priv = ctx };
	int err = discard_run(ctx, file, &d);

	if (err)
		return context_fail(dr, &error,
				    text_of("/" JOURNAL_DIR "/%s: %s: it was not moved",
					    file, strerror(-err)),
				    err);
	if (!*d.path)
		return 0;
	recover_report_discarded(ctx, &d);
	result.pid = d.pid;
	result.writer = (int)d.writer.pid;
	interrupted_copy_text(result.command, sizeof(result.command), d.command);
	interrupted_copy_text(result.writer_path, sizeof(result.writer_path),
			      d.writer.path);
	interrupted_copy_text(result.moved_to, sizeof(result.moved_to), d.path);
	interrupted_set(interrupted, &result);
	return 0;
}

int dr_discard(struct dr *dr, struct dr_interrupted *interrupted)
{
	int err = interrupted_begin(dr, interrupted);

	return err ? err : discard_file(dr, JOURNAL_FILE, interrupted);
}

int dr_leftover_discard(struct dr *dr, size_t i, struct dr_interrupted *interrupted)
{
	char file[JOURNAL_FILE_MAX];
	int err = leftover_begin(dr, i, interrupted, file);

	return err ? err : discard_file(dr, file, interrupted);
}
