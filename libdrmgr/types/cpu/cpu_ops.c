// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/types/cpu/cpu_ops.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/cleanup.h"
#include "kern/dlpar.h"
#include "kern/prop.h"
#include "wire/dlpar_cmd.h"

/* Request a change of the kernel. */
static int cpu_request(struct xact *x, const struct connector *c, bool add)
{
	char text[DLPAR_CMD_MAX];
	int err;

	dlpar_cmd_by_index(text, "cpu", add, c->drc.index);
	x->is_long = x->dr->may_yield;
	err = xact_write(x, add ? "add" : "remove", "sys/kernel/dlpar", text);
	x->is_long = false;
	return err;
}

static int cpu_undo_add(struct xact *x, void *arg)
{
	int occupied = tree_is_occupied(x, arg);

	if (occupied < 0)
		return xact_unread(x, "remove", occupied);
	return occupied ? cpu_request(x, arg, false) : logical_reclaim(x, arg);
}

const struct undo_kind undo_cpu_add = {
	.name = "cpu-add",
	.leaves = "cpu node isolation allocation",
	.undo = cpu_undo_add,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

/* Let the kernel attach a core's node again, whose connector firmware may not count as
 * configured any more. A node with caches would attach these twice. */
static int cpu_attach_again(struct xact *x, const struct connector *c)
{
	const char *node = NULL;
	_cleanup_mem_ struct mem m = { 0 };
	struct cpu_list list;
	int found, err = cpu_list_read(&list, &m, x->dr);
	uint32_t cache;

	found = err ? 0 : tree_find_occupant(x, c, &node);
	if (found > 0)
		found = prop_u32(x->dr->root, node, "l2-cache", &cache);
	if (!err && found != -ENOENT)
		err = found < 0 ? found : -EOPNOTSUPP;
	for (size_t i = 0; !err && i < list.n; i++)
		if (list.cpus[i].c->drc.index == c->drc.index)
			err = cpu_threads_set(x, &list.cpus[i], 0, false);
	return err ? err : apply_again_by_kernel(x, c);
}

/* The kernel failed to remove the core, and may have isolated it and not undone that. Firmware
 * refuses another isolation until the walk was read to its end. */
static int cpu_settle(struct xact *x, const struct connector *c)
{
	int err = drc_unisolate(x, c);

	if (!err && cc_drain(x, c))
		dr_log_debug(x->dr->log, "%s (0x%08x): not walked", c->drc.name,
			     c->drc.index);
	return err;
}

/* Undo a removal. A core that is released may be another partition's now: then it is not
 * added. */
static int cpu_undo_remove(struct xact *x, void *arg)
{
	int occupied = tree_is_occupied(x, arg);
	int32_t sense;

	if (occupied)
		return occupied < 0 ? xact_unread(x, "add", occupied)
				    : cpu_settle(x, arg);
	if (x->is_recovering && !drc_sense(x, arg, &sense) && sense >= 0 &&
	    sense != DRC_SENSE_UNUSABLE)
		return 0;
	return cpu_request(x, arg, true);
}

const struct undo_kind undo_cpu_remove = {
	.name = "cpu-remove",
	.leaves = "cpu node isolation allocation",
	.undo = cpu_undo_remove,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

/* The kernel could not deallocate the connector. It has set it unisolated again, but not
 * walked it: firmware refuses another isolation. */
static int cpu_undo_isolation(struct xact *x, void *arg)
{
	const struct connector *c = arg;
	int err = 0, occupied = tree_is_occupied(x, c);
	int32_t sense;

	if (occupied < 0)
		return xact_unread(x, "configure-connector", occupied);
	if (!occupied) /* also if an earlier try could not attach it again */
		err = drc_sense(x, c, &sense);
	if (err || (!occupied && sense != DRC_SENSE_PRESENT))
		return err;
	if (occupied && !cc_probe(x->dr)) {
		err = drc_unisolate(x, c);
		return err ? err : cc_complete(x, c);
	}
	if (apply_dlpar.probe(x->dr->root))
		return xact_fail(x, DR_FAULT_NO_WALK, "configure-connector", -EOPNOTSUPP,
				 "%s", c->drc.name);
	return occupied ? cpu_attach_again(x, c) : apply_again_by_kernel(x, c);
}

const struct undo_kind undo_cpu_isolation = {
	.name = "cpu-isolation",
	.leaves = "cpu node isolation allocation",
	.undo = cpu_undo_isolation,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

static int cpu_change_by_kernel(struct xact *x, const struct connector *c, bool add)
{
	_cleanup_close_ int log = x->dr->dry_run ? -1 : dlpar_log_open(x->dr->root);
	struct dr_error error;
	int err = xact_push_connector(x, add ? &undo_cpu_add : &undo_cpu_remove, c);

	if (err)
		return err;
	err = cpu_request(x, c, add);
	if (xact_is_unknown(err) && tree_is_occupied(x, c) == add)
		return xact_was_done(x);
	if (err && log >= 0)
		dlpar_log_find(log, "pseries-hotplug-cpu: Failed ", x->error.reason,
			       sizeof(x->error.reason));
	error = x->error;
	/* EPERM: its sensor does not say that it is present. */
	if (err && err != -EPERM && !add && !x->is_unknown &&
	    (*error.reason ? strstr(error.reason, "release drc") != NULL : err == -EIO)) {
		xact_drop(x); /* the node remains */
		if (xact_push_connector(x, &undo_cpu_isolation, c))
			xact_leave_to(x, 0);
	}
	x->error = error;
	return err;
}

/* Sense the connector. If this process may not call firmware, the kernel will find
 * out. */
static int cpu_try_first(struct xact *x, const struct connector *c)
{
	int err = logical_try(x, c);

	if (!err || x->error.fault != DR_FAULT_CALL || strcmp(x->error.step, "sense"))
		return err;
	x->error = (struct dr_error){ 0 };
	return 0;
}

/* The state before an addition. */
struct before {
	struct cpus_online online;
	struct kern_names nodes; /* avoids reading the index of each node */
};

/* Verify that the node exists and that Linux has new processors. */
static int cpu_verify_added(struct xact *x, const struct connector *c,
			    const struct before *before, struct dr_result *result)
{
	const char *node;
	struct cpus_online after;
	int err = tree_find_new_occupant(x, c, &before->nodes, &node);

	if (err < 0)
		return xact_unread(x, "add", err);
	result->node = mem_copy(&result->mem, node);
	if (!err)
		return xact_fail(x, DR_FAULT_TREE, "add", -ENOENT, "%s", c->parent->path);
	err = cpus_online_read(x, &after);
	if (err)
		return err;
	cpus_online_differ(&after, &before->online, result);
	err = xact_check_memory(x, c->drc.name);
	if (err)
		return err;
	if (!result->devices.n)
		return xact_fail(x, DR_FAULT_NO_DEVICE, "add", -ENODEV, "%s",
				 result->node);
	cpu_threads_tell(x->dr, c, result->node, result->devices.n);
	return 0;
}

int cpu_add(struct dr_ctx *dr, const struct cpu *cpu, bool try, struct dr_result *result)
{
	struct before before = { 0 };
	struct xact x;
	int err;

	xact_begin(&x, dr, &result->mem);
	err = cpus_online_read(&x, &before.online);
	if (!err) {
		err = node_children(dr->root, cpu->c->parent->path, &before.nodes);
		if (err)
			xact_unread(&x, "add", err);
	}
	if (dr->dry_run)
		cpu_threads_plan(dr, cpu->c);
	if (!err && try)
		err = cpu_try_first(&x, cpu->c);
	if (!err)
		err = cpu_change_by_kernel(&x, cpu->c, true);
	if (!err && !dr->dry_run)
		err = cpu_verify_added(&x, cpu->c, &before, result);
	kern_names_free(&before.nodes);
	/* A late node means a processor. */
	if (err && x.is_unknown)
		xact_note_left(&x, "cpu");
	return xact_finish(&x, err, result);
}

static int cpu_verify_removed(struct xact *x, const struct cpu *cpu,
			      const struct cpus_online *before, struct dr_result *result)
{
	struct cpus_online after;

	int err = tree_expect_detached(x, "remove", cpu->node->path);

	if (err)
		return err;
	err = cpus_online_read(x, &after);
	if (err)
		return err;
	cpus_online_differ(before, &after, result);
	return xact_check_memory(x, cpu->c->drc.name);
}

int cpu_remove(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
	       struct dr_result *result)
{
	struct cpus_online before;
	struct xact x;
	int err;

	result->node = mem_copy(&result->mem, cpu->node->path);
	xact_begin(&x, dr, &result->mem);
	err = cpus_online_read(&x, &before);
	if (!err)
		err = cpu_check_loss(&x, list, cpu, 0, &before);
	if (!err)
		err = cpu_threads_keep(&x, cpu);
	if (!err)
		err = cpu_change_by_kernel(&x, cpu->c, false);
	if (!err && !dr->dry_run)
		err = cpu_verify_removed(&x, cpu, &before, result);
	return xact_finish(&x, err, result);
}

bool cpu_is_last(const struct cpu_list *list, const struct cpu *but)
{
	size_t owned = 0, online = 0, others_online = 0;

	for (size_t i = 0; i < list->n; i++) {
		const struct cpu *cpu = &list->cpus[i];

		if (!cpu->node)
			continue;
		owned++;
		online += cpu_is_online(cpu);
		others_online += cpu != but && cpu_is_online(cpu);
	}
	return owned <= 1 || (but && online && !others_online);
}
