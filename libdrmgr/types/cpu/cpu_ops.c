// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/cpu/cpu_ops.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/dlpar.h"
#include "wire/dlpar_cmd.h"

#define DLPAR_FILE   "sys/kernel/dlpar"
#define PROBE_FILE   "sys/devices/system/cpu/probe"
#define RELEASE_FILE "sys/devices/system/cpu/release"

static bool has_probe(const struct kern_root *root)
{
	return kern_exists(root, PROBE_FILE) && kern_exists(root, RELEASE_FILE);
}

int cpu_choose_way(struct dr_ctx *dr, const char *backend, enum cpu_way *way,
		   struct dr_error *error)
{
	bool is_auto = !strcmp(backend, "auto");
	int err = dlpar_probe(dr->root, "cpu");

	*way = CPU_BY_KERNEL;
	if (!err && (is_auto || !strcmp(backend, "dlpar")))
		return 0;
	*way = CPU_BY_PROBE;
	if (is_auto && has_probe(dr->root))
		return 0;

	*way = CPU_BY_TREE;
	return apply_choose_by_hand(dr, backend, err, error);
}

/* ---- By the kernel ---- */

static int release(struct xact *x, const struct connector *c)
{
	_cleanup_free_ char *node = tree_find_occupant(x->dr, c);

	if (!node)
		return xact_fail(x, DR_FAULT_TREE, "remove", -ENOENT, "%s",
				 c->parent->path);
	return xact_write(x, "remove", RELEASE_FILE, node);
}

/* An undo takes the same way, for the kernel is the same. */
static int request(struct xact *x, const struct connector *c, bool add)
{
	char text[DLPAR_CMD_MAX];

	if (!dlpar_probe(x->dr->root, "cpu")) {
		dlpar_cmd_by_index(text, "cpu", add, c->drc.index);
		return xact_write(x, add ? "add" : "remove", DLPAR_FILE, text);
	}
	if (!add)
		return release(x, c);
	snprintf(text, sizeof(text), "0x%x", c->drc.index);
	return xact_write(x, "add", PROBE_FILE, text);
}

static int take_back(struct xact *x, void *arg)
{
	return tree_is_occupied(x->dr, arg) ? request(x, arg, false)
					    : logical_reclaim(x, arg);
}

