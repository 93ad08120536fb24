// SPDX-License-Identifier: GPL-2.0
/*
 * Make all steps of a blob in the live tree, or none. A removed node is a changeset of its
 * own. Everything else is one changeset: the kernel notifies its parts once all of it is in
 * the tree. If a notifier refuses a change, the kernel leaves the changeset applied. This
 * file then reverts it, on every kernel version.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/notifier.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

/* Steps that are being applied. */
struct change {
	struct list_head *steps;
	struct reason *reason;
	/* Entries that were applied, in this order */
	struct of_changeset removed, others;
	struct of_changeset rest; /* not to be reverted */
};

struct step *step_new(struct list_head *steps, enum step_kind kind,
		      struct device_node *np)
{
	struct step *step = kzalloc(sizeof(*step), GFP_KERNEL);

	if (!step)
		return NULL;
	step->kind = kind;
	step->np = of_node_get(np);
	list_add_tail(&step->list, steps);
	return step;
}

static void step_free(struct step *step)
{
	list_del(&step->list);
	if (step->is_ours)
		node_drop(step->np);
	of_node_put(step->np);
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

static bool step_node_is_in_tree(const struct step *step)
{
	return !of_node_check_flag(step->np, OF_DETACHED);
}

static int step_check_parent(const struct step *step)
{
	return step->above || node_is_attached(step->np->parent) ? 0 : -EBUSY;
}

static int step_check_attach(const struct step *step)
{
	const struct device_node *np = step->np;
	struct device_node *other = NULL;
	u32 handle = step->draft ? step->draft->handle : node_handle(np);

	if (node_is_attached(np) || step_check_parent(step))
		return -EBUSY;
	if (node_is_attached(np->parent))
		other = node_child(np->parent, node_name(np));
	if (!other && handle)
		other = of_find_node_by_phandle(handle);
	of_node_put(other);
	return other ? -EBUSY : 0;
}

static int step_check(const struct step *step)
{
	struct device_node *np = step->np;

	if (step->kind == STEP_ATTACH)
		return step_check_attach(step);
	if (!node_is_attached(np))
		return -EBUSY;
	if (step->kind == STEP_DETACH)
		return np->child || node_is_in_use(np) ? -EBUSY : 0;
	return of_find_property(np, step->name, NULL) != step->was ? -EBUSY : 0;
}

/* Check that the tree is still as planned. No lock keeps other code from changing it. The
 * kernel dereferences NULL if a parent is missing, so check parents last, immediately
 * before the changeset is applied. */
static int steps_check(struct step *first, const struct list_head *end,
		       struct reason *reason)
{
	struct step *step;
	int err;

	for (step = first; &step->list != end; step = list_next_entry(step, list)) {
		err = step_check(step);
		if (err)
			goto changed;
		cond_resched();
	}
	for (step = first; &step->list != end; step = list_next_entry(step, list)) {
		err = step->kind == STEP_ATTACH ? step_check_parent(step) : 0;
		if (err)
			goto changed;
	}
	return 0;
changed:
	return refuse(reason, err, "%pOF: changed while the blob was applied", step->np);
}

static bool step_is_made(const struct step *step)
{
	if (step->kind == STEP_ATTACH || step->kind == STEP_DETACH)
		return step_node_is_in_tree(step) == (step->kind == STEP_ATTACH);
	return node_is_attached(step->np) &&
	       of_find_property(step->np, step->name, NULL) == step->prop;
}

/* Return true if the tree is as it was before the step. */
static bool step_is_undone(const struct step *step)
{
	if (step->kind == STEP_ATTACH)
		return !step_node_is_in_tree(step);
	if (step->kind == STEP_DETACH)
		return node_is_attached(step->np);
	return of_find_property(step->np, step->name, NULL) == step->was;
}

/* ---- Changesets ---------------------------------------------------------------- */

/*
 * The kernel notifies its parts only when all entries of a changeset are in the tree. So
 * the first notification tells an error of a notifier from an error before it, after
 * which the kernel has reverted the changeset.
 */
static struct task_struct *notifier_waits;

static int step_see(struct notifier_block *block, unsigned long action, void *what)
{
	if (READ_ONCE(notifier_waits) == current)
		WRITE_ONCE(notifier_waits, NULL);
	return NOTIFY_DONE;
}

static struct notifier_block step_notifier = { .notifier_call = step_see,
					       .priority = INT_MAX };

int steps_init(void)
{
	return of_reconfig_notifier_register(&step_notifier);
}

void steps_exit(void)
{
	of_reconfig_notifier_unregister(&step_notifier);
}

static int step_add_entry(const struct step *step, struct of_changeset *cs)
{
	switch (step->kind) {
	case STEP_ATTACH:
		return of_changeset_attach_node(cs, step->np);
	case STEP_DETACH:
		return of_changeset_detach_node(cs, step->np);
	case STEP_SET:
		if (step->was)
			return of_changeset_update_property(cs, step->np, step->prop);
		return of_changeset_add_property(cs, step->np, step->prop);
	default:
		return of_changeset_remove_property(cs, step->np, step->was);
	}
}

/* Count the reference that the kernel drops when it detaches the node. It took none if sysfs
 * has rejected the node. Return false then. */
static bool step_complete_count(const struct step *step)
{
	if (!step_node_is_in_tree(step) || step->np->kobj.state_in_sysfs)
		return true;
	of_node_get(step->np);
	return false;
}

/* Apply a changeset with the entries of these steps. */
static int steps_apply_changeset(struct change *c, struct step *step,
				 struct of_changeset *cs)
{
	bool removes = step->kind == STEP_DETACH, is_made;
	struct of_changeset_entry *entry;
	int err;

	WRITE_ONCE(notifier_waits, current);
	err = of_changeset_apply(cs);
	is_made = !err || !READ_ONCE(notifier_waits);
	WRITE_ONCE(notifier_waits, NULL);
	list_for_each_entry(entry, &cs->entries, node) {
		step->entry = entry;
		if (is_made)
			step->is_ours = removes;
		if (step->kind == STEP_ATTACH && !step_complete_count(step))
			err = -ENOMEM;
		step = list_next_entry(step, list);
		cond_resched();
	}
	list_splice_tail_init(&cs->entries,
			      removes ? &c->removed.entries : &c->others.entries);
	return err;
}

/* Make the steps from first to last by one changeset. */
static int steps_make(struct change *c, struct step *first, struct step *last)
{
	const struct list_head *end = last->list.next;
	struct of_changeset cs;
	struct step *step;
	int err = 0;

	of_changeset_init(&cs);
	for (step = first; &step->list != end && !err;
	     step = list_next_entry(step, list)) {
		err = step_add_entry(step, &cs);
		cond_resched();
	}
	if (!err)
		err = steps_check(first, end, c->reason);
	if (!err)
		err = steps_apply_changeset(c, first, &cs);
	if (err && first == last)
		refuse(c->reason, err, "%pOF: the kernel refuses the change, error %d",
		       first->np, -err);
	else if (err)
		refuse(c->reason, err, "blob: the kernel refuses the change, error %d",
		       -err);
	list_splice_tail(&cs.entries, &c->rest.entries);
	return err;
}

/* ---- Undo ---------------------------------------------------------------------- */

/* Return true if no other writer has changed what the step made. A new node goes together
 * with all its children, whose steps were examined before. */
static bool step_can_be_undone(const struct step *step)
{
	if (!step->entry || !step_is_made(step))
		return false;
	if (step->kind == STEP_ATTACH)
		return of_get_child_count(step->np) == step->below;
	if (step->kind == STEP_DETACH)
		return (!step->above || step->above->is_undoing ||
			node_is_attached(step->np->parent)) &&
		       !step_check_attach(step);
	return true;
}

/* Leave only the entries of steps that can be undone. Return false if none is left. */
static bool steps_select(struct change *c, struct of_changeset *cs)
{
	bool is_removal, removals = cs == &c->removed;
	struct step *step;

	list_for_each_entry_reverse(step, c->steps, list) {
		is_removal = step->kind == STEP_DETACH;
		if (!step->entry || is_removal != removals)
			continue;
		step->is_undoing = step_can_be_undone(step);
		step->below = 0;
		if (!step->is_undoing)
			list_move(&step->entry->node, &c->rest.entries);
		else if (step->kind == STEP_ATTACH && step->above)
			step->above->below++;
		cond_resched();
	}
	return !list_empty(&cs->entries);
}

/* Revert what no other writer has changed. The result of the kernel may come from
 * notifiers, so test the tree, and try again. */
static void steps_revert(struct change *c, struct of_changeset *cs)
{
	struct step *step;
	int rounds = 3;

	while (rounds-- && steps_select(c, cs)) {
		of_changeset_revert(cs);
		list_for_each_entry(step, c->steps, list) {
			if (!step->is_undoing)
				continue;
			step_complete_count(step);
			step->is_ours = !step_node_is_in_tree(step);
			step->is_undoing = false;
			cond_resched();
		}
	}
}

/* Name what cannot be undone. It is the reason, even after an earlier one, because the tree
 * is not as before. */
static void steps_name_kept(struct change *c)
{
	char text[OVERLAY_REASON_BYTES];
	bool is_first = true;
	struct step *step;

	list_for_each_entry(step, c->steps, list) {
		cond_resched();
		if (!step->entry || step_is_undone(step))
			continue;
		snprintf(text, sizeof(text), "%pOF%s%s: changed meanwhile, not undone",
			 step->np, step->name ? ":" : "", step->name ?: "");
		pr_err("%s\n", text);
		if (is_first)
			c->reason->text[0] = '\0';
		refuse(c->reason, -EBUSY, "%s", text);
		is_first = false;
	}
}

/* ---- All steps ----------------------------------------------------------------- */

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

/* After the last change of the tree, leave to the nodes what belongs to them. */
static void steps_settle(struct list_head *steps, bool is_applied)
{
	struct step *step;

	list_for_each_entry(step, steps, list) {
		step->entry = NULL;
		if (step->kind == STEP_SET &&
		    (is_applied || step_node_has_property(step)))
			step->prop = NULL;
		cond_resched();
	}
}

int steps_apply(struct list_head *steps, struct reason *reason)
{
	struct change c = { .steps = steps, .reason = reason };
	struct step *step, *last;
	int err = 0;

	of_changeset_init(&c.removed);
	of_changeset_init(&c.others);
	of_changeset_init(&c.rest);
	list_for_each_entry(step, steps, list) {
		last = step->kind == STEP_DETACH
			       ? step
			       : list_last_entry(steps, struct step, list);
		err = steps_make(&c, step, last);
		if (err || step->kind != STEP_DETACH)
			break;
		cond_resched();
	}
	if (err) {
		steps_revert(&c, &c.others);
		steps_revert(&c, &c.removed);
		steps_name_kept(&c);
	}
	steps_settle(steps, !err);
	/* The kernel may wait for its users of detached nodes: do this once. */
	list_splice_tail_init(&c.removed.entries, &c.rest.entries);
	list_splice_tail_init(&c.others.entries, &c.rest.entries);
	of_changeset_destroy(&c.rest);
	return err;
}
