// SPDX-License-Identifier: GPL-2.0-or-later
/* The partition moves to another machine, or goes to sleep: -c pmig, -c phib. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/error_text.h"
#include "libdrmgr/types/mobility/migrate.h"

static bool is_hibernation(const struct cmd *cmd)
{
	return cmd->req->type == DR_TYPE_PHIB;
}

static const char *what_of(const struct cmd *cmd)
{
	return is_hibernation(cmd) ? "hibernation" : "migration";
}

/* ---- Why not ---- */

/* What the kernel means by an errno of these files alone. */
static const struct {
	int err;
	const char *text;
} reasons[] = {
	{ EAGAIN, "threads of the partition were still running" },
	{ EBUSY, "the partition cannot be suspended now" },
	{ ECANCELED, "the host has aborted it" },
	{ EINVAL, "there is no such stream, or it may not be asked for" },
	{ EIO, "firmware or the stream has failed" },
	{ ENOENT, "this hypervisor has nothing for it" },
};

static const char *reason_of(int err)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (reasons[i].err == err)
			return reasons[i].text;
	return NULL;
}

static char *move_words(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words none = { 0 };
	const char *reason = reason_of(-error->err);

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

/* ---- May it go at all? ---- */

static int check_possible(const struct cmd *cmd)
{
	const struct kern_root *root = &cmd->session->root;
	int api = migration_api(root);

	if (is_hibernation(cmd) && !hibernation_is_possible(root))
		return cmd_fail(cmd, NULL, "Partition Hibernation is not supported.");
	if (!migration_is_possible(root))
		return cmd_fail(cmd, NULL,
				is_hibernation(cmd)
					? "Partition Mobility is not supported on this "
					  "kernel."
					: "Partition Mobility is not supported.");
	if (!is_hibernation(cmd) && api > 1)
		return cmd_fail(cmd, NULL, "Unknown kernel migration api version %d",
				api);
	return DRMGR_DONE;
}

/* The hooks say whether. If one of them does not want to, all hear that it is off. */
static int check(const struct cmd *cmd)
{
	unsigned int failed;

	if (is_hibernation(cmd)) {
		cmd_fail(cmd, NULL,
			 "-p check is not for hibernation: there is nothing "
			 "that it would ask");
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

/* ---- Going ---- */

static void before_each_try(void *priv)
{
	const struct cmd *cmd = priv;

	if (!is_hibernation(cmd))
		cmd_hooks(cmd, HOOK_PRE, 0, NULL);
}

/* The exit status is the error number of the kernel's file, or the last byte of
 * firmware's status: management consoles know them. */
static int exit_status(const struct migration *m, const struct dr_error *error)
{
	unsigned int status = (unsigned int)m->status & 0xff;

	if (error->fault == DR_FAULT_KERNEL || error->fault == DR_FAULT_FIRMWARE)
		return status ? (int)status : DRMGR_FAILED;
	return DRMGR_FAILED;
}

/* It has moved, and that is what counts; but somebody should look at the tree. */
static int fail_tree(const struct cmd *cmd, const struct migration *m)
{
	cmd->report->is_undone = false;
	cmd_fail(cmd, NULL,
		 "The %s is complete, but %u of the changes of the device tree that "
		 "firmware tells of could not be made, %u were.\n"
		 "Until the partition is started anew, its device tree is not that of "
		 "the machine.",
		 what_of(cmd), m->tree.failed, m->tree.done);
	return DRMGR_PARTIAL;
}

static int go(const struct cmd *cmd, struct migration *m)
{
	char name[32];
	const struct drc drc = { .name = name, .type = dr_type_name(cmd->req->type) };
	struct dr_result result = { 0 };
	int err, status;

	snprintf(name, sizeof(name), "stream 0x%" PRIx64, m->stream);
	cmd->report->requested = 1;
	cmd->report->ops->begin(cmd->report, &drc);
	err = migration_run(&cmd->session->dr, m, &result);
	if (!cmd->req->dry_run)
		cmd_syslog(cmd, "drmgr: %s rc %d", what_of(cmd), m->status);
	status = cmd_resource_end(cmd, &drc, err, &result, move_words);
	if (status == DRMGR_FAILED)
		status = exit_status(m, &result.error);
	if (!err && m->tree.failed)
		status = fail_tree(cmd, m);
	else if (m->tree.skipped)
		log_info(cmd->log, "%u changes of nodes that are not there skipped",
			 m->tree.skipped);
	dr_result_free(&result);
	if (!is_hibernation(cmd))
		cmd_hooks(cmd, HOOK_POST, 0, NULL);
	return status;
}

int cmd_migrate(const struct cmd *cmd)
{
	struct migration m = { .hibernate = is_hibernation(cmd),
			       .before = before_each_try,
			       .priv = (void *)(uintptr_t)cmd };
	int status = check_possible(cmd);

	if (status)
		return status;
	if (!strcmp(cmd->req->param, "check"))
		return check(cmd);
	if (strcmp(cmd->req->param, "pre") != 0) {
		cmd_fail(cmd, NULL, "Invalid command '%s': -p is check or pre",
			 cmd->req->param);
		return DRMGR_CHECK_FAILED;
	}
	if (!cmd->req->key)
		return cmd_fail(cmd, NULL, "No streamid specified");
	if (!migration_stream(cmd->req->key, &m.stream))
		return cmd_fail(cmd, NULL,
				"Invalid streamid '%s': it is a hexadecimal number, "
				"and not 0",
				cmd->req->key);
	return go(cmd, &m);
}