const struct undo_kind undo_cpu_add = {
	.name = "cpu-add",
	.leaves = "cpu node isolation allocation",
	.undo = take_back,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

/* Given back already, it may be another partition's now: then it stays there. */
static int add_again(struct xact *x, void *arg)
{
	int32_t sense;

	/* The kernel has undone what it refused, as far as it could. */
	if (tree_is_occupied(x->dr, arg))
		return logical_settle(x, arg);
	if (x->is_recovering && !drc_sense(x, arg, &sense) && sense >= 0 &&
	    sense != DRC_SENSE_UNUSABLE)
		return 0;
	return request(x, arg, true);
}

const struct undo_kind undo_cpu_remove = {
	.name = "cpu-remove",
	.leaves = "cpu node isolation allocation",
	.undo = add_again,
	.encode = undo_encode_connector,
	.decode = undo_decode_connector,
};

static int change_by_kernel(struct xact *x, const struct connector *c, bool add)
{
	int err = xact_push_connector(x, add ? &undo_cpu_add : &undo_cpu_remove, c);

	if (err)
		return err;
	err = request(x, c, add);
	if (xact_is_unknown(err) && tree_is_occupied(x->dr, c) == add)
		return xact_was_done(x);
	return err;
}

/* ---- By ourselves ---- */

static int online_new(struct xact *x, const struct connector *c)
{
	struct cpu_list list;
	int err;

	if (x->dr->dry_run)
		return 0;
	err = cpu_list_read(&list, x->dr);
	if (err)
		xact_fail(x, DR_FAULT_MEMORY, "online", err, "%s", c->drc.name);
	for (size_t i = 0; !err && i < list.n; i++)
		if (list.cpus[i].c->drc.index == c->drc.index)
			err = cpu_threads_set(x, &list.cpus[i], 0, true);
	cpu_list_free(&list);
	return err;
}

static int add_by_ourselves(struct xact *x, const struct connector *c,
			    struct dr_result *result)
{
	int err = logical_acquire(x, c);

	if (!err)
		err = tree_attach(x, c, &result->node);
	return err ? err : online_new(x, c);
}

/* Does another core, or a cache in front of it, lead to this one? */
static bool is_used(const struct cpu_list *list, const struct cpu *but,
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

/* With a core go the cache that nobody else uses, and the one behind it. */
static int detach(struct xact *x, const struct cpu_list *list, const struct cpu *cpu)
{
	_cleanup_free_ char *l2 = NULL, *l3 = NULL;
	const char *nodes[3] = { cpu->node->path };
	size_t n = 1;

	if (cpu->l2 && !is_used(list, cpu, NULL, cpu->l2)) {
		nodes[n++] = l2 = node_join(cpu->c->parent->path, cpu->l2->name);
		if (cpu->l3 && !is_used(list, cpu, cpu->l2, cpu->l3))
			nodes[n++] = l3 = node_join(cpu->c->parent->path, cpu->l3->name);
	}
	for (size_t i = 1; i < n; i++)
		if (!nodes[i])
			return xact_fail(x, DR_FAULT_MEMORY, "detach", -ENOMEM, "%s",
					 cpu->c->drc.name);
	return tree_detach(x, cpu->c, nodes, n);
}

/* The connector last: what a node describes is never another partition's. */
static int remove_by_ourselves(struct xact *x, const struct cpu_list *list,
			       const struct cpu *cpu)
{
	int err = cpu_threads_set(x, cpu, 0, false);

	if (!err)
		err = detach(x, list, cpu);
	return err ? err : logical_release(x, cpu->c);
}

/* ---- Either ---- */

/* Where this process may not call firmware, the kernel finds out. */
static int try_first(struct xact *x, const struct connector *c)
{
	int err = logical_try(x, c);

	if (!err || x->error.fault != DR_FAULT_CALL || strcmp(x->error.step, "sense"))
		return err;
	x->error = (struct dr_error){ 0 };
	return 0;
}

/* What there was before an addition. */
struct before {
	struct cpus_online online;
	struct kern_names nodes; /* so that not each has to be looked at */
};

/* The node is there, and so are processors. */
static int verify_added(struct xact *x, const struct connector *c,
			const struct before *before, struct dr_result *result)
{
	struct cpus_online after;

	if (!result->node)
		result->node = tree_find_new_occupant(x->dr, c, &before->nodes);
	if (!result->node)
		return xact_fail(x, DR_FAULT_TREE, "add", -ENOENT, "%s", c->parent->path);
	cpus_online_read(&after, x->dr->root);
	if (cpus_online_differ(&after, &before->online, result))
		return xact_fail(x, DR_FAULT_MEMORY, "add", -ENOMEM, "%s", c->drc.name);
	return result->n ? 0
			 : xact_fail(x, DR_FAULT_NO_DEVICE, "add", -ENODEV, "%s",
				     result->node);
}

int cpu_add(struct dr_ctx *dr, const struct cpu *cpu, enum cpu_way way, bool try,
	    struct dr_result *result)
{
	struct before before = { 0 };
	struct xact x;
	int err = 0;

	cpus_online_read(&before.online, dr->root);
	node_children(dr->root, cpu->c->parent->path, &before.nodes);
	xact_begin(&x, dr);
	if (way == CPU_BY_TREE) {
		err = add_by_ourselves(&x, cpu->c, result);
	} else {
		if (try)
			err = try_first(&x, cpu->c);
		if (!err)
			err = change_by_kernel(&x, cpu->c, true);
	}
	if (!err && !dr->dry_run)
		err = verify_added(&x, cpu->c, &before, result);
	kern_names_free(&before.nodes);
	/* A node that comes late is a processor that can be there. */
	if (err && x.is_unknown)
		xact_note_left(&x, "cpu");
	return xact_finish(&x, err, result);
}

static int verify_removed(struct xact *x, const struct cpu *cpu,
			  const struct cpus_online *before, struct dr_result *result)
{
	struct cpus_online after;

	if (node_exists(x->dr->root, cpu->node->path))
		return xact_fail(x, DR_FAULT_TREE, "remove", -EEXIST, "%s",
				 cpu->node->path);
	cpus_online_read(&after, x->dr->root);
	return cpus_online_differ(before, &after, result)
		       ? xact_fail(x, DR_FAULT_MEMORY, "remove", -ENOMEM, "%s",
				   cpu->c->drc.name)
		       : 0;
}

int cpu_remove(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
	       enum cpu_way way, struct dr_result *result)
{
	struct cpus_online before;
	struct xact x;
	int err;

	cpus_online_read(&before, dr->root);
	result->node = strdup(cpu->node->path);
	xact_begin(&x, dr);
	if (way == CPU_BY_TREE) {
		err = remove_by_ourselves(&x, list, cpu);
	} else {
		err = cpu_threads_keep(&x, cpu);
		if (!err)
			err = change_by_kernel(&x, cpu->c, false);
	}
	if (!err && !dr->dry_run)
		err = verify_removed(&x, cpu, &before, result);
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
