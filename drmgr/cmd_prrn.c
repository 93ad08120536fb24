// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -P: remove and add again the processors and memory that firmware has moved. The daemon
 * that received the event lists them in a file.
 *
 * If all lines succeed, the file is removed. Otherwise it remains for another run, which
 * adds the resources that are removed and not yet added again.
 */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/types/mem/mem_text.h"
#include "libdrmgr/types/mobility/prrn_list.h"
#include "libdrmgr/types/mobility/reassign.h"

enum {
	LINE_MS = 30 * 1000, /* deadline of the waits of a line, without -w */
	ADDS = 2,
};

/* ---- One line ---- */

static char *prrn_cpu_error_text(const struct dr_error *error, const struct drc *drc)
{
	switch ((int)error->fault) {
	case DR_FAULT_NO_INDEX:
		return text_of("There is no CPU with DRC index %s.", error->what);
	case DR_FAULT_TOO_FEW:
		return text_of("%s: Cannot remove the last CPU", error->what);
	case DR_FAULT_NOT_OWNED:
		return text_of("%s is not present.", error->what);
	}
	return cpu_error_text(error, drc);
}

static cmd_words *prrn_words(enum prrn_kind kind)
{
	return kind == PRRN_CPU ? prrn_cpu_error_text : mem_error_text;
}

static void prrn_call_hooks(const struct reassign *r, bool add, enum hook_phase phase,
			    unsigned int count)
{
	const struct hook_event event = {
		.type = r->kind == PRRN_CPU ? "cpu" : "mem",
		.action = add ? "add" : "remove",
		.phase = phase,
		.count = count,
		.drc = r->kind == PRRN_CPU ? NULL : &r->drc,
	};

	hooks_run(r->dr, &event);
}

static int prrn_request(const struct reassign *r, bool add, struct dr_result *result)
{
	int err;

	prrn_call_hooks(r, add, HOOK_PRE, 1);
	dr_result_free(result);
	*result = (struct dr_result){ 0 };
	err = add ? reassign_add(r, result) : reassign_remove(r, result);
	prrn_call_hooks(r, add, HOOK_POST, !err);
	return err;
}

static int prrn_add_again(const struct cmd *cmd, const struct reassign *r,
			  struct dr_result *result)
{
	int err = 0;

	for (int i = 0; i < ADDS; i++) {
		err = prrn_request(r, true, result);
		if (!err || result->is_undo_incomplete)
			return err;
		log_warn(cmd->log, "%s (0x%08x): could not be added%s", r->drc.name,
			 r->drc.index, i + 1 < ADDS ? ", trying again" : "");
	}
	return err;
}

static int prrn_reassign(const struct cmd *cmd, const struct reassign *r,
			 struct dr_result *result)
{
	int err = 0;

	if (r->is_owned)
		err = prrn_request(r, false, result);
	else
		log_info(cmd->log, "%s (0x%08x): not present, it is only added",
			 r->drc.name, r->drc.index);
	if (err)
		return err;
	err = prrn_add_again(cmd, r, result);
	if (err)
		log_err(cmd->log,
			"%s (0x%08x) is not owned by this partition now: add it by "
			"drmgr -c %s -a -s 0x%08x, or try again by drmgr -P %s",
			r->drc.name, r->drc.index, r->kind == PRRN_CPU ? "cpu" : "mem",
			r->drc.index, cmd->req->prrn_file);
	return err;
}

static int prrn_run_resource(const struct cmd *cmd, enum prrn_kind kind,
			     uint32_t drc_index)
{
	struct dr_ctx *dr = &cmd->session->dr;
	struct dr_result result = { 0 };
	struct reassign r;
	int status, err;

	if (!cmd->req->has_wait)
		dr->limit = deadline_in_ms(LINE_MS);
	err = reassign_open(&r, dr, kind, drc_index, &result);
	if (err) {
		status = cmd_fail_words(cmd, &result.error, NULL, prrn_words(kind));
	} else {
		cmd->report->ops->begin(cmd->report, &r.drc);
		err = prrn_reassign(cmd, &r, &result);
		status = cmd_resource_end(cmd, &r.drc, err, &result, prrn_words(kind));
	}
	dr_result_free(&result);
	reassign_close(&r);
	return status;
}

static int prrn_run_line(const struct cmd *cmd, const struct prrn_entry *entry)
{
	switch (entry->kind) {
	case PRRN_CPU:
	case PRRN_MEM:
		return prrn_run_resource(cmd, entry->kind, entry->drc_index);
	case PRRN_UNKNOWN:
		return cmd_fail(cmd, NULL, "Device type \"%.*s\" not recognized.",
				(int)entry->len, entry->text);
	default:
		return cmd_fail(cmd, NULL,
				"%s: line %lu is not \"cpu\" or \"mem\" and a DRC index",
				cmd->req->prrn_file, entry->line);
	}
}

/* ---- The whole list ---- */

static int prrn_run_lines(const struct cmd *cmd, const struct prrn_list *list)
{
	struct report *r = cmd->report;
	struct prrn_entry entry;
	struct prrn_iter it;
	int status = DRMGR_DONE;

	prrn_begin(&it, list->text, list->len);
	while (prrn_next(&it, &entry)) {
		r->requested++;
		if (status == DRMGR_NOT_UNDONE || dr_stop_requested(&cmd->session->dr))
			continue;
		if (prrn_run_line(cmd, &entry) == DRMGR_NOT_UNDONE)
			status = DRMGR_NOT_UNDONE;
	}
	if (status || r->done == r->requested)
		return status;
	return r->done ? DRMGR_PARTIAL : DRMGR_FAILED;
}

/* End a list. Remove its file only if all lines succeeded. */
static void prrn_finish(const struct cmd *cmd, const struct prrn_list *list, int status)
{
	const char *path = cmd->req->prrn_file;
	int err;

	if (status)
		log_err(cmd->log, "%s is kept: %u of %u lines are done", path,
			cmd->report->done, cmd->report->requested);
	if (status || cmd->req->dry_run)
		return;
	err = prrn_list_remove(list);
	if (err)
		dr_warn(&cmd->session->dr, "%s could not be removed: %s", path,
			strerror(-err));
}

int cmd_prrn(const struct cmd *cmd)
{
	const char *path = cmd->req->prrn_file;
	struct prrn_list list;
	int status = DRMGR_FAILED, err = prrn_list_open(&list, path);

	if (err) {
		cmd_fail(cmd, NULL, "Failed to open the file %s: %s", path,
			 err == -EPERM ? "not a file that only root can write"
				       : strerror(-err));
		log_err(cmd->log, "Failed to handle PRRN event");
	} else {
		status = prrn_run_lines(cmd, &list);
		prrn_finish(cmd, &list, status);
	}
	prrn_list_close(&list);
	return status;
}
