// SPDX-License-Identifier: GPL-2.0-or-later
/* Undo the changes of a killed run before the first change of this run. */
#include <errno.h>
#include <string.h>

#include "drmgr/cmd.h"

/* ---- Discard ---- */

static void recover_tell_moved(const struct cmd *cmd,
			       const struct dr_interrupted *interrupted)
{
	_cleanup_free_ char *line =
		text_of("/run/drmgr/%s was moved to /%s. Nothing was undone.",
			interrupted->file, interrupted->moved_to);

	cmd->report->has_discarded = true;
	if (cmd->req->json)
		report_warn(cmd->report, line ? line : interrupted->moved_to);
	else
		cmd->report->ops->line(cmd->report, line ? line : interrupted->moved_to);
}

static int recover_discard(const struct cmd *cmd)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	const char *name = cmd->req->discard_name;
	struct dr_journal *journal = NULL;
	int err = name ? dr_journal_read(cmd->dr, &journal) : 0;
	bool is_named = !err && (!name || dr_journal_is_named(journal, name));
	size_t i = 0;

	dr_journal_free(journal);
	err = is_named ? dr_discard(cmd->dr, &interrupted) : 0;
	if (!err && *interrupted.moved_to)
		recover_tell_moved(cmd, &interrupted);
	while (!err && dr_leftover_read(cmd->dr, i, &journal) != -ENOENT && journal) {
		is_named = !name || dr_journal_is_named(journal, name);
		dr_journal_free(journal);
		journal = NULL;
		if (!is_named) {
			i++;
			continue;
		}
		err = dr_leftover_discard(cmd->dr, i, &interrupted);
		if (!err)
			recover_tell_moved(cmd, &interrupted);
	}
	dr_journal_free(journal);
	if (err)
		return cmd_fail_with(cmd, dr_get_error(cmd->dr), "%s",
				     dr_get_error_text(cmd->dr));
	if (name && !cmd->report->has_discarded)
		return cmd_fail(cmd, DR_CODE_NO_SUCH_CONNECTOR,
				"No leftover of an earlier run has the connector %s.",
				name);
	return DRMGR_DONE;
}

/* ---- Undo ---- */

static void recover_tell_undone(const struct cmd *cmd,
				const struct dr_interrupted *interrupted)
{
	cmd->report->is_recovered |= interrupted->undone > 0;
	if (interrupted->undone)
		log_msg(cmd->log, LEVEL_ALWAYS,
			"An earlier run (PID %d: %s) was interrupted: %u of its steps "
			"undone.%s%s",
			interrupted->pid, interrupted->command, interrupted->undone,
			*interrupted->connectors ? "\nAs before: " : "",
			interrupted->connectors);
}

/* Report why a journal could not be undone. Return an exit status. */
static int recover_fail(const struct cmd *cmd, int err)
{
	enum dr_code code = dr_error_get_code(dr_get_error(cmd->dr));

	cmd_fail_with(cmd, dr_get_error(cmd->dr), "%s", dr_get_error_text(cmd->dr));
	cmd->report->is_undo_incomplete |= code == DR_CODE_UNDO_INCOMPLETE;
	return code == DR_CODE_UNDO_INCOMPLETE ||
			       (code == DR_CODE_JOURNAL_DAMAGED && err != -EPERM)
		       ? DRMGR_NOT_UNDONE
		       : DRMGR_FAILED;
}

/* Undo what a killed run has left. Return 0 or a negative errno. After -EUCLEAN and
 * -EINPROGRESS it is a leftover. */
static int recover_killed(const struct cmd *cmd)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	int err = dr_recover(cmd->dr, cmd->req->to.backend, &interrupted);

	if (!err)
		recover_tell_undone(cmd, &interrupted);
	return err;
}

void cmd_recover_plan(const struct cmd *cmd)
{
	struct dr_journal **journal = &cmd->report->would_recover;
	_cleanup_free_ char *text = NULL;

	int err = dr_journal_read(cmd->dr, journal);

	if (err != -ENOENT && err != -ESTALE && *journal &&
	    !strcmp(dr_journal_get_state(*journal, NULL), "incomplete")) {
		text = dr_journal_format(*journal);
		report_warn(cmd->report,
			    "Not in this plan: what an earlier run left would "
			    "be undone first.");
		report_warn(cmd->report, text ? text : strerror(ENOMEM));
		return;
	}
	dr_journal_free(*journal);
	*journal = NULL;
}

int cmd_recover_first(const struct cmd *cmd)
{
	int err;

	if (cmd->req->discard)
		return recover_discard(cmd);
	if (cmd->req->recover)
		return DRMGR_DONE;
	err = recover_killed(cmd);
	/* Requests for other connectors can continue, with a warning of dr_run(). */
	return err && err != -EUCLEAN && err != -EINPROGRESS ? recover_fail(cmd, err)
							     : DRMGR_DONE;
}

/* Return true if the error is about one leftover: others may be undone. */
static bool recover_is_of_one(int err)
{
	return !err || err == -EUCLEAN || err == -EINPROGRESS || err == -EBADMSG ||
	       err == -E2BIG || err == -EPROTO || err == -EPERM;
}

/* Undo what earlier runs left. Their connectors differ, so the order does not matter. */
int cmd_recover(const struct cmd *cmd)
{
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	int err = 0, status = DRMGR_DONE;

	for (size_t i = 0; !cmd->req->discard && recover_is_of_one(err); i += err != 0) {
		err = dr_leftover_recover(cmd->dr, i, cmd->req->to.backend, &interrupted);
		if (!err)
			recover_tell_undone(cmd, &interrupted);
		else if (err != -ENOENT)
			status = recover_fail(cmd, err);
	}
	err = cmd->req->discard ? 0 : recover_killed(cmd);
	if (err)
		status = recover_fail(cmd, err);
	if (status == DRMGR_DONE && !cmd->report->is_recovered &&
	    !cmd->report->has_discarded)
		cmd->report->ops->line(cmd->report, "Nothing to recover.");
	return status;
}
