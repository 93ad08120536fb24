// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/validate.h"

static const struct command commands[DR_TYPES] = {
	[DR_TYPE_PCI] = { validate_pci, cmd_pci, cmd_pci_query, CMD_OWN_DOCUMENT },
};

const struct command *command_of(enum dr_type type)
{
	return &commands[type];
}

int cmd_fail(const struct cmd *cmd, const struct dr_error *error, const char *fmt, ...)
{
	static const struct dr_error none = { 0 };
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	if (text) {
		log_err(cmd->log, "%s", text);
		cmd->report->ops->error(cmd->report, error ? error : &none, text);
	}
	return DRMGR_FAILED;
}

int cmd_fail_words(const struct cmd *cmd, const struct dr_error *error,
		   const struct drc *drc, cmd_words *words)
{
	_cleanup_free_ char *text = words(error, drc);

	return cmd_fail(cmd, error, "%s", text ? text : strerror(ENOMEM));
}

int cmd_resource_end(const struct cmd *cmd, const struct drc *drc, int err,
		     const struct dr_result *result, cmd_words *words)
{
	_cleanup_free_ char *text = err ? words(&result->error, drc) : NULL;
	struct report *r = cmd->report;

	if (!err) {
		r->done++;
		r->ops->end(r, drc, cmd->req->dry_run ? REPORT_PLANNED : REPORT_DONE,
			    result, NULL);
		return DRMGR_DONE;
	}

	r->is_undone = true;
	r->is_undo_incomplete |= result->is_undo_incomplete;
	cmd_fail(cmd, &result->error, "%s", text ? text : strerror(ENOMEM));
	if (result->is_undo_incomplete)
		log_err(cmd->log, "%s (0x%08x): not everything could be undone",
			drc->name, drc->index);
	r->ops->end(r, drc, REPORT_FAILED, result, text);
	return result->is_undo_incomplete ? DRMGR_NOT_UNDONE : DRMGR_FAILED;
}
