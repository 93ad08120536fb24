// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/types/mobility/migrate.h"
#include "kern/prop.h"
#include "kern/sysfs.h"
#include "wire/number.h"
#include "wire/update.h"

enum { AGAIN_MS = 1000 };

bool migration_is_possible(const struct kern_root *root)
{
	return kern_exists(root, DT_BASE "/ibm,migratable-partition");
}

bool hibernation_is_possible(const struct kern_root *root)
{
	return kern_exists(root, HIBERNATION_FILE);
}

/* A small number in an attribute; what cannot be read is 0. */
static int number_in(const struct kern_root *root, const char *file)
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
	return number_in(root, MIGRATION_API);
}

bool migration_stream(const char *text, uint64_t *stream)
{
	size_t skip = !strncmp(text, "0x", 2) || !strncmp(text, "0X", 2) ? 2 : 0;

	return !number_read(text + skip, strlen(text + skip), 16, stream) && *stream;
}

/* Does the kernel see to the device tree itself? */
static bool kernel_updates(const struct kern_root *root, const struct migration *m)
{
	return (m->hibernate ? number_in(root, HIBERNATION_FILE) : migration_api(root)) ==
	       1;
}

/* The kernel comes back when the partition does, be that on the other machine. */
static int suspend_by_file(struct xact *x, struct migration *m)
{
	const char *file = m->hibernate ? HIBERNATION_FILE : MIGRATION_FILE;
	char text[24];
	int err;

	snprintf(text, sizeof(text), "0x%" PRIx64 "\n", m->stream);
	x->is_patient = true;
	err = xact_write(x, "suspend", file, text);
	x->is_patient = false;
	if (x->error.fault != DR_FAULT_INTERRUPTED) /* then it was not written */
		m->status = -err;
	return err;
}

static int suspend_by_call(struct xact *x, struct migration *m)
{
	struct rtas_args args = { .in = { (uint32_t)(m->stream >> 32),
					  (uint32_t)m->stream } };
	int32_t status;
	int err = xact_call(x, "suspend", RTAS_SUSPEND_ME, &args, &status);

	m->status = err ? -1 : status;
	return err || !status ? err : xact_refused(x, "suspend", RTAS_SUSPEND_ME, status);
}

static bool is_by_call(const struct xact *x, const struct migration *m)
{
	return !m->hibernate && !migration_api(x->dr->root);
}

/* Firmware may say that the stream is not ready; the kernel's file waits by itself. */
static int suspend(struct xact *x, struct migration *m)
{
	struct deadline dl = dr_wait_until(x->dr, DR_CALL_MS);
	bool by_call = is_by_call(x, m);
	int err;

	for (;;) {
		if (m->before && !dr_stop_requested(x->dr))
			m->before(m->priv);
		if (dr_stop_requested(x->dr))
			return xact_fail(x, DR_FAULT_INTERRUPTED, "suspend", -EINTR,
					 "signal");
		err = by_call ? suspend_by_call(x, m) : suspend_by_file(x, m);
		if (!err || !by_call || m->status != RTAS_NOT_SUSPENDABLE)
			return err;
		if (!dr_pause(x->dr, &dl, AGAIN_MS) && !dr_stop_requested(x->dr))
			return err;
		log_info(x->dr->log,
			 "The partition is not suspendable yet, trying again");
		x->error = (struct dr_error){ 0 };
	}
}

/* What an update will tell is not known before it is asked. */
static void plan_update(struct xact *x)
{
	xact_step_begin(x, "activate-firmware", "rtas ibm,activate-firmware()");
	xact_step_begin(x, "update-nodes",
			"rtas ibm,update-nodes(work area, %d) until complete",
			UPDATE_SCOPE_MIGRATION);
	xact_step_begin(x, "update",
			"write /proc/ppc64/ofdt what it lists, and "
			"ibm,update-properties and ibm,configure-connector tell");
}

/* Without a way to change the tree the partition had better stay. */
static int prepare_update(struct xact *x)
{
	int err = tree_update_probe(x->dr);

	if (err && err != -ENODEV)
		return xact_fail(x, DR_FAULT_NO_BACKEND, "update", err, "ofdt");
	return tree_update_push(x, UPDATE_SCOPE_MIGRATION);
}

static int move(struct xact *x, struct migration *m)
{
	bool is_ours = !kernel_updates(x->dr->root, m);
	struct dr_error error;
	int err = is_ours ? prepare_update(x) : 0;

	if (err)
		return err;
	err = suspend(x, m);
	if (err) {
		if (is_ours)
			xact_drop(x);
		return err;
	}
	m->has_moved = true;
	if (!is_ours)
		return 0;
	if (x->dr->dry_run) {
		plan_update(x);
		return 0;
	}
	error = x->error;
	if (tree_update_run(x, UPDATE_SCOPE_MIGRATION, &m->tree))
		log_info(x->dr->log, "%u nodes could not be updated", m->tree.failed);
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
	xact_begin(&x, dr);
	err = move(&x, m);
	return xact_finish(&x, err, result);
}
