// SPDX-License-Identifier: GPL-2.0-or-later
/* -p smt_threads: set the threads of cores online or offline. */
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/cpu/cpu_threads.h"

/* Test whether cores have several threads. All cores have the same number. */
static bool smt_is_available(const struct cpu_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->cpus[i].node)
			return list->cpus[i].n_threads > 1;
	return false;
}

static int smt_change_core(const struct cmd *cmd, const struct cpu *cpu)
{
	const struct drc *drc = &cpu->c->drc;
	struct dr_result result = { 0 };
	int err, status;

	cmd->report->requested++;
	cmd->report->ops->begin(cmd->report, drc);
	result.node = strdup(cpu->node->path);
	err = cpu_set_smt(&cmd->session->dr, cpu, cmd->req->action == DR_ADD, &result);
	status = cmd_resource_end(cmd, drc, err, &result, cpu_error_text);
	dr_result_free(&result);
	return status;
}

/* Undo the changes of an incomplete run with --all-or-nothing. */
static void smt_undo(const struct cmd *cmd, const struct cpu *const *done, size_t n)
{
	struct dr_ctx dr = dr_unstoppable(&cmd->session->dr);
	struct report *r = cmd->report;

	while (n-- && !cmd->req->dry_run) {
		struct dr_result result = { 0 };
		int err;

		if (cmd_must_keep(cmd, &done[n]->c->drc, CMD_LEFT_CPU))
			continue;
		r->ops->begin(r, &done[n]->c->drc);
		err = cpu_threads_restore(&dr, done[n], &result);
		cmd_report_undone(cmd, &done[n]->c->drc, err, &result, CMD_LEFT_CPU);
	}
}

static int smt_status(const struct cmd *cmd, const struct cpu *const *done)
{
	const struct report *r = cmd->report;
	unsigned int n_done = r->done;

	if (n_done == r->requested)
		return DRMGR_DONE;
	if (cmd->req->all_or_nothing)
		smt_undo(cmd, done, n_done);
	if (r->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	if (!n_done)
		return DRMGR_NOTHING_DONE;
	return cmd->req->all_or_nothing ? DRMGR_FAILED : DRMGR_PARTIAL;
}

/* Change the core that the user named, or all cores. */
static int smt_change_all(const struct cmd *cmd, const struct cpu_list *list,
			  const struct connector *only, const struct cpu **done)
{
	const struct report *r = cmd->report;

	for (size_t i = list->n; i-- > 0;) {
		const struct cpu *cpu = &list->cpus[i];

		if (!cpu->node || (only && cpu->c != only))
			continue;
		if (r->is_undo_incomplete)
			break;
		if (smt_change_core(cmd, cpu) == DRMGR_DONE)
			done[r->done - 1] = cpu;
	}
	if (!r->requested)
		return cmd_fail(cmd, NULL, "Requested CPU \"%s\" is not present.",
				only->drc.name);
	return smt_status(cmd, done);
}

/* Change the cores. With --all-or-nothing the journal covers all of them. */
static int smt_change_batch(const struct cmd *cmd, const struct cpu_list *list,
			    const struct connector *only)
{
	_cleanup_free_ const struct cpu **done = calloc(list->n + 1, sizeof(*done));
	const struct dr_ctx *dr = &cmd->session->dr;
	int status;

	if (!done)
		return cmd_fail(cmd, NULL, "drmgr: out of memory");
	if (cmd->req->all_or_nothing)
		journal_batch_begin(dr);
	status = smt_change_all(cmd, list, only, done);
	journal_batch_end(dr, status == DRMGR_NOT_UNDONE);
	return status;
}

int cmd_smt(const struct cmd *cmd)
{
	const struct connector *only = NULL;
	struct cpu_list list;
	struct dr_error error;
	int status = DRMGR_DONE;

	if (cpu_list_read(&list, &cmd->session->dr) || !smt_is_available(&list))
		status = cmd_fail(cmd, NULL,
				  "SMT functions not available on this system.");
	else if (cmd->req->key &&
		 connectors_find(&list.connectors, &cmd->session->dr, cmd->req->key,
				 RESOLVE_NO_DIGITS, &only, &error))
		status = error.fault == DR_FAULT_AMBIGUOUS
				 ? cmd_fail_words(cmd, &error, NULL, cpu_error_text)
				 : cmd_fail(cmd, &error, "Could not locate CPU \"%s\"",
					    cmd->req->key);
	if (!status)
		status = smt_change_batch(cmd, &list, only);
	cpu_list_free(&list);
	return status;
}
