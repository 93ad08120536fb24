// SPDX-License-Identifier: GPL-2.0
/*
 * Records of applied changes, for a later revert. They refer to nodes by path, because
 * other code may change the tree in the meantime. A change is reverted only if its nodes
 * and properties are still as they were written. Each record holds a reference to the
 * module.
 */
#include <linux/errno.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

struct record {
	struct list_head list;
	unsigned int number;
	const char *id;
	char own_id[sizeof("#") + 10]; /* if the blob gives none */
	struct overlay *overlay;       /* the id and the steps point into it */
	struct plan *plan;
};

/* What happened, in a uevent. */
static const char applied[] = "PAPR_OVERLAY_ACTION=apply";
static const char reverted[] = "PAPR_OVERLAY_ACTION=revert";

static LIST_HEAD(records); /* oldest first */
static unsigned int kept, last_number, completed;

static struct record *record_called(const char *id)
{
	struct record *r;

	list_for_each_entry(r, &records, list)
		if (!strcmp(r->id, id))
			return r;
	return NULL;
}

/* Release the nodes that can be found by path: other code may remove them for good. */
static void record_release_nodes(struct plan *plan)
{
	struct draft *d;
	struct step *step;

	list_for_each_entry(step, &plan->steps, list) {
		if (step->kind == STEP_DETACH)
			continue;
		of_node_put(step->np);
		step->np = NULL;
	}
	list_for_each_entry(d, &plan->drafts.all, list) {
		of_node_put(d->live);
		d->live = NULL;
	}
}

/* Count a change and send a uevent, unless the tree was already so. It is the only
 * notification: nodes have no events of their own. name NULL: a change without a name that
 * is not kept. */
static void record_send_uevent(const struct plan *plan, const char *name,
			       const char *action)
{
	char id[sizeof("PAPR_OVERLAY=") + OVERLAY_ID_MAX];
	char seq[sizeof("PAPR_OVERLAY_SEQ=") + 10];
	char *env[4] = { id, (char *)action, seq }; /* only read */

	if (list_empty(&plan->steps))
		return;
	completed++;
	snprintf(id, sizeof(id), "PAPR_OVERLAY=%s", name ?: "#0");
	snprintf(seq, sizeof(seq), "PAPR_OVERLAY_SEQ=%u", completed);
	kobject_uevent_env(&THIS_MODULE->mkobj.kobj, KOBJ_CHANGE, env);
}

/* Apply a plan and take ownership of it. If the change is kept, take ownership of the
 * overlay too. The record is allocated before the first step: nothing can fail after the
 * last one. */
static int record_apply(struct plan *plan, struct overlay **o, bool is_kept)
{
	struct record *r = is_kept ? kzalloc(sizeof(*r), GFP_KERNEL) : NULL;
	int err = is_kept && !r ? -ENOMEM : steps_apply(&plan->steps, (*o)->reason);

	if (!err && !is_kept)
		record_send_uevent(plan, (*o)->id, applied);
	if (err || !is_kept) {
		kfree(r);
		plan_free(plan);
		return err;
	}
	r->number = ++last_number;
	snprintf(r->own_id, sizeof(r->own_id), "#%u", r->number);
	r->id = (*o)->id ?: r->own_id;
	record_send_uevent(plan, r->id, applied);
	record_release_nodes(plan);
	r->plan = plan;
	r->overlay = *o;
	*o = NULL;
	r->plan->drafts.reason = NULL; /* it belongs to the writer */
	r->overlay->reason = NULL;
	list_add_tail(&r->list, &records);
	kept++;
	__module_get(THIS_MODULE); /* safe: the opener holds a reference */
	return 0;
}

