// SPDX-License-Identifier: GPL-2.0-or-later
/* Change resources: hand the request to the engine, and translate its outcome. */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/pci/pci_text.h"
#include "libdrmgr/types/runs.h"

/* Return the operations of a request; NULL: it changes a share, no resources. Only
 * processors and memory have -p. */
static const struct run_ops *change_ops(const struct dr_request *to)
{
	const struct dr_parameter *p = to->parameter ? to->type->parameters : NULL;

	while (p && p->word && strcmp(p->word, to->parameter))
		p++;
	return p ? p->run : to->type->run;
}

int cmd_logical_status(const struct cmd *cmd, const struct dr_error *error)
{
	bool is_phb = request_is(cmd->req, "phb");

	switch ((int)error->fault) {
	case DR_FAULT_ABSENT:
		return DRMGR_NO_SUCH;
	case DR_FAULT_OWNED:
		return DRMGR_OWNED_ALREADY;
	case DR_FAULT_NOT_OWNED:
		return is_phb ? DRMGR_NO_SUCH : DRMGR_NOT_OWNED;
	}
	if (error->is_behind)
		return cmd->req->to.action == DR_ADD ? DRMGR_IN_USE : DRMGR_BEHIND;
	return DRMGR_FAILED;
}

/* Nothing was changed. The types have their own statuses for that. */
static int change_failed(const struct cmd *cmd, const struct run *run)
{
	if (run->ops == &run_phb || run->ops == &run_slot)
		return cmd->req->to.key ? cmd_logical_status(cmd, &run->error)
					: DRMGR_FAILED;
	if (run->ops != &run_cpu && run->ops != &run_smt)
		return DRMGR_FAILED;
	return run->is_prepared && run->error.fault != DR_FAULT_LAST &&
			       !cmd->req->to.all_or_nothing
		       ? DRMGR_NOTHING_DONE
		       : DRMGR_FAILED;
}

static int change_status(const struct cmd *cmd, const struct run *run,
			 enum run_outcome outcome)
{
	switch (outcome) {
	case RUN_DONE:
	case RUN_DECLINED:
		return DRMGR_DONE;
	case RUN_PARTIAL:
		return DRMGR_PARTIAL;
	case RUN_NOT_UNDONE:
		return DRMGR_NOT_UNDONE;
	default:
		return change_failed(cmd, run);
	}
}

/* Print what the text of a type has after all resources. */
static void change_print_end(const struct cmd *cmd, const struct run *run)
{
	struct report *r = cmd->report;
	char total[48];

	if (run->ops == &run_pci && run->is_prepared && !run->requested)
		r->ops->line(r, PCI_NOTHING);
	if (run->ops != &run_mem || cmd->req->dry_run)
		return;
	/* The management console reads this line. */
	snprintf(total, sizeof(total), "DR_TOTAL_RESOURCES=%u", run->done);
	r->ops->line(r, total);
}

int cmd_change(const struct cmd *cmd)
{
	const struct dr_req *req = cmd->req;
	struct report *r = cmd->report;
	struct run run = {
		.dr = &cmd->session->dr,
		.ops = change_ops(&req->to),
		.request = { .action = req->to.action,
			     .key = req->to.key,
			     .count = (unsigned int)req->to.count,
			     .backend = req->to.backend,
			     .ask = req->to.key && !req->no_prompt && !req->dry_run,
			     .skip_identify = req->to.skip_identify,
			     .hotplug_only = req->to.hotplug_only,
			     .all_or_nothing = req->to.all_or_nothing },
	};
	enum run_outcome outcome;

	if (!run.ops)
		return cmd_entitlement(cmd);
	/* A resource that the user named is not printed: scripts expect silence. */
	r->lists_each = !req->to.key && run.ops != &run_cpu && run.ops != &run_mem &&
			run.ops != &run_smt;
	r->names_each = run.ops == &run_cpu;
	r->counted = run.ops == &run_mem ? "LMBs" : NULL;
	run.request.describe = req->json || r->lists_each;
	outcome = run_execute(&run);
	progress_clear(&r->progress);
	r->requested = run.requested;
	r->done = run.done;
	r->is_undone |= run.is_undone;
	r->is_undo_incomplete |= run.is_undo_incomplete;
	change_print_end(cmd, &run);
	return change_status(cmd, &run, outcome);
}
