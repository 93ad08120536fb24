// SPDX-License-Identifier: GPL-2.0
/*
 * Make one step in the live tree, or undo it. Each step is a changeset of its own with
 * one entry, so the tree shows whether the step was made. If a notifier refuses a change,
 * the kernel leaves the entry applied. This file then undoes it, on every kernel version.
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
 * between the plan and its steps. Only the time between this check and
 * of_changeset_apply() remains.
 */
static int step_check_attach(const struct device_node *np)
{
	struct device_node *other;
	u32 handle = node_handle(np);

	if (node_is_attached(np) || !node_is_attached(np->parent))
		return -EBUSY;
	other = node_child(np->parent, node_name(np));
	if (!other && handle)
		other = of_find_node_by_phandle(handle);
	of_node_put(other);
	return other ? -EBUSY : 0;
}

static int step_check_detach(struct device_node *np)
{
	return !node_is_attached(np) || np->child || node_is_in_use(np) ? -EBUSY : 0;
}

static int step_check_property(const struct step *step)
{
	return !node_is_attached(step->np) ||
			       of_find_property(step->np, step->name, NULL) != step->was
		       ? -EBUSY
		       : 0;
}

static bool step_is_made(const struct step *step)
{
	const struct property *now = NULL;

	if (step->name)
		now = of_find_property(step->np, step->name, NULL);
	switch (step->kind) {
	case STEP_ATTACH:
		return !of_node_check_flag(step->np, OF_DETACHED);
	case STEP_DETACH:
		return of_node_check_flag(step->np, OF_DETACHED);
	case STEP_SET:
		return now && now == step->made;
	case STEP_UNSET:
		return !now;
	}
	return false;
}

/* ---- Making and undoing a step ------------------------------------------------- */

static int step_prepare(struct step *step)
{
	struct of_changeset *cs = &step->changeset;
	int err;

	switch (step->kind) {
	case STEP_ATTACH:
		err = step_check_attach(step->np);
		return err ? err : of_changeset_attach_node(cs, step->np);
	case STEP_DETACH:
		err = step_check_detach(step->np);
		return err ? err : of_changeset_detach_node(cs, step->np);
	case STEP_SET:
		err = step_check_property(step);
		if (!err)
			err = step->was ? of_changeset_update_property(cs, step->np,
								       step->prop)
					: of_changeset_add_property(cs, step->np,
								    step->prop);
		if (err)
			return err;
		/* The node owns the property from now on, even if only in its list of
		 * removed properties. */
		step->made = step->prop;
		step->prop = NULL;
		return 0;
	case STEP_UNSET:
		err = step_check_property(step);
		return err ? err : of_changeset_remove_property(cs, step->np, step->was);
	}
	return -EINVAL;
}

/* Update the step after it was made or undone. */
static void step_settle(struct step *step, bool is_made)
{
	switch (step->kind) {
	case STEP_ATTACH:
		step->is_ours = !is_made && step->was_ours;
		break;
	case STEP_DETACH:
		step->is_ours = is_made;
		break;
	case STEP_SET:
	case STEP_UNSET:
		/* The kernel reads a handle only when it attaches a node, so set it
		 * here. */
		if (step->handle)
			step->np->phandle =
				is_made == (step->kind == STEP_SET) ? step->handle : 0;
		break;
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

static void step_undo(struct step *step)
{
	if (!step_is_made(step) || (step->kind == STEP_ATTACH && step->np->child) ||
	    (step->kind == STEP_DETACH && step_check_attach(step->np))) {
		pr_err("%pOF%s%s: changed meanwhile, not undone\n", step->np,
		       step->name ? ":" : "", step->name ? step->name : "");
		return;
	}
	/* The result comes from notifiers and does not matter here. */
	of_changeset_revert(&step->changeset);
	if (step->kind == STEP_DETACH)
		step_complete_count(step->np);
	step_settle(step, false);
}

static int step_apply(struct step *step, struct reason *reason)
{
	int err;

	step->was_ours = step->is_ours;
	err = step_prepare(step);
	if (err == -EBUSY)
		refuse(reason, err, "%pOF: changed while the blob was applied", step->np);
	if (!err) {
		err = of_changeset_apply(&step->changeset);
		if (err)
			refuse(reason, err,
			       "%pOF: the kernel refuses the change, error %d", step->np,
			       -err);
	}
	if (!err && step->kind == STEP_ATTACH && !step_complete_count(step->np))
		err = -ENOMEM;
	if (!err) {
		step_settle(step, true);
		return 0;
	}
	if (!list_empty(&step->changeset.entries) && step_is_made(step))
		step_undo(step);
	return err;
}

int steps_apply(struct list_head *steps, struct reason *reason)
{
	struct step *step;
	int err = 0;

	list_for_each_entry(step, steps, list) {
		err = step_apply(step, reason);
		if (err)
			break;
		cond_resched();
	}
	if (!err)
		return 0;
	list_for_each_entry_continue_reverse(step, steps, list)
		step_undo(step);
	return err;
}

void steps_commit(struct list_head *steps)
{
	struct of_changeset all;
	struct step *step;

	of_changeset_init(&all);
	list_for_each_entry(step, steps, list)
		list_splice_tail_init(&step->changeset.entries, &all.entries);
	of_changeset_destroy(&all);
}
