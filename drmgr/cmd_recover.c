// SPDX-License-Identifier: GPL-2.0-or-later
/* Undo the changes of a killed run before the first change of this run. */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/discard.h"
#include "libdrmgr/core/recovery.h"

#define JOURNAL_PATH "/" JOURNAL_DIR "/" JOURNAL_FILE

static char *recover_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words none = { 0 };

	return error_text(error, drc, &none);
}

static int recover_fail_undo(const struct cmd *cmd, const struct recovered *found)
{
	cmd->report->is_undo_incomplete = true;
	cmd_fail(
		cmd, NULL,
		"An earlier run (PID %d: %s) was interrupted, and its step \"%s\" could "
		"not be undone.\n"
		"Correct the cause and run drmgr --recover, or undo the step by hand and "
		"run drmgr --recover --discard.",
		found->pid, found->command, found->step);
	return DRMGR_NOT_UNDONE;
}

static int recover_fail_writer(const struct cmd *cmd, const struct recovered *found)
{
	cmd->report->is_undo_incomplete = true;
	cmd_fail(cmd, NULL,
		 "An earlier run (PID %d: %s) was interrupted, and its PID %d is still "
		 "writing to /%s.\n"
		 "When that process has ended, run drmgr --recover.",
		 found->pid, found->command, (int)found->writer.pid, found->writer.path);
	return DRMGR_NOT_UNDONE;
}

static int recover_end(const struct cmd *cmd, int err, const struct recovered *found)
{
	cmd->report->is_recovered = found->undone > 0;
	switch (-err) {
	case 0:
		break;
	case EUCLEAN:
		return recover_fail_undo(cmd, found);
	case EINPROGRESS:
		return recover_fail_writer(cmd, found);
	case EPERM:
		return cmd_fail(cmd, NULL,
				JOURNAL_PATH
				": not a file that only root can write, so "
				"it is ignored: examine it, then run drmgr --recover "
				"--discard");
	default:
		cmd_fail(cmd, NULL,
			 JOURNAL_PATH ": %s: examine it and the machine, then run drmgr "
				      "--recover --discard",
			 err == -EBADMSG || err == -E2BIG ? "not a journal"
							  : strerror(-err));
		return DRMGR_NOT_UNDONE;
	}

	if (found->undone)
		log_msg(cmd->log, LEVEL_ALWAYS,
			"An earlier run (PID %d: %s) was interrupted: %u of its steps "
			"undone.",
			found->pid, found->command, found->undone);
	return DRMGR_DONE;
}

/* ---- Discard the journal ---- */

static void recover_report_step(void *priv, const char *kind, const char *about)
{
	dr_warn(priv, "not undone: %s %s", kind, about);
}

static const char *recover_discard_reason(int err)
{
	switch (-err) {
	case EPERM:
	case ELOOP:
		return "not a file that only root can write";
	case EBADMSG:
	case E2BIG:
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
			recover_discard_reason(d->read_err), d->n_open ? " else" : "");
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

static int recover_discard(const struct cmd *cmd)
{
	struct dr_ctx *dr = &cmd->session->dr;
	struct discarded d = { .step = recover_report_step, .priv = dr };
	_cleanup_free_ char *line = NULL;
	int err = discard_run(dr, &d);

	if (err)
		return cmd_fail(cmd, NULL, JOURNAL_PATH ": %s: it was not moved",
				strerror(-err));
	if (!*d.path)
		return DRMGR_DONE;
	recover_report_discarded(dr, &d);
	line = text_of("The journal was moved to /%s. Nothing was undone.", d.path);
	cmd->report->has_discarded = true;
	if (cmd->req->json)
		dr_warn(dr, "%s", line ? line : d.path);
	else
		cmd->report->ops->line(cmd->report, line ? line : d.path);
	return DRMGR_DONE;
}

int cmd_recover_first(const struct cmd *cmd)
{
	struct dr_ctx *dr = &cmd->session->dr;
	struct recovered found;
	struct dr_error error;

	if (cmd->req->discard)
		return recover_discard(cmd);
	if (!recovery_is_needed(dr))
		return DRMGR_DONE;
	if (apply_choose(dr, cmd->req->to.backend, &error))
		return cmd_fail_words(cmd, &error, NULL, recover_error_text);
	return recover_end(cmd, recovery_run(dr, &found), &found);
}

int cmd_recover(const struct cmd *cmd)
{
	if (!cmd->report->is_recovered && !cmd->report->has_discarded)
		cmd->report->ops->line(cmd->report, "Nothing to recover.");
	return DRMGR_DONE;
}
