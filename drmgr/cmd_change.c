// SPDX-License-Identifier: GPL-2.0-or-later
/* Change resources: hand the request to the engine, and translate its outcome. */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/pci/pci_text.h"
#include "libdrmgr/types/runs.h"

/* Return the operations of a request. */
static const struct run_ops *change_ops(const struct dr_request *to)
{
	const struct dr_parameter *p = to->parameter ? to->type->parameters : NULL;

	if (to->file)
		return &run_prrn;
	while (p && p->word && strcmp(p->word, to->parameter))
		p++;
	return p && p->word ? p->run : to->type->run;
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

/* Return the result of a migration: the error number of the kernel's file, or the status
 * of firmware. */
static int migrate_result(const struct dr_error *error)
{
	switch ((int)error->fault) {
	case DR_OK:
	case DR_FAULT_INTERRUPTED:
		return 0;
	case DR_FAULT_KERNEL:
		return -error->err;
	case DR_FAULT_FIRMWARE:
		return error->status;
	default:
		return -1;
	}
}

/* Management consoles use the last byte of the result. */
static int migrate_failed(const struct cmd *cmd, const struct dr_error *error)
{
	int status = migrate_result(error) & 0xff;

	if (strcmp(cmd->req->to.parameter, "pre") != 0)
		return error->fault == DR_FAULT_NOT_CAPABLE ? DRMGR_FAILED
							    : DRMGR_CHECK_FAILED;
	if (error->fault == DR_FAULT_KERNEL || error->fault == DR_FAULT_FIRMWARE)
		return status ? status : DRMGR_FAILED;
	return DRMGR_FAILED;
}

static bool request_migrates(const struct dr_req *req)
{
	return request_is(req, "pmig") || request_is(req, "phib");
}

/* Nothing was changed. The types have their own statuses for that. */
static int change_failed(const struct cmd *cmd, const struct run *run)
{
	const struct dr_error *error = &run->error;
	const struct dr_req *req = cmd->req;

	if (request_migrates(req))
		return migrate_failed(cmd, error);
	if (run->ops == &run_phb || run->ops == &run_slot)
		return req->to.key ? cmd_logical_status(cmd, error) : DRMGR_FAILED;
	if (run->ops == &run_acc && error->fault == DR_FAULT_KERNEL)
		return -error->err;
	if (run->ops == &run_cpu_share || run->ops == &run_mem_share)
		return error->fault == DR_FAULT_TOO_FEW && error->err == -EINVAL
			       ? DRMGR_NOTHING_DONE
			       : DRMGR_FAILED;
	if (run->ops != &run_cpu && run->ops != &run_smt)
		return DRMGR_FAILED;
	return run->is_prepared && error->fault != DR_FAULT_LAST &&
			       !req->to.all_or_nothing
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

	if (run->ops == &run_prrn && !run->is_prepared)
		log_err(cmd->log, "Failed to handle PRRN event");
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
			     .count = req->to.count,
			     .parameter = req->to.parameter,
			     .file = req->to.file,
			     .backend = req->to.backend,
			     .ask = req->to.key && !req->no_prompt && !req->dry_run,
			     .skip_identify = req->to.skip_identify,
			     .hotplug_only = req->to.hotplug_only,
			     .all_or_nothing = req->to.all_or_nothing },
	};
	enum run_outcome outcome;

	/* A resource that the user named is not printed: scripts expect silence. */
	r->lists_each = !req->to.key && (run.ops == &run_pci || run.ops == &run_phb);
	r->names_each = run.ops == &run_cpu;
	r->counted = run.ops == &run_mem ? "LMBs" : NULL;
	run.request.describe = req->json || r->lists_each;
	outcome = run_execute(&run);
	progress_clear(&r->progress);
	if (run.is_prepared && request_migrates(req) && !req->dry_run &&
	    !strcmp(req->to.parameter, "pre"))
		cmd_syslog(cmd, "drmgr: %s rc %d",
			   run.ops == &run_phib ? "hibernation" : "migration",
			   migrate_result(&run.error));
	r->requested = run.requested;
	r->done = run.done;
	r->is_undone |= run.is_undone;
	r->is_undo_incomplete |= run.is_undo_incomplete;
	change_print_end(cmd, &run);
	return change_status(cmd, &run, outcome);
}
