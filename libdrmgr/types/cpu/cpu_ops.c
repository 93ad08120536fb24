// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/tree/cc_walk.h"
#include "libdrmgr/types/cpu/cpu_ops.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/dlpar.h"
#include "kern/prop.h"
#include "wire/dlpar_cmd.h"

#define DLPAR_FILE   "sys/kernel/dlpar"
#define PROBE_FILE   "sys/devices/system/cpu/probe"
#define RELEASE_FILE "sys/devices/system/cpu/release"

int cpu_choose_way(struct dr_ctx *dr, const char *backend, enum cpu_way *way,
		   struct dr_error *error)
{
	bool is_auto = !strcmp(backend, "auto");
	int err = dlpar_probe(dr->root, "cpu"), found;

	if (err && !apply_is_absent(err)) {
		dr_error_read(error, dr->root, DR_FAULT_NO_BACKEND, err);
		return err;
	}
	*way = CPU_BY_KERNEL;
	if (!err && (is_auto || !strcmp(backend, "dlpar")))
		return 0;
	*way = CPU_BY_PROBE;
	found = is_auto ? kern_exists(dr->root, PROBE_FILE) : 0;
	if (found > 0)
		found = kern_exists(dr->root, RELEASE_FILE);
	if (found < 0)
		dr_error_read(error, dr->root, DR_FAULT_NO_BACKEND, found);
	if (found)
		return found < 0 ? found : 0;

	*way = CPU_BY_TREE;
	return apply_choose_by_hand(dr, backend, err, error);
}

/* ---- By the kernel ---- */

static int cpu_request_release(struct xact *x, const struct connector *c)
{
	const char *node = NULL;
	int err = tree_find_occupant(x, c, &node);

	if (err < 0)
		return xact_unread(x, "remove", err);
	if (!err)
		return xact_fail(x, DR_FAULT_TREE, "remove", -ENOENT, "%s",
				 c->parent->path);
	return xact_write(x, "remove", RELEASE_FILE, node);
}

