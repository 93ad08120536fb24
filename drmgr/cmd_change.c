// SPDX-License-Identifier: GPL-2.0-or-later
/* Change resources: hand the request to the library, and translate how it ended. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/advice.h"
#include "drmgr/cmd.h"
#include "drmgr/crash_dump.h"

int cmd_logical_status(const struct cmd *cmd, const struct dr_error *error)
{
	bool is_add = cmd->req->to.action == DR_ADD;

	if (dr_error_is_below(error))
		return is_add ? DRMGR_IN_USE : DRMGR_BEHIND;
	switch (dr_error_get_code(error)) {
	case DR_CODE_NO_SUCH_CONNECTOR:
		return is_add ? DRMGR_FAILED : DRMGR_NO_SUCH;
	case DR_CODE_ALREADY_THERE:
		return DRMGR_OWNED_ALREADY;
	case DR_CODE_NOTHING_THERE:
		return request_is(cmd->req, TYPE_BRIDGES) ? DRMGR_NO_SUCH
							  : DRMGR_NOT_OWNED;
	default:
		return DRMGR_FAILED;
	}
}

/* Return the result of a migration: the error number of the kernel's file, or the status
 * of firmware. */
static int migrate_result(const struct dr_error *error)
{
	int32_t status;

	if (dr_error_get_status(error, &status))
		return status;
	switch (dr_error_get_code(error)) {
	case DR_CODE_NONE:
	case DR_CODE_INTERRUPTED:
		return 0;
	default:
		return dr_error_is_kernel_file(error) ? -dr_error_get_errno(error) : -1;
	}
}

/* Management consoles use the last byte of the result. */
static int migrate_failed(const struct cmd *cmd, const struct dr_error *error)
{
	int status = migrate_result(error) & 0xff;
	int32_t answer;

	if (strcmp(cmd->req->to.parameter, "pre") != 0)
		return dr_error_get_code(error) == DR_CODE_NOT_SUPPORTED
			       ? DRMGR_FAILED
			       : DRMGR_CHECK_FAILED;
	if (dr_error_is_kernel_file(error) || dr_error_get_status(error, &answer))
		return status ? status : DRMGR_FAILED;
	return DRMGR_FAILED;
}

/* Return true if -p names a share of the hypervisor. */
static bool request_is_share(const struct dr_req *req)
{
	return req->to.parameter && !request_is(req, TYPE_MOBILITY) &&
	       strcmp(req->to.parameter, "smt_threads") != 0;
}

/* Nothing was changed. The types have their own statuses for that. */
static int change_failed(const struct cmd *cmd, const struct dr_results *results)
{
	const struct dr_error *error = dr_results_get_error(results);
	const struct dr_req *req = cmd->req;

	if (request_is(req, TYPE_MOBILITY))
		return migrate_failed(cmd, error);
	if (request_is(req, TYPE_LOGICAL))
		return req->to.key ? cmd_logical_status(cmd, error) : DRMGR_FAILED;
	if (request_is(req, TYPE_CREDITS) && dr_error_is_kernel_file(error))
		return -dr_error_get_errno(error);
	if (request_is_share(req))
		return dr_error_get_code(error) == DR_CODE_TOO_FEW &&
				       dr_error_get_errno(error) == -EINVAL
			       ? DRMGR_NOTHING_DONE
			       : DRMGR_FAILED;
	if (!request_is(req, TYPE_CORES))
		return DRMGR_FAILED;
	return dr_results_is_prepared(results) &&
			       dr_error_get_code(error) != DR_CODE_LAST_ONE &&
			       !req->to.all_or_nothing
		       ? DRMGR_NOTHING_DONE
		       : DRMGR_FAILED;
}

static int change_status(const struct cmd *cmd, const struct dr_results *results)
{
	switch (dr_results_get_status(results)) {
	case DR_STATUS_DONE:
	case DR_STATUS_DECLINED:
		return DRMGR_DONE;
	case DR_STATUS_PARTIAL:
		return DRMGR_PARTIAL;
	case DR_STATUS_NOT_UNDONE:
		return DRMGR_NOT_UNDONE;
	default:
		return change_failed(cmd, results);
	}
}

static bool request_is_memory(const struct dr_req *req)
{
	return request_is(req, TYPE_MEMORY) && !req->to.parameter;
}

/* Print what the text of a type has after all resources, and log the end. */
static void change_print_end(const struct cmd *cmd, const struct dr_results *results)
{
	bool is_prepared = dr_results_is_prepared(results);
	const struct dr_req *req = cmd->req;
	struct report *r = cmd->report;
	char total[48];

	if (req->to.file && !is_prepared)
		log_err(cmd->log, "Failed to handle PRRN event");
	if (is_prepared && request_is(req, TYPE_MOBILITY) && !req->dry_run &&
	    !strcmp(req->to.parameter, "pre"))
		cmd_syslog(cmd, "drmgr: %s rc %d",
			   request_is(req, TYPE_HIBERNATION) ? "hibernation"
							     : "migration",
			   migrate_result(dr_results_get_error(results)));
	if (request_is(req, TYPE_CARDS) && is_prepared &&
	    !dr_results_get_requested(results))
		r->ops->line(r, dr_results_get_error_text(results));
	if (!request_is_memory(req) || req->dry_run)
		return;
	/* The management console reads this line. */
	snprintf(total, sizeof(total), "DR_TOTAL_RESOURCES=%u",
		 dr_results_get_done(results));
	r->ops->line(r, total);
}

/* Warn if a crash dump would not have the cores or the memory as they are now. */
static void change_check_crash_dump(const struct cmd *cmd,
				    const struct dr_results *results)
{
	const struct dr_req *req = cmd->req;
	bool is_memory = request_is_memory(req);
	struct report *r = cmd->report;

	if (req->dry_run || !dr_results_get_done(results) ||
	    !request_is(req, TYPE_SHARES) || req->to.parameter)
		return;
	r->crash_dump = crash_dump_after("", is_memory);
	if (r->crash_dump && !strcmp(r->crash_dump, "reload"))
		report_warn(r, "The kernel's crash dump does not follow this change: "
			       "load it again, unless a udev rule does.");
}

int cmd_change(const struct cmd *cmd)
{
	const struct dr_req *req = cmd->req;
	const char *counted = type_row(req->to.type)->counted;
	struct dr_request to = req->to;
	struct report *r = cmd->report;
	struct dr_results *results;
	int status;

	to.ask = to.key && !req->no_prompt && !req->dry_run;
	to.plan = req->dry_run || to.action == DR_QUERY;
	to.force = req->force;
	to.force_memory = req->force_memory;
	to.no_loss = req->no_loss;
	to.may_yield = true;
	/* A resource that the user named is not printed: scripts expect silence. */
	r->lists_each = !to.key && request_is(req, TYPE_CARDS | TYPE_BRIDGES);
	r->names_each = request_is(req, TYPE_CORES) && !to.parameter;
	r->counted = counted ? counted : "connectors";
	to.describe = req->json || r->lists_each;
	dr_run(cmd->dr, &to, &results);
	if (!results)
		return cmd_fail(cmd, DR_CODE_NO_MEMORY, "drmgr: out of memory");
	progress_clear(&r->progress);
	r->results = results;
	r->is_undone |= dr_results_is_undone(results);
	r->is_undo_incomplete |= dr_results_is_undo_incomplete(results);
	change_print_end(cmd, results);
	change_check_crash_dump(cmd, results);
	status = change_status(cmd, results);
	if (status != DRMGR_DONE)
		advise_after(cmd, dr_results_get_error(results));
	else if (req->dry_run)
		advise_plan(cmd);
	return status;
}
