// SPDX-License-Identifier: LGPL-2.1-or-later
/* Migrate or hibernate the partition. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/error_text.h"
#include "libdrmgr/core/hooks.h"
#include "libdrmgr/types/mobility/migrate.h"
#include "libdrmgr/types/runs.h"
#include "kern/text.h"

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

/* An error without a resource has its whole text. */
static char *migrate_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words none = { 0 };
	const char *reason = migrate_reason(-error->err);

	if (!drc)
		return text_of("%s", error->what);
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

static bool migrate_is_hibernation(const struct run *run)
{
	return run->request.action == DR_HIBERNATE;
}

static void migrate_refuse(struct run *run, enum dr_fault fault, const char *text)
{
	run->error = (struct dr_error){ .fault = fault };
	snprintf(run->error.what, sizeof(run->error.what), "%s", text);
}

/* Check what the kernel supports. Return 0, or -ENOTSUP and run->error. */
static int migrate_check_kernel(struct run *run)
{
	const struct kern_root *root = run->dr->root;
	bool is_hibernation = migrate_is_hibernation(run);
	int api = migration_api(root);
	int can = migration_is_possible(root),
	    can_hibernate = is_hibernation ? hibernation_is_possible(root) : 1;
	char text[80];

	if (can < 0 || can_hibernate < 0) {
		api = can < 0 ? can : can_hibernate;
		dr_error_read(&run->error, root, DR_FAULT_NOT_CAPABLE, api);
		return api;
	}
	if (!can_hibernate) {
		migrate_refuse(run, DR_FAULT_NOT_CAPABLE,
			       "Partition Hibernation is not supported.");
		return -ENOTSUP;
	}
	if (!can) {
		migrate_refuse(run, DR_FAULT_NOT_CAPABLE,
			       is_hibernation ? "Partition Mobility is not supported on "
						"this kernel."
					      : "Partition Mobility is not supported.");
		return -ENOTSUP;
	}
	if (is_hibernation || api <= 1)
		return 0;
	snprintf(text, sizeof(text), "Unknown kernel migration api version %d", api);
	migrate_refuse(run, DR_FAULT_NOT_CAPABLE, text);
	return -ENOTSUP;
}

/* Check the words of the request. Return 0, or -EINVAL and run->error. */
static int migrate_check_words(struct run *run, uint64_t *stream)
{
	const char *parameter = run->request.parameter, *key = run->request.key;

	run->error = (struct dr_error){ .fault = DR_FAULT_REQUEST };
	if (!strcmp(parameter, "check") && !migrate_is_hibernation(run))
		return 0;
	if (!strcmp(parameter, "check"))
		snprintf(run->error.what, sizeof(run->error.what),
			 "-p check is not supported for hibernation");
	else if (strcmp(parameter, "pre") != 0)
		snprintf(run->error.what, sizeof(run->error.what),
			 "Invalid command '%.200s': -p is check or pre", parameter);
	else if (!key)
		snprintf(run->error.what, sizeof(run->error.what),
			 "No streamid specified");
	else if (!migration_stream(key, stream))
		snprintf(
			run->error.what, sizeof(run->error.what),
			"Invalid streamid '%.200s': it must be a hexadecimal number other "
			"than 0",
			key);
	else
		return 0;
	return -EINVAL;
}

/* ---- Steps ---- */

static unsigned int migrate_call_hooks(const struct run *run, enum hook_phase phase)
{
	const struct hook_event event = {
		.type = run->request.type,
		.action = dr_action_name(run->request.action),
		.phase = phase,
	};

	return migrate_is_hibernation(run) ? 0 : hooks_run(run->dr, &event);
}

static void migrate_before_try(void *priv)
{
	migrate_call_hooks(priv, HOOK_PRE);
}

static int migrate_run_prepare(struct run *run)
{
	struct migration *m = run->priv;
	int err;

	run->requested = 1;
	m->hibernate = migrate_is_hibernation(run);
	m->before = migrate_before_try;
	m->priv = run;
	err = migrate_check_kernel(run);
	return err ? err : migrate_check_words(run, &m->stream);
}

/* Run the hooks of the check. If one fails, run the hooks that undo the check. */
static void migrate_run_check(struct run *run)
{
	unsigned int failed = migrate_call_hooks(run, HOOK_CHECK);

	if (!failed) {
		run->done = 1;
		return;
	}
	migrate_call_hooks(run, HOOK_UNDOCHECK);
	run_fail_with(run, DR_FAULT_HOOK, 0,
		      "The partition cannot be migrated now: %u of the hooks in "
		      "/etc/drmgr.d/pmig failed",
		      failed);
}

/* Report an incomplete device tree. The migration itself is complete, but the
 * administrator must know about the tree. */
static void migrate_fail_tree(struct run *run, const struct migration *m)
{
	run->is_undone = false;
	run->is_half_done = true;
	run_fail_with(run, DR_FAULT_TREE, 0,
		      "The %s is complete, but the device tree is not (changes that "
		      "failed: %u, succeeded: %u).\n"
		      "Until the partition is restarted, its device tree does not match "
		      "the machine.",
		      m->hibernate ? "hibernation" : "migration", m->tree.failed,
		      m->tree.done);
}

static bool migrate_run_step(struct run *run)
{
	struct migration *m = run->priv;
	char name[32];
	const struct drc drc = { .name = name, .type = run->request.type };
	struct dr_result result = { 0 };
	int err;

	if (!strcmp(run->request.parameter, "check")) {
		migrate_run_check(run);
		return true;
	}
	snprintf(name, sizeof(name), "stream 0x%" PRIx64, m->stream);
	run_begin(run, &drc);
	err = run_end(run, &drc, migration_run(run->dr, m, &result), &result);
	if (!err && m->tree.failed)
		migrate_fail_tree(run, m);
	else if (m->tree.skipped)
		dr_log_info(run->dr->log, "%u changes of missing nodes skipped",
			    m->tree.skipped);
	mem_end(&result.mem);
	migrate_call_hooks(run, HOOK_POST);
	return true;
}

const struct run_ops run_migration = {
	.locks = WRITER_TREE,
	.is_single = true,
	.has_own_hooks = true,
	.leaves = "device node",
	.priv_bytes = sizeof(struct migration),
	.prepare = migrate_run_prepare,
	.step = migrate_run_step,
	.words = migrate_error_text,
};