/* Request a change. An undo uses the same interface of the kernel. */
static int cpu_request(struct xact *x, const struct connector *c, bool add)
{
	int err = dlpar_probe(x->dr->root, "cpu");
	char text[DLPAR_CMD_MAX];

	if (err && !apply_is_absent(err))
		return xact_unread(x, add ? "add" : "remove", err);
	if (!err) {
		dlpar_cmd_by_index(text, "cpu", add, c->drc.index);
		x->is_long = x->dr->may_yield;
		err = xact_write(x, add ? "add" : "remove", DLPAR_FILE, text);
		x->is_long = false;
		return err;
	}
	if (!add)
		return cpu_request_release(x, c);
	snprintf(text, sizeof(text), "0x%x", c->drc.index);
	return xact_write(x, "add", PROBE_FILE, text);
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

/* The kernel could not remove a core. It has undone what it could. If it could not
 * deallocate the connector, it has set it unisolated again, but not walked it. */
static int cpu_settle(struct xact *x, const struct connector *c)
{
	if (!cc_probe(x->dr) || x->error.err != -EIO || x->is_recovering)
		return logical_settle(x, c);
	return apply_dlpar.probe(x->dr->root)
		       ? xact_fail(x, DR_FAULT_NO_WALK, "configure-connector",
				   -EOPNOTSUPP, "%s", c->drc.name)
		       : cpu_attach_again(x, c);
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

static int cpu_change_by_kernel(struct xact *x, const struct connector *c, bool add)
{
	int err = xact_push_connector(x, add ? &undo_cpu_add : &undo_cpu_remove, c);

	if (err)
		return err;
	err = cpu_request(x, c, add);
	if (xact_is_unknown(err) && tree_is_occupied(x, c) == add)
		return xact_was_done(x);
	return err;
}

/* ---- By this process ---- */

static int cpu_online_new(struct xact *x, const struct connector *c)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct cpu_list list;
	int err;

	if (x->dr->dry_run) {
		err = xact_step_begin(x, "online",
				      "write /sys/devices/system/cpu/cpuN/online 1 for "
				      "each thread of that walk");
		return err < 0 ? err : 0;
	}
	err = cpu_list_read(&list, &m, x->dr);
	if (err)
		xact_unread(x, "online", err);
	for (size_t i = 0; !err && i < list.n; i++)
		if (list.cpus[i].c->drc.index == c->drc.index)
			err = cpu_threads_set(x, &list.cpus[i], 0, true);
	return err;
}

static int cpu_add_by_tree(struct xact *x, const struct connector *c,
			   struct dr_result *result)
{
	const char *node = NULL;
	int err = logical_acquire(x, c);

	if (!err)
		err = tree_attach(x, c, &node);
	result->node = mem_copy(&result->mem, node);
	return err ? err : cpu_online_new(x, c);
}

/* Test whether another core, or a cache of a lower level, leads to this cache. */
static bool cache_is_used(const struct cpu_list *list, const struct cpu *but,
			  const struct cache *gone, const struct cache *cache)
{
	for (size_t i = 0; i < list->n; i++)
		if (&list->cpus[i] != but && list->cpus[i].node &&
		    (list->cpus[i].l2 == cache || list->cpus[i].l3 == cache))
			return true;
	for (size_t i = 0; i < list->n_caches; i++)
		if (&list->caches[i] != gone && list->caches[i].next == cache->phandle)
			return true;
	return false;
}

/* Detach a core together with each cache that no other core uses. */
static int cpu_detach(struct xact *x, const struct cpu_list *list, const struct cpu *cpu)
{
	const char *nodes[3] = { cpu->node->path };
	size_t n = 1;
	int err;

	if (cpu->l2 && !cache_is_used(list, cpu, NULL, cpu->l2)) {
		nodes[n++] = node_child(x->mem, cpu->c->parent->path, cpu->l2->name);
		if (cpu->l3 && !cache_is_used(list, cpu, cpu->l2, cpu->l3))
			nodes[n++] =
				node_child(x->mem, cpu->c->parent->path, cpu->l3->name);
	}
	err = xact_check_memory(x, cpu->c->drc.name);
	return err ? err : tree_detach(x, cpu->c, nodes, n);
}

/* Remove a core. Its connector is released last, so a node never describes what another
 * partition owns. */
static int cpu_remove_by_tree(struct xact *x, const struct cpu_list *list,
			      const struct cpu *cpu)
{
	int err = cpu_threads_set(x, cpu, 0, false);

	if (!err)
		err = cpu_detach(x, list, cpu);
	return err ? err : logical_release(x, cpu->c);
}

/* ---- Common ---- */

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
static int cpu_verify_added(struct xact *x, const struct connector *c, enum cpu_way way,
			    const struct before *before, struct dr_result *result)
{
	const char *node = NULL;
	struct cpus_online after;
	int err = 0;

	if (!result->node)
		err = tree_find_new_occupant(x, c, &before->nodes, &node);
	if (node)
		result->node = mem_copy(&result->mem, node);
	if (err < 0)
		return xact_unread(x, "add", err);
	if (!result->node)
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
	if (way != CPU_BY_TREE) /* else cpu_threads_set() has told it */
		cpu_threads_tell(x->dr, c, result->node, result->devices.n);
	return 0;
}

int cpu_add(struct dr_ctx *dr, const struct cpu *cpu, enum cpu_way way, bool try,
	    struct dr_result *result)
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
	if (!err && way == CPU_BY_TREE) {
		err = cpu_add_by_tree(&x, cpu->c, result);
	} else if (!err) {
		if (try)
			err = cpu_try_first(&x, cpu->c);
		if (!err)
			err = cpu_change_by_kernel(&x, cpu->c, true);
	}
	if (!err && !dr->dry_run)
		err = cpu_verify_added(&x, cpu->c, way, &before, result);
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

	int err = tree_expect(x, "remove", cpu->node->path, false);

	if (err)
		return err;
	err = cpus_online_read(x, &after);
	if (err)
		return err;
	cpus_online_differ(before, &after, result);
	return xact_check_memory(x, cpu->c->drc.name);
}

int cpu_remove(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
	       enum cpu_way way, struct dr_result *result)
{
	struct cpus_online before;
	struct xact x;
	int err;

	result->node = mem_copy(&result->mem, cpu->node->path);
	xact_begin(&x, dr, &result->mem);
	err = cpus_online_read(&x, &before);
	if (!err && way == CPU_BY_TREE) {
		err = cpu_remove_by_tree(&x, list, cpu);
	} else if (!err) {
		err = cpu_threads_keep(&x, cpu);
		if (!err)
			err = cpu_change_by_kernel(&x, cpu->c, false);
	}
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
