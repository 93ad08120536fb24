// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "drmgr/cmd.h"
#include "libdrmgr/core/journal.h"
#include "libdrmgr/types/logical/logical.h"
#include "drmgr/validate.h"

static const struct command commands[DR_TYPES] = {
	[DR_TYPE_CPU] = { validate_cpu, cmd_cpu, cmd_show_query, 0 },
	[DR_TYPE_MEM] = { validate_mem, cmd_mem, cmd_show_query, 0 },
	[DR_TYPE_ACC] = { validate_acc, cmd_acc, NULL, 0 },
	[DR_TYPE_PHB] = { validate_phb, cmd_logical, cmd_logical_query,
			  CMD_DLPAR_MODULE },
	[DR_TYPE_SLOT] = { validate_slot, cmd_logical, cmd_logical_query,
			   CMD_DLPAR_MODULE },
	[DR_TYPE_PORT] = { validate_port, cmd_port, cmd_port, 0 },
	[DR_TYPE_PHIB] = { validate_phib, cmd_migrate, NULL, 0 },
	[DR_TYPE_PMIG] = { validate_pmig, cmd_migrate, NULL, 0 },
	[DR_TYPE_PCI] = { validate_pci, cmd_pci, cmd_pci_query, 0 },
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

int cmd_fail_late(const struct cmd *cmd)
{
	return cmd_fail(
		cmd, NULL,
		"Drmgr has exceeded its specified wait time and will not continue");
}

void cmd_syslog(const struct cmd *cmd, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	if (!text)
		return;
	if (!access(_PATH_LOG, W_OK)) { /* the log daemon listens */
		openlog("drmgr", 0, LOG_LOCAL0);
		syslog(LOG_INFO, "%s", text);
		closelog();
	}
	log_debug(cmd->log, "%s", text);
}

int cmd_fail_words(const struct cmd *cmd, const struct dr_error *error,
		   const struct drc *drc, cmd_words *words)
{
	_cleanup_free_ char *text = words(error, drc);

	return cmd_fail(cmd, error, "%s", text ? text : strerror(ENOMEM));
}

void cmd_report_left(const struct cmd *cmd, const struct drc *drc,
		     const struct kern_names *left, const char *whole)
{
	const struct kern_writer *late = &cmd->session->writers.late;
	const struct dr_ctx *dr = &cmd->session->dr;
	_cleanup_free_ char *words = NULL;
	size_t size;
	FILE *to = open_memstream(&words, &size);

	for (size_t i = 0; to && i < left->n; i++)
		fprintf(to, " %s", left->name[i]);
	if (to && !left->n)
		fprintf(to, " %s", whole);
	if (to && fclose(to))
		to = NULL;
	if (drc && !drc->index)
		dr_warn(dr, "%s: not undone:%s", drc->name, to ? words : "");
	else if (drc)
		dr_warn(dr, "%s (0x%08x): not undone:%s", drc->name, drc->index,
			to ? words : "");
	else
		dr_warn(dr, "%s: not undone:%s", dr_type_name(cmd->req->type),
			to ? words : "");
	if (late->pid)
		dr_warn(dr,
			"PID %d is still writing to /%s: when it has ended, run drmgr "
			"--recover",
			(int)late->pid, late->path);
}

bool cmd_must_keep(const struct cmd *cmd, const struct drc *drc, const char *whole)
{
	static const struct kern_names all = { 0 };
	const struct dr_ctx *dr = &cmd->session->dr;

	if (journal_is_kept(dr))
		return true;
	if (!dr_is_writing(dr, 0))
		return false;
	cmd_report_left(cmd, drc, &all, whole);
	return true;
}

void cmd_report_undone(const struct cmd *cmd, const struct drc *drc, int err,
		       struct dr_result *result, const char *whole)
{
	struct report *r = cmd->report;

	r->ops->end(r, drc, err ? REPORT_FAILED : REPORT_UNDONE, result, NULL);
	if (err)
		cmd_report_left(cmd, drc, &result->left, whole);
	r->done -= !err;
	r->is_undone = true;
	r->is_undo_incomplete |= err != 0;
	dr_result_free(result);
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
		cmd_report_left(cmd, drc, &result->left, CMD_LEFT_BUS " power indicator");
	r->ops->end(r, drc, REPORT_FAILED, result, text);
	return result->is_undo_incomplete ? DRMGR_NOT_UNDONE : DRMGR_FAILED;
}

void cmd_report_skipped(const struct cmd *cmd, const struct drc *drc,
			const struct dr_error *error, cmd_words *words)
{
	_cleanup_free_ char *text = NULL;

	if (!logical_is_refused(error))
		return;
	text = words(error, drc);
	dr_warn(&cmd->session->dr, "%s", text ? text : strerror(ENOMEM));
}
