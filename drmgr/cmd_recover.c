// SPDX-License-Identifier: GPL-2.0-or-later
/* Undo the changes of a killed run before the first change of this run. */
#include <errno.h>

#include "cli/leftover.h"
#include "drmgr/cmd.h"

static int recover_discard(const struct cmd *cmd)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	_cleanup_free_ char *line = NULL;

	if (dr_discard(cmd->dr, &interrupted))
		return cmd_fail_with(cmd, dr_get_error(cmd->dr), "%s",
				     dr_get_error_text(cmd->dr));
	if (!*interrupted.moved_to)
		return DRMGR_DONE;
	line = text_of("The journal was moved to /%s. Nothing was undone.",
		       interrupted.moved_to);
	cmd->report->has_discarded = true;
	if (cmd->req->json)
		report_warn(cmd->report, line ? line : interrupted.moved_to);
	else
		cmd->report->ops->line(cmd->report, line ? line : interrupted.moved_to);
	return DRMGR_DONE;
}

int cmd_recover_first(const struct cmd *cmd)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	_cleanup_free_ char *connectors = NULL, *left = NULL;
	int err;

	if (cmd->req->discard)
		return recover_discard(cmd);
	connectors = leftover_connectors(cmd->dr);
	err = dr_recover(cmd->dr, cmd->req->to.backend, &interrupted);
	cmd->report->is_recovered = interrupted.undone > 0;
	if (err) {
		enum dr_code code = dr_error_get_code(dr_get_error(cmd->dr));

		cmd_fail_with(cmd, dr_get_error(cmd->dr), "%s",
			      dr_get_error_text(cmd->dr));
		cmd->report->is_undo_incomplete = code == DR_CODE_UNDO_INCOMPLETE;
		if (code == DR_CODE_UNDO_INCOMPLETE)
			left = leftover_text(cmd->dr);
		if (left && !cmd->req->json)
			log_msg(cmd->log, LEVEL_ALWAYS, "%s", left);
		return code == DR_CODE_UNDO_INCOMPLETE ||
				       (code == DR_CODE_JOURNAL_DAMAGED && err != -EPERM)
			       ? DRMGR_NOT_UNDONE
			       : DRMGR_FAILED;
	}
	if (interrupted.undone)
		log_msg(cmd->log, LEVEL_ALWAYS,
			"An earlier run (PID %d: %s) was interrupted: %u of its steps "
			"undone.\nAs before: %s",
			interrupted.pid, interrupted.command, interrupted.undone,
			connectors ? connectors : interrupted.command);
	return DRMGR_DONE;
}

int cmd_recover(const struct cmd *cmd)
{
	if (!cmd->report->is_recovered && !cmd->report->has_discarded)
		cmd->report->ops->line(cmd->report, "Nothing to recover.");
	return DRMGR_DONE;
}
