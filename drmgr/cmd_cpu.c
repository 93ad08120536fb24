// SPDX-License-Identifier: GPL-2.0-or-later
/* Add or remove cores, one transaction each: a successful one is permanent. */
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/cpu/cpu_ops.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/types/logical/logical.h"
#include "drmgr/validate.h"

/* One run of the command. The lists are read once, and changed cores are marked. */
struct run {
	const struct cmd *cmd;
	struct cpu_list list;
	enum cpu_way way;
	bool *is_tried; /* by index of the list */
	size_t *done;	/* indexes, in order of time */
	bool is_last;	/* the run ended at the last core */
};

static bool cpu_run_is_add(const struct run *run)
{
	return run->cmd->req->action == DR_ADD;
}

/* Return how the user named the core: "CPU with drc index 10000001" or "CPU "CPU 1"". The
 * caller frees it. */
static char *cpu_request_text(const struct cmd *cmd)
{
	const char *key = cmd->req->key;

	return strncmp(key, "0x", 2) ? text_of("CPU \"%s\"", key)
				     : text_of("CPU with drc index %s", key + 2);
}

static void cpu_run_fail_request(const struct cmd *cmd, const char *before,
				 const char *after)
{
	_cleanup_free_ char *who = cpu_request_text(cmd);

	cmd_fail(cmd, NULL, "%s%s%s", before, who ? who : "", after);
}

/* Find the core that the user named. Return NULL and report the reason if it cannot be
 * changed. */
static struct cpu *cpu_run_find_requested(const struct run *run)
{
	const struct connector *c;
	struct dr_error error;
	struct cpu *cpu = NULL;

	if (connectors_find(&run->list.connectors, &run->cmd->session->dr,
			    run->cmd->req->key, RESOLVE_NO_DIGITS, &c, &error)) {
		if (error.fault == DR_FAULT_AMBIGUOUS)
			cmd_fail_words(run->cmd, &error, NULL, cpu_error_text);
		else
			cpu_run_fail_request(run->cmd, "Could not locate ", "");
		return NULL;
	}
	for (size_t i = 0; i < run->list.n; i++)
		if (run->list.cpus[i].c == c)
			cpu = &run->list.cpus[i];
	if (cpu && cpu_run_is_add(run) && cpu->node)
		cpu_run_fail_request(run->cmd, "Requested ", " is already present.");
	else if (cpu && !cpu_run_is_add(run) && !cpu->node)
		cpu_run_fail_request(run->cmd, "Requested ", " is not present.");
	else
		return cpu;
	return NULL;
}

/* Find the next core: for an addition the first connector that firmware lists, for a
 * removal the last. Only cores with an online thread are candidates for removal. */
static struct cpu *cpu_run_find_next(struct run *run)
{
	for (size_t i = 0; i < run->list.n; i++) {
		size_t at = cpu_run_is_add(run) ? run->list.n - 1 - i : i;
		struct cpu *cpu = &run->list.cpus[at];

		if (!run->is_tried[at] &&
		    (cpu_run_is_add(run) ? !cpu->node : cpu->node && cpu_is_online(cpu)))
			return cpu;
	}
	cmd_fail(run->cmd, NULL, "Could not find available cpu.");
	return NULL;
}

/* If the user named this core, report that it is unusable. Otherwise the next core is
 * tried. Warn if firmware gave a reason other than "not available". */
static void cpu_run_end_missing(const struct run *run, const struct cpu *cpu,
				const struct dr_result *result)
{
	const struct cmd *cmd = run->cmd;

	if (!cmd->req->key) {
		cmd->report->ops->forget(cmd->report);
		cmd_report_skipped(cmd, &cpu->c->drc, &result->error, cpu_error_text);
		return;
	}
	cpu_run_fail_request(cmd, "Requested ", " is unusable");
	cmd_resource_end(cmd, &cpu->c->drc, -ENODEV, result, cpu_error_text);
}

static void cpu_run_one(struct run *run, struct cpu *cpu, unsigned int nth)
{
	static const struct occupant planned = { 0 };
	const struct cmd *cmd = run->cmd;
	struct dr_ctx *dr = &cmd->session->dr;
	struct dr_result result = { 0 };
	size_t at = (size_t)(cpu - run->list.cpus);
	int err;

	run->is_tried[at] = true;
	cmd->report->ops->begin(cmd->report, &cpu->c->drc);
	if (cpu_run_is_add(run))
		err = cpu_add(dr, cpu, run->way, true, &result);
	else
		err = cpu_remove(dr, &run->list, cpu, run->way, &result);

	if (err && logical_is_missing(&result.error) && !result.is_undo_incomplete)
		cpu_run_end_missing(run, cpu, &result);
	else
		cmd_resource_end(cmd, &cpu->c->drc, err, &result, cpu_error_text);
	if (!err) {
		run->done[nth] = at;
		cpu->node = cpu_run_is_add(run) ? &planned : NULL;
	}
	dr_result_free(&result);
}

