// SPDX-License-Identifier: GPL-2.0
/*
 * Make all steps of a blob in the live tree, or none. A removed node is a changeset of its
 * own. Everything else is one changeset: the kernel notifies its parts once all of it is in
 * the tree. If a notifier refuses a change, the kernel leaves the changeset applied. This
 * file then reverts it, on every kernel version.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

struct step *step_new(struct list_head *steps, enum step_kind kind,
		      struct device_node *np)
{
	struct step *step = kzalloc(sizeof(*step), GFP_KERNEL);

	if (!step)
		return NULL;
	step->kind = kind;
	step->np = of_node_get(np);
	of_changeset_init(&step->changeset);
	list_add_tail(&step->list, steps);
	return step;
}

static void step_free(struct step *step)
{
	list_del(&step->list);
	if (step->is_ours)
		node_drop(step->np);
	of_node_put(step->np);
	of_node_put(step->parent);
	property_free(step->prop);
	property_free(step->old);
	kfree(step->path);
	kfree(step);
}

void steps_free(struct list_head *steps)
{
	struct step *step, *next;

	list_for_each_entry_safe(step, next, steps, list) {
		step_free(step);
		cond_resched();
	}
}

/* ---- Is the live tree still as planned? ---------------------------------------- */

/*
 * Check that the tree is still as planned. No lock keeps other code from changing it
 * between the plan and its steps. Only the time between these checks and
 * of_changeset_apply() remains.
 */
static int step_check_attach(const struct step *step)
{
	const struct device_node *np = step->np;
	struct device_node *other = NULL;
	u32 handle = node_handle(np);

	if (node_is_attached(np))
		return -EBUSY;
	if (step->is_top) { /* otherwise the parent is attached together with this node */
		if (!node_is_attached(np->parent))
			return -EBUSY;
		other = node_child(np->parent, node_name(np));
	}
	if (!other && handle)
		other = of_find_node_by_phandle(handle);
	of_node_put(other);
	return other ? -EBUSY : 0;
}

static int step_check(const struct step *step)
{
	struct device_node *np = step->np;

	switch (step->kind) {
	case STEP_ATTACH:
		return step_check_attach(step);
	case STEP_DETACH:
		return !node_is_attached(np) || np->child || node_is_in_use(np) ? -EBUSY
										: 0;
	default:
		return !node_is_attached(np) ||
				       of_find_property(np, step->name, NULL) != step->was
			       ? -EBUSY
			       : 0;
	}
}

static bool step_is_made(const struct step *step)
{
	switch (step->kind) {
	case STEP_ATTACH:
		return !of_node_check_flag(step->np, OF_DETACHED);
	case STEP_DETACH:
		return of_node_check_flag(step->np, OF_DETACHED);
	default:
		return of_find_property(step->np, step->name, NULL) == step->prop;
	}
}

/* Take a missing reference and return false if sysfs has rejected a node that is
 * attached. The kernel then took one reference fewer than it drops later. */
static bool step_complete_count(struct device_node *np)
{
	if (np->kobj.state_in_sysfs)
		return true;
	of_node_get(np);
	return false;
}

static int step_refuse_check(const struct step *step, int err, struct reason *reason)
{
	return refuse(reason, err, "%pOF: changed while the blob was applied", step->np);
}

static int steps_refuse(int err, struct reason *reason)
{
	return refuse(reason, err, "blob: the kernel refuses the change, error %d", -err);
}

/* Report a step that cannot be undone. It is the reason, even after an earlier one,
 * because the tree has a part of the blob. */
static void step_keep(const struct step *step, struct reason *reason)
{
	const char *name = step->name ?: "";

	pr_err("%pOF%s%s: changed meanwhile, not undone\n", step->np, *name ? ":" : "",
	       name);
	reason->text[0] = '\0';
	refuse(reason, -EBUSY,
	       "%pOF: changed meanwhile, a part of the blob stays applied", step->np);
}

/* ---- Removed nodes ------------------------------------------------------------- */

static void steps_attach_again(struct step *step, struct reason *reason)
{
	if (!step_is_made(step) || !node_is_attached(step->np->parent) ||
	    step_check_attach(step)) {
		step_keep(step, reason);
		return;
	}
	/* The result comes from notifiers and does not matter here. */
	of_changeset_revert(&step->changeset);
	step_complete_count(step->np);
	step->is_ours = false;
}

static int step_detach(struct step *step, struct reason *reason)
{
	int err = of_changeset_detach_node(&step->changeset, step->np);

	if (err)
		return err;
	err = step_check(step);
	if (err)
		return step_refuse_check(step, err, reason);
	err = of_changeset_apply(&step->changeset);
	step->is_ours = step_is_made(step);
	if (!err)
		return 0;
	steps_refuse(err, reason);
	if (step->is_ours)
		steps_attach_again(step, reason);
	return err;
}

/* ---- Properties and new nodes -------------------------------------------------- */