int records_apply(struct overlay **o)
{
	bool is_kept = !((*o)->flags & (OVERLAY_CHECK_ONLY | OVERLAY_TRANSIENT));
	struct plan *plan;
	int err;

	if ((*o)->id && record_called((*o)->id))
		return refuse((*o)->reason, -EEXIST, "blob: a change is kept as %s",
			      (*o)->id);
	if (kept == OVERLAY_RECORDS_MAX && !((*o)->flags & OVERLAY_TRANSIENT))
		return refuse((*o)->reason, -ENOSPC,
			      "blob: %d changes are kept, revert or forget one",
			      OVERLAY_RECORDS_MAX);
	plan = plan_new((*o)->reason, (*o)->size);
	if (!plan)
		return -ENOMEM;
	err = merge_fragments(&plan->drafts, *o);
	if (!err)
		err = plan_make(plan);
	if (!err && is_kept)
		err = plan_keep(plan);
	if (!err && !((*o)->flags & OVERLAY_CHECK_ONLY))
		return record_apply(plan, o, is_kept);
	plan_free(plan);
	return err;
}

/* ---- Reverting ----------------------------------------------------------------- */

static bool record_has_node_step(const struct record *r, const char *path, size_t len)
{
	const struct step *y;

	hlist_for_each_entry(y, plan_steps(r->plan, path, len, NULL), hash)
		if (!y->name && !strncmp(y->path, path, len) && !y->path[len])
			return true;
	return false;
}

static bool record_has_property_step(const struct record *r, const struct step *x)
{
	const struct step *y;

	hlist_for_each_entry(y, plan_steps(r->plan, x->path, strlen(x->path), x->name),
			     hash)
		if (y->name && !strcmp(y->name, x->name) && !strcmp(y->path, x->path))
			return true;
	return false;
}

/* Return true if the record changes the property of this step, or adds or removes its node
 * or the node above. */
static bool record_has_step(const struct record *r, const struct step *x)
{
	size_t len = strlen(x->path), above = plan_parent_len(x->path, len);

	return (x->name && record_has_property_step(r, x)) ||
	       record_has_node_step(r, x->path, len) ||
	       (above && record_has_node_step(r, x->path, above));
}

/* Return 1 if both records changed the same, or one a node above. Each node that goes or
 * comes with another has its own step. Return -EINTR if a signal kills this process. */
static int record_shares_step(const struct record *r, const struct record *other)
{
	const struct step *x;

	list_for_each_entry(x, &r->plan->steps, list) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (record_has_step(other, x))
			return 1;
		cond_resched();
	}
	return 0;
}

/* Return 0 if no later record depends on this one. */
static int record_check_newest(const struct record *r, struct reason *reason)
{
	const struct record *newer = r;
	int overlaps;

	list_for_each_entry_continue(newer, &records, list) {
		overlaps = record_shares_step(r, newer) ?: record_shares_step(newer, r);
		if (overlaps)
			return overlaps < 0
				       ? overlaps
				       : refuse(reason, -EBUSY,
						"%s: the later change %s must be reverted first",
						r->id, newer->id);
	}
	return 0;
}

/* Return true if the node has exactly the properties that were written, and as many
 * children. "name" is ignored: some code that adds nodes omits it. */
static bool record_node_is_as_written(const struct device_node *np, const struct draft *d)
{
	const struct property *prop, *now;
	int n = 0;

	for (prop = d->like->properties; prop; prop = prop->next) {
		if (!strcmp(prop->name, "name"))
			continue;
		now = of_find_property(np, prop->name, NULL);
		if (!now || !property_is(now, prop))
			return false;
		n++;
		cond_resched();
	}
	for (prop = np->properties; prop; prop = prop->next)
		n -= strcmp(prop->name, "name") != 0;
	return !n && of_get_child_count(np) == d->children;
}

static int record_undo_attach(struct plan *back, struct step *step)
{
	struct draft *d;
	int err = draft_find(&back->drafts, step->path, strlen(step->path), &d);

	if (err)
		return err;
	if (!record_node_is_as_written(d->live, step->draft) || node_is_in_use(d->live))
		return -EBUSY;
	d->is_removed = true;
	step->undo = step_new(&back->steps, STEP_DETACH, d->live);
	return step->undo ? 0 : -ENOMEM;
}

/* Plan to attach a removed node again, below a parent that may be attached together with
 * it. The names and handles of nodes that this plan detaches are free: their drafts are
 * removed. */
