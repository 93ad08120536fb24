// SPDX-License-Identifier: GPL-2.0-or-later
/* Migrate or hibernate the partition: -c pmig, -c phib. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/types/mobility/migrate.h"

static bool migrate_is_hibernation(const struct cmd *cmd)
{
	return request_is(cmd->req, "phib");
}

static const char *migrate_name(const struct cmd *cmd)
{
	return migrate_is_hibernation(cmd) ? "hibernation" : "migration";
}

/* ---- Reasons of failures ---- */

/* The meaning of an errno of these files only. */
static const struct {
	int err;
	const char *text;
} reasons[] = {
	{ EAGAIN, "threads of the partition were still running" },
	{ EBUSY, "the partition cannot be suspended now" },
	{ ECANCELED, "the host has aborted it" },
	{ EINVAL, "the stream does not exist, or must not be used" },
	{ EIO, "firmware or the stream has failed" },
	{ ENOENT, "this hypervisor does not support it" },
};

static const char *migrate_reason(int err)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].err == err)
			return reasons[i].text;
	return NULL;
}

static char *migrate_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words none = { 0 };
	const char *reason = migrate_reason(-error->err);

	if (error->fault == DR_FAULT_KERNEL)
		return text_of("%s: %s: %s%s%s%s", drc->name, error->what,
			       strerror(-error->err), reason ? " (" : "",
			       reason ? reason : "", reason ? ")" : "");
	if (error->fault == DR_FAULT_CALL && reason)
		return text_of("%s: %s: %s (%s)", drc->name, error->what,
			       strerror(-error->err), reason);
	if (error->fault == DR_FAULT_INTERRUPTED)
		return text_of("%s: stopped by a signal", drc->name);
	if (error->fault == DR_FAULT_FIRMWARE)
		return text_of("%s: %s", drc->name, error->what);
	return error_text(error, drc, &none);
}

/* ---- Checks ---- */

static int migrate_check_possible(const struct cmd *cmd)
{
	const struct kern_root *root = &cmd->session->root;
	int api = migration_api(root);

	if (migrate_is_hibernation(cmd) && !hibernation_is_possible(root))
		return cmd_fail(cmd, NULL, "Partition Hibernation is not supported.");
	if (!migration_is_possible(root))
		return cmd_fail(cmd, NULL,
				migrate_is_hibernation(cmd)
					? "Partition Mobility is not supported on this "
					  "kernel."
					: "Partition Mobility is not supported.");
	if (!migrate_is_hibernation(cmd) && api > 1)
		return cmd_fail(cmd, NULL, "Unknown kernel migration api version %d",
				api);
	return DRMGR_DONE;
}

/* Run the hooks of the check. If one fails, run the hooks that undo the check. */
static int migrate_check(const struct cmd *cmd)
{
	unsigned int failed;

	if (migrate_is_hibernation(cmd)) {
		cmd_fail(cmd, NULL, "-p check is not supported for hibernation");
		return DRMGR_CHECK_FAILED;
	}
	cmd->report->requested = 1;
	failed = cmd_hooks(cmd, HOOK_CHECK, 0, NULL);
	if (!failed) {
		cmd->report->done = 1;
		return DRMGR_DONE;
	}
	cmd_hooks(cmd, HOOK_UNDOCHECK, 0, NULL);
	cmd_fail(cmd, NULL,
		 "The partition cannot be migrated now: %u of the hooks in "
		 "/etc/drmgr.d/pmig failed",
		 failed);
	return DRMGR_CHECK_FAILED;
}

/* ---- Migration ---- */

static void migrate_before_try(void *priv)
{
	const struct cmd *cmd = priv;

	if (!migrate_is_hibernation(cmd))
		cmd_hooks(cmd, HOOK_PRE, 0, NULL);
}

/* Return the exit status: the error number of the kernel's file, or the last byte of
 * firmware's status. Management consoles use them. */
static int migrate_exit_status(const struct migration *m, const struct dr_error *error)
{
	unsigned int status = (unsigned int)m->status & 0xff;

	if (error->fault == DR_FAULT_KERNEL || error->fault == DR_FAULT_FIRMWARE)
		return status ? (int)status : DRMGR_FAILED;
	return DRMGR_FAILED;
}

/* Report an incomplete device tree. The migration itself is complete, but the
 * administrator must know about the tree. */
static int migrate_fail_tree(const struct cmd *cmd, const struct migration *m)
{
	cmd->report->is_undone = false;
	cmd_fail(cmd, NULL,
		 "The %s is complete, but the device tree is not (changes that failed: "
		 "%u, succeeded: %u).\n"
		 "Until the partition is restarted, its device tree does not match the "
		 "machine.",
		 migrate_name(cmd), m->tree.failed, m->tree.done);
	return DRMGR_PARTIAL;
}

static int migrate_run(const struct cmd *cmd, struct migration *m)
{
	char name[32];
	const struct drc drc = { .name = name, .type = request_type(cmd->req) };
	struct dr_result result = { 0 };
	int err, status;

	snprintf(name, sizeof(name), "stream 0x%" PRIx64, m->stream);
	cmd->report->requested = 1;
	cmd->report->ops->begin(cmd->report, &drc);
	err = migration_run(&cmd->session->dr, m, &result);
	if (!cmd->req->dry_run)
		cmd_syslog(cmd, "drmgr: %s rc %d", migrate_name(cmd), m->status);
	status = cmd_resource_end(cmd, &drc, err, &result, migrate_error_text);
	if (status == DRMGR_FAILED)
		status = migrate_exit_status(m, &result.error);
	if (!err && m->tree.failed)
		status = migrate_fail_tree(cmd, m);
	else if (m->tree.skipped)
		log_info(cmd->log, "%u changes of missing nodes skipped",
			 m->tree.skipped);
	dr_result_free(&result);
	if (!migrate_is_hibernation(cmd))
		cmd_hooks(cmd, HOOK_POST, 0, NULL);
	return status;
}

int cmd_migrate(const struct cmd *cmd)
{
	struct migration m = { .hibernate = migrate_is_hibernation(cmd),
			       .before = migrate_before_try,
			       .priv = (void *)(uintptr_t)cmd };
	int status = migrate_check_possible(cmd);

	if (status)
		return status;
	if (!strcmp(cmd->req->to.parameter, "check"))
		return migrate_check(cmd);
	if (strcmp(cmd->req->to.parameter, "pre") != 0) {
		cmd_fail(cmd, NULL, "Invalid command '%s': -p is check or pre",
			 cmd->req->to.parameter);
		return DRMGR_CHECK_FAILED;
	}
	if (!cmd->req->to.key)
		return cmd_fail(cmd, NULL, "No streamid specified");
	if (!migration_stream(cmd->req->to.key, &m.stream))
		return cmd_fail(cmd, NULL,
				"Invalid streamid '%s': it must be a hexadecimal number "
				"other than 0",
				cmd->req->to.key);
	return migrate_run(cmd, &m);
}
