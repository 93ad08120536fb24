// SPDX-License-Identifier: GPL-2.0-or-later
/* Cores, one transaction each: what worked stays. */
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/cpu_text.h"
#include "libdrmgr/types/cpu/cpu_ops.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/types/logical/logical.h"
#include "drmgr/validate.h"

/* One run: the lists are read once, what it changed is marked. */
struct run {
	const struct cmd *cmd;
	struct cpu_list list;
	enum cpu_way way;
	bool *is_tried; /* by place in the list */
	size_t *done;	/* places, in their order */
	bool is_last;	/* an end: it was the last one */
};

static bool is_add(const struct run *run)
{
	return run->cmd->req->action == DR_ADD;
}

/* "CPU with drc index 10000001", or "CPU "CPU 1"": how it was asked for. malloc'ed. */
static char *wanted(const struct cmd *cmd)
{
	const char *key = cmd->req->key;

	return strncmp(key, "0x", 2) ? text_of("CPU \"%s\"", key)
				     : text_of("CPU with drc index %s", key + 2);
}

static void fail_wanted(const struct cmd *cmd, const char *before, const char *after)
{
	_cleanup_free_ char *who = wanted(cmd);

	cmd_fail(cmd, NULL, "%s%s%s", before, who ? who : "", after);
}

/* The one that was asked for, if that can be done. NULL: said why not. */
static struct cpu *find_wanted(const struct run *run)
{
	const struct connector *c;
	struct dr_error error;
	struct cpu *cpu = NULL;

	if (connectors_find_exact(&run->list.connectors, run->cmd->req->key, &c,
				  &error)) {
		if (error.fault == DR_FAULT_AMBIGUOUS)
			cmd_fail_words(run->cmd, &error, NULL, cpu_error_text);
		else
			fail_wanted(run->cmd, "Could not locate ", "");
		return NULL;
	}
	for (size_t i = 0; i < run->list.n; i++)
		if (run->list.cpus[i].c == c)
			cpu = &run->list.cpus[i];
	if (cpu && is_add(run) && cpu->node)
		fail_wanted(run->cmd, "Requested ", " is already present.");
	else if (cpu && !is_add(run) && !cpu->node)
		fail_wanted(run->cmd, "Requested ", " is not present.");
	else
		return cpu;
	return NULL;
}

/* An add takes the first connector that firmware lists, a removal the last one; only a
 * core with a thread in use is worth to be removed. */
static struct cpu *find_next(struct run *run)
{
	for (size_t i = 0; i < run->list.n; i++) {
		size_t at = is_add(run) ? run->list.n - 1 - i : i;
		struct cpu *cpu = &run->list.cpus[at];

		if (!run->is_tried[at] &&
		    (is_add(run) ? !cpu->node : cpu->node && cpu_is_online(cpu)))
			return cpu;
	}
	cmd_fail(run->cmd, NULL, "Could not find available cpu.");
	return NULL;
}

/* Whoever asked for this very core is told that it cannot be had. Where any will do, there
 * is a next one; but it is told if firmware says more than that there is none. */
static void end_not_there(const struct run *run, const struct cpu *cpu,
			  const struct dr_result *result)
{
	const struct cmd *cmd = run->cmd;

	if (!cmd->req->key) {
		cmd->report->ops->forget(cmd->report);
		cmd_tell_skipped(cmd, &cpu->c->drc, &result->error, cpu_error_text);
		return;
	}
	fail_wanted(cmd, "Requested ", " is unusable");
	cmd_resource_end(cmd, &cpu->c->drc, -ENODEV, result, cpu_error_text);
}

static void run_one(struct run *run, struct cpu *cpu, unsigned int nth)
{
	static const struct occupant planned = { 0 };
	const struct cmd *cmd = run->cmd;
	struct dr_ctx *dr = &cmd->session->dr;
	struct dr_result result = { 0 };
	size_t at = (size_t)(cpu - run->list.cpus);
	int err;

	run->is_tried[at] = true;
	cmd->report->ops->begin(cmd->report, &cpu->c->drc);
	if (is_add(run))
		err = cpu_add(dr, cpu, run->way, true, &result);
	else
		err = cpu_remove(dr, &run->list, cpu, run->way, &result);

	if (err && logical_is_missing(&result.error) && !result.is_undo_incomplete)
		end_not_there(run, cpu, &result);
	else
		cmd_resource_end(cmd, &cpu->c->drc, err, &result, cpu_error_text);
	if (!err) {
		run->done[nth] = at;
		cpu->node = is_add(run) ? &planned : NULL;
	}
	dr_result_free(&result);
}

