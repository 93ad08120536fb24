// SPDX-License-Identifier: GPL-2.0
/*
 * One step of the live tree, and back. Each step is a changeset of its own: the kernel's
 * part in it is one entry, so that the tree tells whether it was made. A notifier that
 * refuses leaves the entry made; what was made is undone here, on every kernel.
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

/* ---- Is the tree as it has to be? ---------------------------------------------- */

/*
 * A plan is made without a lock that would keep others from the tree, so each step looks
 * once more. What is left is the time between this and of_changeset_apply().
 */
static int check_attach(const struct device_node *np)
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

static int check_detach(struct device_node *np)
{
	return !node_is_attached(np) || np->child || node_is_in_use(np) ? -EBUSY : 0;
}

static int check_property(const struct step *step)
{
	return !node_is_attached(step->np) ||
			       of_find_property(step->np, step->name, NULL) != step->was
		       ? -EBUSY
		       : 0;
}

static bool is_made(const struct step *step)
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

/* ---- There, and back ----------------------------------------------------------- */

static int prepare(struct step *step)
{
	struct of_changeset *cs = &step->changeset;
	int err;

	switch (step->kind) {
	case STEP_ATTACH:
		err = check_attach(step->np);
		return err ? err : of_changeset_attach_node(cs, step->np);
	case STEP_DETACH:
		err = check_detach(step->np);
		return err ? err : of_changeset_detach_node(cs, step->np);
	case STEP_SET:
		err = check_property(step);
		if (!err)
			err = step->was ? of_changeset_update_property(cs, step->np,
								       step->prop)
					: of_changeset_add_property(cs, step->np,
								    step->prop);
		if (err)
			return err;
		/* From now on it is the node's, if only among those that it has no more. */
		step->made = step->prop;
		step->prop = NULL;
		return 0;
	case STEP_UNSET:
		err = check_property(step);
		return err ? err : of_changeset_remove_property(cs, step->np, step->was);
	}
	return -EINVAL;
}

/* What follows from a step that was made, or undone. */
static void settle(struct step *step, bool is_made)
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
		/* Only attaching a node makes the kernel read it. */
		if (step->handle)
			step->np->phandle =
				is_made == (step->kind == STEP_SET) ? step->handle : 0;
		break;
	}
}

/* If sysfs does not take a node that is attached, the kernel counts a reference less than
 * it drops. Return false then. */
static bool count_again(struct device_node *np)
{
	if (np->kobj.state_in_sysfs)
		return true;
	of_node_get(np);
	return false;
}

static void undo(struct step *step)
{
	if (!is_made(step) || (step->kind == STEP_ATTACH && step->np->child) ||
	    (step->kind == STEP_DETACH && check_attach(step->np))) {
		pr_err("%pOF%s%s: changed meanwhile, not undone\n", step->np,
		       step->name ? ":" : "", step->name ? step->name : "");
		return;
	}
	/* Its result is that of notifiers, who are not asked. */
	of_changeset_revert(&step->changeset);
	if (step->kind == STEP_DETACH)
		count_again(step->np);
	settle(step, false);
}

static int apply(struct step *step, struct reason *reason)
{
	int err;

	step->was_ours = step->is_ours;
	err = prepare(step);
	if (err == -EBUSY)
		refuse(reason, err, "%pOF: changed while the blob was applied", step->np);
	if (!err) {
		err = of_changeset_apply(&step->changeset);
		if (err)
			refuse(reason, err,
			       "%pOF: the kernel refuses the change, error %d", step->np,
			       -err);
	}
	if (!err && step->kind == STEP_ATTACH && !count_again(step->np))
		err = -ENOMEM;
	if (!err) {
		settle(step, true);
		return 0;
	}
	if (!list_empty(&step->changeset.entries) && is_made(step))
		undo(step);
	return err;
}

int steps_apply(struct list_head *steps, struct reason *reason)
{
	struct step *step;
	int err = 0;

	list_for_each_entry(step, steps, list) {
		err = apply(step, reason);
		if (err)
			break;
		cond_resched();
	}
	if (!err)
		return 0;
	list_for_each_entry_continue_reverse(step, steps, list)
		undo(step);
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
