// SPDX-License-Identifier: GPL-2.0-or-later
/* -p smt_threads: the threads of cores, taken into use or out of it. */
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/cpu_text.h"
#include "drmgr/model/cpu_threads.h"

/* As many as one core has are as many as all have. */
static bool has_smt(const struct cpu_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->cpus[i].node)
			return list->cpus[i].n_threads > 1;
	return false;
}

static int change_one(const struct cmd *cmd, const struct cpu *cpu)
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

/* The core that was asked for, or all. */
static int change_all(const struct cmd *cmd, const struct cpu_list *list,
		      const struct connector *only)
{
	const struct report *r = cmd->report;
	bool is_not_undone = false;

	for (size_t i = list->n; i-- > 0;)
		if (list->cpus[i].node && (!only || list->cpus[i].c == only))
			is_not_undone |=
				change_one(cmd, &list->cpus[i]) == DRMGR_NOT_UNDONE;
	if (!r->requested)
		return cmd_fail(cmd, NULL, "Requested CPU \"%s\" is not present.",
				only->drc.name);
	if (is_not_undone)
		return DRMGR_NOT_UNDONE;
	if (r->done < r->requested)
		return r->done ? DRMGR_PARTIAL : DRMGR_NOTHING_DONE;
	return DRMGR_DONE;
}

int cmd_smt(const struct cmd *cmd)
{
	const struct connector *only = NULL;
	struct cpu_list list;
	struct dr_error error;
	int status = DRMGR_DONE;

	if (cpu_list_read(&list, &cmd->session->dr) || !has_smt(&list))
		status = cmd_fail(cmd, NULL,
				  "SMT functions not available on this system.");
	else if (cmd->req->key &&
		 connectors_find_exact(&list.connectors, cmd->req->key, &only, &error))
		status = cmd_fail(cmd, &error, "Could not locate CPU \"%s\"",
				  cmd->req->key);
	if (!status)
		status = change_all(cmd, &list, only);
	cpu_list_free(&list);
	return status;
}