/* May there be a further one? */
static bool may_go_on(struct run *run)
{
	const struct dr_ctx *dr = &run->cmd->session->dr;

	if (dr_stop_requested(dr) || run->cmd->report->is_undo_incomplete)
		return false;
	if (!deadline_has_passed(&dr->limit))
		return true;
	cmd_fail_late(run->cmd);
	return false;
}

static bool refuse_last(struct run *run, const struct cpu *cpu)
{
	if (is_add(run) || !cpu_is_last(&run->list, cpu))
		return false;
	cmd_fail(run->cmd, NULL, "Cannot remove the last CPU");
	run->is_last = true;
	return true;
}

static void run_all(struct run *run)
{
	const struct report *r = run->cmd->report;

	while (r->done < r->requested && may_go_on(run) && !refuse_last(run, NULL)) {
		struct cpu *cpu = run->cmd->req->key ? find_wanted(run) : find_next(run);

		if (!cpu || refuse_last(run, cpu))
			break;
		run_one(run, cpu, r->done);
		if (run->cmd->req->key)
			break;
	}
}

/* Fewer than asked for, and all of them were wanted or none. */
static void take_back(struct run *run)
{
	struct report *r = run->cmd->report;
	struct dr_ctx dr = dr_unstoppable(&run->cmd->session->dr);

	for (size_t n = r->done; n--;) {
		const struct drc *drc = &run->list.cpus[run->done[n]].c->drc;
		struct dr_result result = { 0 };
		const struct cpu *cpu = NULL;
		struct cpu_list now;
		int err;

		if (cmd_leaves(run->cmd, drc, CMD_LEFT_CPU))
			continue;
		err = cpu_list_read(&now, &dr);
		for (size_t i = 0; !err && i < now.n; i++)
			if (now.cpus[i].c->drc.index == drc->index)
				cpu = &now.cpus[i];
		r->ops->begin(r, drc);
		if (cpu && is_add(run) && cpu->node)
			err = cpu_remove(&dr, &now, cpu, run->way, &result);
		else if (cpu && !is_add(run) && !cpu->node)
			err = cpu_add(&dr, cpu, run->way, false, &result);
		cmd_taken_back(run->cmd, drc, err, &result, CMD_LEFT_CPU);
		cpu_list_free(&now);
	}
}

static int status_of(struct run *run)
{
	const struct report *r = run->cmd->report;
	bool all_or_nothing = run->cmd->req->all_or_nothing;

	if (r->done == r->requested)
		return DRMGR_DONE;
	if (all_or_nothing && !run->cmd->req->dry_run)
		take_back(run);
	if (r->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	if (r->done && !all_or_nothing)
		return DRMGR_PARTIAL;
	return run->is_last || all_or_nothing ? DRMGR_FAILED : DRMGR_NOTHING_DONE;
}

/* All or none also if it is killed in between. */
static int run_batch(struct run *run)
{
	const struct dr_ctx *dr = &run->cmd->session->dr;
	int status;

	if (run->cmd->req->all_or_nothing)
		journal_batch_begin(dr);
	run_all(run);
	status = status_of(run);
	journal_batch_end(dr, status == DRMGR_NOT_UNDONE);
	return status;
}

static int prepare(struct run *run)
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
	status = prepare(&run);
	if (!status) {
		r->names_each = true;
		cmd_hooks(cmd, HOOK_PRE, r->requested, NULL);
		status = run_batch(&run);
		cmd_hooks(cmd, HOOK_POST, r->done, NULL);
	}
	free(run.is_tried);
	free(run.done);
	cpu_list_free(&run.list);
	return status;
}
