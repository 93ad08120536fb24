// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/types/mobility/migrate.h"
#include "kern/prop.h"
#include "kern/sysfs.h"
#include "wire/number.h"
#include "wire/update.h"

enum { AGAIN_MS = 1000 };

int migration_is_possible(const struct kern_root *root)
{
	return kern_exists(root, DT_BASE "/ibm,migratable-partition");
}

int hibernation_is_possible(const struct kern_root *root)
{
	return kern_exists(root, HIBERNATION_FILE);
}

/* Read a small number from an attribute. Return 0 if it cannot be read. */
static int attribute_number(const struct kern_root *root, const char *file)
{
	char text[32];
	uint64_t n;

	if (sysfs_text(root, text, sizeof(text), "%s", file) ||
	    number_read(text, strlen(text), 10, &n) || n > INT32_MAX)
		return 0;
	return (int)n;
}

int migration_api(const struct kern_root *root)
{
	return attribute_number(root, MIGRATION_API);
}

bool migration_stream(const char *text, uint64_t *stream)
{
	size_t skip = !strncmp(text, "0x", 2) || !strncmp(text, "0X", 2) ? 2 : 0;

	return !number_read(text + skip, strlen(text + skip), 16, stream) && *stream;
}

/* Return true if the kernel updates the device tree itself. */
static bool migration_kernel_updates(const struct kern_root *root,
				     const struct migration *m)
{
	return (m->hibernate ? attribute_number(root, HIBERNATION_FILE)
			     : migration_api(root)) == 1;
}

/* Suspend by the kernel's file. The write returns when the partition is resumed, possibly
 * on the other machine. */
static int migration_suspend_by_file(struct xact *x, struct migration *m)
{
	const char *file = m->hibernate ? HIBERNATION_FILE : MIGRATION_FILE;
	char text[24];
	int err;

	snprintf(text, sizeof(text), "0x%" PRIx64 "\n", m->stream);
	x->is_patient = true;
	err = xact_write(x, "suspend", file, text);
	x->is_patient = false;
	if (x->error.fault != DR_FAULT_INTERRUPTED) /* not if the file was not written */
		m->status = -err;
	return err;
}

static int migration_suspend_by_call(struct xact *x, struct migration *m)
{
	struct rtas_args args = { .in = { (uint32_t)(m->stream >> 32),
					  (uint32_t)m->stream } };
	int32_t status;
	int err = xact_call(x, "suspend", RTAS_SUSPEND_ME, &args, &status);

	m->status = err ? -1 : status;
	return err || !status ? err : xact_refused(x, "suspend", RTAS_SUSPEND_ME, status);
}

static bool migration_is_by_call(const struct xact *x, const struct migration *m)
{
	return !m->hibernate && !migration_api(x->dr->root);
}

/* Suspend the partition. Firmware may report that the stream is not ready: try again. The
 * kernel's file waits by itself. */
static int migration_suspend(struct xact *x, struct migration *m)
{
	struct deadline dl = dr_wait_until(x->dr, DR_CALL_MS);
	bool by_call = migration_is_by_call(x, m);
	int64_t second = 0;
	int err;

	for (;;) {
		if (m->before && !dr_stop_requested(x->dr))
			m->before(m->priv);
		if (dr_stop_requested(x->dr))
			return xact_fail(x, DR_FAULT_INTERRUPTED, "suspend", -EINTR,
					 "signal");
		err = by_call ? migration_suspend_by_call(x, m)
			      : migration_suspend_by_file(x, m);
		if (!err || !by_call || m->status != RTAS_NOT_SUSPENDABLE)
			return err;
		dr_tell_wait(x->dr, &dl, &second, "the partition to be suspendable");
		if (!dr_pause(x->dr, &dl, AGAIN_MS) && !dr_stop_requested(x->dr))
			return err;
		dr_log_info(x->dr->log,
			    "The partition is not suspendable yet, trying again");
		x->error = (struct dr_error){ 0 };
	}
}

/* Plan the update. Its changes are unknown until firmware is queried. */
static void migration_plan_update(struct xact *x)
{
	xact_step_begin(x, "activate-firmware", "rtas ibm,activate-firmware()");
	xact_step_begin(x, "update-nodes",
			"rtas ibm,update-nodes(work area, %d) until complete",
			UPDATE_SCOPE_MIGRATION);
	xact_step_begin(x, "update",
			"write /proc/ppc64/ofdt what it lists, and "
			"ibm,update-properties and ibm,configure-connector tell");
}

/* Prepare the update of the device tree. If the tree cannot be changed, the partition
 * must not move. */
static int migration_prepare_update(struct xact *x)
{
	int err = tree_update_probe(x->dr);

	if (err && err != -ENODEV)
		return xact_fail(x, DR_FAULT_NO_BACKEND, "update", err, "ofdt");
	return tree_update_push(x, UPDATE_SCOPE_MIGRATION);
}

static int migration_move(struct xact *x, struct migration *m)
{
	bool is_ours = !migration_kernel_updates(x->dr->root, m);
	struct dr_error error;
	int err = is_ours ? migration_prepare_update(x) : 0;

	if (err)
		return err;
	err = migration_suspend(x, m);
	if (err) {
		if (is_ours)
			xact_drop(x);
		return err;
	}
	m->has_moved = true;
	if (!is_ours)
		return 0;
	if (x->dr->dry_run) {
		migration_plan_update(x);
		return 0;
	}
	error = x->error;
	if (tree_update_run(x, UPDATE_SCOPE_MIGRATION, &m->tree))
		dr_log_info(x->dr->log, "%u nodes could not be updated", m->tree.failed);
	x->error = error;
	return 0;
}

int migration_run(struct dr_ctx *dr, struct migration *m, struct dr_result *result)
{
	struct xact x;
	int err;

	m->has_moved = false;
	m->status = 0;
	m->tree = (struct tree_update){ 0 };
	xact_begin(&x, dr, &result->mem);
	err = migration_move(&x, m);
	return xact_finish(&x, err, result);
}