static int record_undo_detach(struct plan *back, struct step *step)
{
	size_t len = plan_parent_len(step->path, strlen(step->path));
	struct draft *parent, *other;
	int err;

	step->undo = step_new(&back->steps, STEP_ATTACH, step->np);
	if (!step->undo)
		return -ENOMEM;
	err = draft_by_handle(&back->drafts, node_handle(step->np), &other);
	if (err != -ENODEV)
		return err ?: -EBUSY;
	if (step->above)
		return 0;
	err = draft_find(&back->drafts, step->path, len, &parent);
	if (err)
		return err;
	step->np->parent = parent->live;
	err = draft_child(&back->drafts, parent, node_name(step->np), &other);
	return err == -ENODEV ? 0 : err ?: -EBUSY;
}

static int record_undo_property(struct plan *back, const struct step *step)
{
	struct property *now;
	struct step *again;
	struct draft *d;
	int err = draft_find(&back->drafts, step->path, strlen(step->path), &d);

	if (err)
		return err;
	now = of_find_property(d->live, step->name, NULL);
	if (step->kind == STEP_SET ? !now || !property_is(now, step->to) : !!now)
		return -EBUSY;
	again = step_new(&back->steps, step->old ? STEP_SET : STEP_UNSET, d->live);
	if (!again)
		return -ENOMEM;
	again->name = step->name;
	again->was = now;
	if (!step->old)
		return 0;
	again->prop = property_new(step->old->name, step->old->value, step->old->length);
	return again->prop ? 0 : -ENOMEM;
}

/* Plan to undo all steps. Return -EBUSY if a node or property has changed since. */
static int record_undo_steps(struct plan *back, const struct record *r)
{
	struct step *step;
	int err = 0;

	list_for_each_entry_reverse(step, &r->plan->steps, list) {
		step->undo = NULL;
		if (step->kind == STEP_ATTACH)
			err = record_undo_attach(back, step);
		else if (step->kind == STEP_DETACH)
			err = record_undo_detach(back, step);
		else
			err = record_undo_property(back, step);
		if (err == -ENOMEM)
			return err;
		if (err)
			return refuse(back->drafts.reason, -EBUSY,
				      "%s: changed since it was written", step->path);
		cond_resched();
	}
	list_for_each_entry(step, &r->plan->steps, list)
		if (step->undo && step->above)
			step->undo->above = step->above->undo;
	return 0;
}

/* The steps of the revert own the removed nodes while they are applied. */
static void record_swap_owners(struct record *r)
{
	struct step *step;

	list_for_each_entry(step, &r->plan->steps, list)
		if (step->kind == STEP_DETACH)
			swap(step->is_ours, step->undo->is_ours);
}

static void record_end(struct record *r)
{
	list_del(&r->list);
	kept--;
	plan_free(r->plan);
	overlay_free(r->overlay);
	kfree(r);
	module_put(THIS_MODULE);
}

int records_revert(const struct overlay *o)
{
	struct record *r = record_called(o->revert);
	struct plan *back;
	int err;

	if (!r)
		return refuse(o->reason, -ENOENT, "blob: no change is kept as %.63s",
			      o->revert);
	if (o->flags & OVERLAY_TRANSIENT) { /* forget it, the tree stays as it is */
		if (!(o->flags & OVERLAY_CHECK_ONLY))
			record_end(r);
		return 0;
	}
	err = record_check_newest(r, o->reason);
	if (err)
		return err;
	back = plan_new(o->reason, r->plan->added + r->plan->removed + r->plan->props);
	if (!back)
		return -ENOMEM;
	err = record_undo_steps(back, r);
	if (!err && !(o->flags & OVERLAY_CHECK_ONLY)) {
		record_swap_owners(r);
		err = steps_apply(&back->steps, o->reason);
		record_swap_owners(r);
		if (!err) {
			record_send_uevent(back, o->revert, reverted);
			record_end(r);
		}
	}
	plan_free(back);
	return err;
}

unsigned int records_completed(void)
{
	return completed;
}

void records_show(struct seq_file *out)
{
	const struct record *r;

	list_for_each_entry(r, &records, list)
		seq_printf(out, "%u %s nodes=+%u/-%u props=%u\n", r->number, r->id,
			   r->plan->added, r->plan->removed, r->plan->props);
}