/* Return true if another core may be changed. */
static bool cpu_run_may_continue(struct run *run)
{
	const struct dr_ctx *dr = &run->cmd->session->dr;

	if (dr_stop_requested(dr) || run->cmd->report->is_undo_incomplete)
		return false;
	if (!deadline_has_passed(&dr->limit))
		return true;
	cmd_fail_late(run->cmd);
	return false;
}

static bool cpu_run_refuse_last(struct run *run, const struct cpu *cpu)
{
	if (cpu_run_is_add(run) || !cpu_is_last(&run->list, cpu))
		return false;
	cmd_fail(run->cmd, NULL, "Cannot remove the last CPU");
	run->is_last = true;
	return true;
}

static void cpu_run_all(struct run *run)
{
	const struct report *r = run->cmd->report;

	while (r->done < r->requested && cpu_run_may_continue(run) &&
	       !cpu_run_refuse_last(run, NULL)) {
		struct cpu *cpu = run->cmd->req->key ? cpu_run_find_requested(run)
						     : cpu_run_find_next(run);

		if (!cpu || cpu_run_refuse_last(run, cpu))
			break;
		cpu_run_one(run, cpu, r->done);
		if (run->cmd->req->key)
			break;
	}
}

/* Undo the changes of an incomplete run with --all-or-nothing. */
static void cpu_run_undo(struct run *run)
{
	struct report *r = run->cmd->report;
	struct dr_ctx dr = dr_unstoppable(&run->cmd->session->dr);

	for (size_t n = r->done; n--;) {
		const struct drc *drc = &run->list.cpus[run->done[n]].c->drc;
		struct dr_result result = { 0 };
		const struct cpu *cpu = NULL;
		struct cpu_list now;
		int err;

		if (cmd_must_keep(run->cmd, drc, CMD_LEFT_CPU))
			continue;
		err = cpu_list_read(&now, &dr);
		for (size_t i = 0; !err && i < now.n; i++)
			if (now.cpus[i].c->drc.index == drc->index)
				cpu = &now.cpus[i];
		r->ops->begin(r, drc);
		if (cpu && cpu_run_is_add(run) && cpu->node)
			err = cpu_remove(&dr, &now, cpu, run->way, &result);
		else if (cpu && !cpu_run_is_add(run) && !cpu->node)
			err = cpu_add(&dr, cpu, run->way, false, &result);
		cmd_report_undone(run->cmd, drc, err, &result, CMD_LEFT_CPU);
		cpu_list_free(&now);
	}
}

static int cpu_run_status(struct run *run)
{
	const struct report *r = run->cmd->report;
	bool all_or_nothing = run->cmd->req->all_or_nothing;

	if (r->done == r->requested)
		return DRMGR_DONE;
	if (all_or_nothing && !run->cmd->req->dry_run)
		cpu_run_undo(run);
	if (r->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	if (r->done && !all_or_nothing)
		return DRMGR_PARTIAL;
	return run->is_last || all_or_nothing ? DRMGR_FAILED : DRMGR_NOTHING_DONE;
}

/* Run all cores. With --all-or-nothing a kill undoes all of them, too. */
static int cpu_run_batch(struct run *run)
{
	const struct dr_ctx *dr = &run->cmd->session->dr;
	int status;

	if (run->cmd->req->all_or_nothing)
		journal_batch_begin(dr);
	cpu_run_all(run);
	status = cpu_run_status(run);
	journal_batch_end(dr, status == DRMGR_NOT_UNDONE);
	return status;
}

static int cpu_run_prepare(struct run *run)
{
	const struct cmd *cmd = run->cmd;
	struct dr_error error;
	int err = cpu_list_read(&run->list, &cmd->session->dr);

	if (err)
		return cmd_fail(
			cmd, NULL,
			"Could not initialize Dynamic Reconfiguration information.");
	if (cpu_choose_way(&cmd->session->dr, cmd->req->backend, &run->way, &error))
		return cmd_fail_words(cmd, &error, NULL, cpu_error_text);
	if (run->way == CPU_BY_TREE)
		err = cpu_list_read_caches(&run->list, &cmd->session->dr);
	run->is_tried = calloc(run->list.n, sizeof(*run->is_tried));
	run->done = calloc(run->list.n, sizeof(*run->done));
	return err || !run->is_tried || !run->done
		       ? cmd_fail(cmd, NULL, "drmgr: out of memory")
		       : DRMGR_DONE;
}

int cmd_cpu(const struct cmd *cmd)
{
	struct run run = { .cmd = cmd };
	struct report *r = cmd->report;
	int status;

	if (cmd->req->param)
		return strcmp(cmd->req->param, CPU_SMT) ? cmd_entitlement(cmd)
							: cmd_smt(cmd);
	r->requested = cmd->req->count ? (unsigned int)cmd->req->count : 1;
	status = cpu_run_prepare(&run);
	if (!status) {
		r->names_each = true;
		cmd_hooks(cmd, HOOK_PRE, r->requested, NULL);
		status = cpu_run_batch(&run);
		cmd_hooks(cmd, HOOK_POST, r->done, NULL);
	}
	free(run.is_tried);
	free(run.done);
	cpu_list_free(&run.list);
	return status;
}
