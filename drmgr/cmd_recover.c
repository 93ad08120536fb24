// SPDX-License-Identifier: GPL-2.0-or-later
/* What a killed run left half done, before anything else is changed. */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/error_text.h"
#include "drmgr/model/apply.h"
#include "drmgr/model/recovery.h"

#define JOURNAL_PATH "/" JOURNAL_DIR "/" JOURNAL_FILE

static char *backend_words(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words none = { 0 };

	return error_text(error, drc, &none);
}

static int not_undone(const struct cmd *cmd, const struct recovered *found)
{
	cmd->report->is_undo_incomplete = true;
	cmd_fail(
		cmd, NULL,
		"An earlier run (PID %d: %s) was interrupted, and its step \"%s\" could "
		"not be undone.\n"
		"Correct the cause and run drmgr --recover, or look after it by hand and "
		"remove " JOURNAL_PATH ".",
		found->pid, found->command, found->step);
	return DRMGR_NOT_UNDONE;
}

static int still_writing(const struct cmd *cmd, const struct recovered *found)
{
	cmd->report->is_undo_incomplete = true;
	cmd_fail(cmd, NULL,
		 "An earlier run (PID %d: %s) was interrupted, and its PID %d is still "
		 "writing to /%s.\n"
		 "When that process has ended, run drmgr --recover.",
		 found->pid, found->command, (int)found->writer.pid, found->writer.path);
	return DRMGR_NOT_UNDONE;
}

static int outcome(const struct cmd *cmd, int err, const struct recovered *found)
{
	cmd->report->is_recovered = found->undone > 0;
	switch (-err) {
	case 0:
		break;
	case EUCLEAN:
		return not_undone(cmd, found);
	case EINPROGRESS:
		return still_writing(cmd, found);
	case EPERM:
		return cmd_fail(cmd, NULL,
				JOURNAL_PATH
				": not a file that only root can write, so "
				"it is not obeyed: look at it and remove it");
	default:
		cmd_fail(cmd, NULL,
			 JOURNAL_PATH
			 ": %s: look at it and at the machine, then remove it",
			 err == -EBADMSG || err == -E2BIG ? "not a journal"
							  : strerror(-err));
		return DRMGR_NOT_UNDONE;
	}

	if (found->undone)
		log_msg(cmd->log, LEVEL_ALWAYS,
			"An earlier run (PID %d: %s) was interrupted: %u of its steps "
			"looked at and undone.",
			found->pid, found->command, found->undone);
	return DRMGR_DONE;
}

int cmd_recover_first(const struct cmd *cmd)
{
	struct dr_ctx *dr = &cmd->session->dr;
	struct recovered found;
	struct dr_error error;

	if (!recovery_is_needed(dr))
		return DRMGR_DONE;
	if (apply_choose(dr, cmd->req->backend, &error))
		return cmd_fail_words(cmd, &error, NULL, backend_words);
	return outcome(cmd, recovery_run(dr, &found), &found);
}

int cmd_recover(const struct cmd *cmd)
{
	if (!cmd->report->is_recovered)
		cmd->report->ops->line(cmd->report, "Nothing to recover.");
	return DRMGR_DONE;
}