static int step_add_entry(const struct step *step, struct of_changeset *cs)
{
	switch (step->kind) {
	case STEP_ATTACH:
		return of_changeset_attach_node(cs, step->np);
	case STEP_SET:
		if (step->was)
			return of_changeset_update_property(cs, step->np, step->prop);
		return of_changeset_add_property(cs, step->np, step->prop);
	case STEP_UNSET:
		return of_changeset_remove_property(cs, step->np, step->was);
	default:
		return 0;
	}
}

/* Return true if this changeset attaches the node. */
static bool steps_attach(struct list_head *steps, const struct device_node *np)
{
	const struct step *step;

	list_for_each_entry_reverse(step, steps, list) {
		if (step->kind != STEP_ATTACH)
			break;
		if (step->np == np)
			return true;
	}
	return false;
}

/* Return true if another writer has added a child to a new node. */
static bool steps_have_foreign_child(struct list_head *steps,
				     const struct device_node *np)
{
	struct device_node *child;

	for_each_child_of_node(np, child) {
		if (steps_attach(steps, child))
			continue;
		of_node_put(child);
		return true;
	}
	return false;
}

/* Revert the changeset unless another writer has changed one of its nodes or
 * properties. */
static void steps_revert(struct list_head *steps, struct of_changeset *cs,
			 struct reason *reason)
{
	const struct step *step;

	list_for_each_entry(step, steps, list) {
		if (step->kind == STEP_DETACH)
			continue;
		if (!step_is_made(step) || (step->kind == STEP_ATTACH &&
					    steps_have_foreign_child(steps, step->np))) {
			step_keep(step, reason);
			return;
		}
		cond_resched();
	}
	of_changeset_revert(cs);
}

/* Return true if the node has the property, or had it: the kernel frees it with the
 * node. */
static bool step_node_has_property(const struct step *step)
{
	const struct property *prop;

	if (of_find_property(step->np, step->prop->name, NULL) == step->prop)
		return true;
	for (prop = step->np->deadprops; prop; prop = prop->next)
		if (prop == step->prop)
			return true;
	return false;
}

/* After the last change of the tree, release what belongs to it. */
static void steps_settle(struct list_head *steps, bool is_applied)
{
	struct step *step;

	list_for_each_entry(step, steps, list) {
		if (step->kind == STEP_ATTACH && (is_applied || step_is_made(step)))
			step->is_ours = false;
		if (step->kind == STEP_SET &&
		    (is_applied || step_node_has_property(step)))
			step->prop = NULL;
		cond_resched();
	}
}

static int steps_check(struct list_head *steps, struct reason *reason)
{
	struct step *step;
	int err;

	list_for_each_entry(step, steps, list) {
		err = step->kind == STEP_DETACH ? 0 : step_check(step);
		if (err)
			return step_refuse_check(step, err, reason);
		cond_resched();
	}
	return 0;
}

/* Complete the references of attached nodes. Return -ENOMEM if sysfs rejected one. */
static int steps_complete_counts(struct list_head *steps)
{
	struct step *step;
	int err = 0;

	list_for_each_entry(step, steps, list)
		if (step->kind == STEP_ATTACH && step_is_made(step) &&
		    !step_complete_count(step->np))
			err = -ENOMEM;
	return err;
}

/* Return the first step that is an entry of the changeset, or NULL. */
static struct step *steps_first(struct list_head *steps)
{
	struct step *step;

	list_for_each_entry(step, steps, list)
		if (step->kind != STEP_DETACH)
			return step;
	return NULL;
}

static int steps_apply_changeset(struct list_head *steps, struct of_changeset *cs,
				 struct reason *reason)
{
	struct step *step, *first = steps_first(steps);
	int err = 0, count_err;

	if (!first)
		return 0;
	list_for_each_entry(step, steps, list) {
		err = step_add_entry(step, cs);
		if (err)
			return err;
		cond_resched();
	}
	err = steps_check(steps, reason);
	if (err)
		return err;
	err = of_changeset_apply(cs);
	/* If an entry fails, the kernel has already reverted the others. */
	if (err)
		steps_refuse(err, reason);
	count_err = steps_complete_counts(steps);
	if (!err)
		err = count_err;
	if (err && step_is_made(first))
		steps_revert(steps, cs, reason);
	steps_settle(steps, !err);
	return err;
}

/* Finish the changesets. The kernel may wait for its users of detached nodes, so do this
 * once. */
static void steps_destroy(struct list_head *steps, struct of_changeset *all)
{
	struct step *step;

	list_for_each_entry(step, steps, list)
		list_splice_tail_init(&step->changeset.entries, &all->entries);
	of_changeset_destroy(all);
}

int steps_apply(struct list_head *steps, struct reason *reason)
{
	struct of_changeset cs;
	struct step *step;
	int err = 0;

	of_changeset_init(&cs);
	list_for_each_entry(step, steps, list) {
		if (step->kind == STEP_DETACH)
			err = step_detach(step, reason);
		if (err || step->kind != STEP_DETACH)
			break;
		cond_resched();
	}
	if (!err)
		err = steps_apply_changeset(steps, &cs, reason);
	if (err)
		list_for_each_entry_reverse(step, steps, list)
			if (step->kind == STEP_DETACH && step->is_ours)
				steps_attach_again(step, reason);
	steps_destroy(steps, &cs);
	return err;
}
