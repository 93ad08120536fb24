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
	char *id;
	struct overlay *overlay; /* the steps point into it */
	struct plan *plan;
};

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

static void record_free(struct record *r)
{
	if (!r)
		return;
	plan_free(r->plan);
	overlay_free(r->overlay);
	kfree(r->id);
	kfree(r);
}

static struct record *record_new(const char *id)
{
	struct record *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return NULL;
	r->number = last_number + 1;
	r->id = id ? kstrdup(id, GFP_KERNEL) : kasprintf(GFP_KERNEL, "#%u", r->number);
	if (r->id)
		return r;
	kfree(r);
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

/* Send a uevent. It is the only notification: nodes have no events of their own. name
 * NULL: a change without a name that is not kept. */
static void record_send_uevent(const char *name, const char *action)
{
	char id[sizeof("PAPR_OVERLAY=") + OVERLAY_ID_MAX];
	char verb[sizeof("PAPR_OVERLAY_ACTION=revert")];
	char seq[sizeof("PAPR_OVERLAY_SEQ=") + 10];
	char *env[4] = { id, verb, seq };

	completed++;
	snprintf(id, sizeof(id), "PAPR_OVERLAY=%s", name ?: "#0");
	snprintf(verb, sizeof(verb), "PAPR_OVERLAY_ACTION=%s", action);
	snprintf(seq, sizeof(seq), "PAPR_OVERLAY_SEQ=%u", completed);
	kobject_uevent_env(&THIS_MODULE->mkobj.kobj, KOBJ_CHANGE, env);
}

/* Apply a plan and take ownership of it. If the change is kept, take ownership of the
 * overlay too. The record is allocated before the first step: nothing can fail after the
 * last one. */
static int record_apply(struct plan *plan, struct overlay **o, bool is_kept)
{
	struct record *r = is_kept ? record_new((*o)->id) : NULL;
	int err = is_kept && !r ? -ENOMEM : steps_apply(&plan->steps, (*o)->reason);

	if (!err)
		record_send_uevent(r ? r->id : (*o)->id, "apply");
	if (err || !is_kept) {
		record_free(r);
		plan_free(plan);
		return err;
	}
	record_release_nodes(plan);
	r->plan = plan;
	r->overlay = *o;
	*o = NULL;
	last_number = r->number;
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
	plan = plan_new((*o)->reason);
	if (!plan)
		return -ENOMEM;
	err = merge_fragments(&plan->drafts, *o);
	if (!err)
		err = plan_make(plan, is_kept);
	if (!err && !((*o)->flags & OVERLAY_CHECK_ONLY))
		return record_apply(plan, o, is_kept);
	plan_free(plan);
	return err;
}

/* ---- Reverting ----------------------------------------------------------------- */

static bool record_is_node_step(const struct step *step)
{
	return step->kind == STEP_ATTACH || step->kind == STEP_DETACH;
}

/* Return true if the second path is below the first. */
static bool record_path_is_below(const char *path, const char *other)
{
	size_t len = strlen(path);

	return len > 1 && !strncmp(path, other, len) && other[len] == '/';
}

static bool record_is_covered(const struct step *step)
{
	return record_is_node_step(step) &&
	       !step->is_top; /* the step of its top node covers it */
}

static bool record_steps_overlap(const struct step *x, const struct step *y)
{
	if (!strcmp(x->path, y->path))
		return record_is_node_step(x) || record_is_node_step(y) ||
		       !strcmp(x->name, y->name);
	return (record_is_node_step(x) && record_path_is_below(x->path, y->path)) ||
	       (record_is_node_step(y) && record_path_is_below(y->path, x->path));
}

/* Return true if both records changed the same node or property. */
static bool records_overlap(const struct record *a, const struct record *b)
{
	const struct step *x, *y;

	list_for_each_entry(x, &a->plan->steps, list) {
		if (record_is_covered(x))
			continue;
		list_for_each_entry(y, &b->plan->steps, list)
			if (!record_is_covered(y) && record_steps_overlap(x, y))
				return true;
		cond_resched();
	}
	return false;
}

/* Return true if these steps detach this node. */
static bool record_is_removed_by(const struct plan *back, const struct device_node *np)
{
	const struct step *step;

	list_for_each_entry(step, &back->steps, list)
		if (step->np == np && step->kind == STEP_DETACH)
			return true;
	return false;
}

/* Return true if the node has exactly the properties that were written, and as many
 * children. "name" is ignored: some code that adds nodes omits it. */
static bool record_node_is_as_written(const struct device_node *np, const struct draft *d)
{
	const struct property *prop;
	const struct draft_prop *p;
	struct device_node *child;
	const struct draft *below;
	int n = 0;

	list_for_each_entry(p, &d->props, list) {
		if (!p->is_set || !strcmp(p->name, "name"))
			continue;
		prop = of_find_property(np, p->name, NULL);
		if (!prop || !property_is(prop, p->value, p->len))
			return false;
		n++;
		cond_resched();
	}
	for (prop = np->properties; prop; prop = prop->next)
		n -= strcmp(prop->name, "name") != 0;
	if (n)
		return false;
	list_for_each_entry(below, &d->children, sibling)
		n += !below->is_removed;
	for_each_child_of_node(np, child)
		n--;
	return !n;
}

static int record_undo_attach(struct plan *back, const struct step *step)
{
	struct device_node *np = node_find(step->path);
	int err = -EBUSY;

	if (np && record_node_is_as_written(np, step->draft) && !node_is_in_use(np))
		err = step_new(&back->steps, STEP_DETACH, np) ? 0 : -ENOMEM;
	of_node_put(np);
	return err;
}

/* Return true if no other node has this name, or (record_handle_is_free()) this handle. Nodes
 * that the plan detaches do not count. */
static bool record_name_is_free(const struct plan *back, const struct device_node *np)
{
	struct device_node *other = node_child(np->parent, node_name(np));
	bool is_free = !other || record_is_removed_by(back, other);

	of_node_put(other);
	return is_free;
}

static bool record_handle_is_free(const struct plan *back, const struct device_node *np)
{
	u32 handle = node_handle(np);
	struct device_node *other = handle ? of_find_node_by_phandle(handle) : NULL;
	bool is_free = !other || record_is_removed_by(back, other);

	of_node_put(other);
	return is_free;
}

/* Find the parent of a node by path. Return it with a reference held. */
static struct device_node *record_find_parent(const struct step *step)
{
	char *slash = strrchr(step->path, '/');
	struct device_node *parent;

	*slash = '\0';
	parent = node_find(slash == step->path ? "/" : step->path);
	*slash = '/';
	return parent;
}

/* Plan to attach a removed node again. The parent of a node below a top is attached
 * together with that top. */
static int record_undo_detach(struct plan *back, const struct step *step)
{
	struct step *again = step_new(&back->steps, STEP_ATTACH, step->np);

	if (!again)
		return -ENOMEM;
	if (!record_handle_is_free(back, step->np))
		return -EBUSY;
	again->is_top = step->is_top;
	if (!step->is_top)
		return 0;
	again->parent = record_find_parent(step);
	if (!again->parent)
		return -EBUSY;
	step->np->parent = again->parent;
	return record_name_is_free(back, step->np) ? 0 : -EBUSY;
}

static int record_undo_property(struct plan *back, const struct step *step)
{
	struct device_node *np = node_find(step->path);
	struct property *now = np ? of_find_property(np, step->name, NULL) : NULL;
	bool is_ok = np && (step->kind == STEP_UNSET
				    ? !now
				    : now && property_is(now, step->value, step->len));
	struct step *again = NULL;

	if (is_ok)
		again = step_new(&back->steps, step->old ? STEP_SET : STEP_UNSET, np);
	of_node_put(np);
	if (!again)
		return is_ok ? -ENOMEM : -EBUSY;
	again->name = step->name;
	again->was = now;
	if (!step->old)
		return 0;
	again->prop = property_new(step->old->name, step->old->value, step->old->length);
	return again->prop ? 0 : -ENOMEM;
}

/* Plan to undo one step. Return -EBUSY if the node or property has changed since. */
static int record_undo_step(struct plan *back, const struct step *step)
{
	switch (step->kind) {
	case STEP_ATTACH:
		return record_undo_attach(back, step);
	case STEP_DETACH:
		return record_undo_detach(back, step);
	default:
		return record_undo_property(back, step);
	}
}

static int record_undo_steps(struct plan *back, const struct record *r)
{
	const struct step *step;
	int err = 0;

	list_for_each_entry_reverse(step, &r->plan->steps, list) {
		err = record_undo_step(back, step);
		if (err == -EBUSY)
			refuse(back->drafts.reason, err,
			       "%s: changed since it was written", step->path);
		if (err)
			break;
		cond_resched();
	}
	return err;
}

/* After a revert the tree owns the nodes again. After a failed one it owns those that are
 * attached nevertheless. */
static void record_return_nodes(struct record *r, bool is_reverted)
{
	struct step *step;

	list_for_each_entry(step, &r->plan->steps, list)
		if (step->kind == STEP_DETACH &&
		    (is_reverted || !of_node_check_flag(step->np, OF_DETACHED)))
			step->is_ours = false;
}

static void record_end(struct record *r)
{
	list_del(&r->list);
	kept--;
	record_free(r);
	module_put(THIS_MODULE);
}

/* Forget a record. The tree stays as it is. */
static int record_forget(const struct overlay *o, struct record *r)
{
	if (!(o->flags & OVERLAY_CHECK_ONLY))
		record_end(r);
	return 0;
}

int records_revert(const struct overlay *o)
{
	struct record *r = record_called(o->revert), *newer = r;
	struct plan *back;
	int err;

	if (!r)
		return refuse(o->reason, -ENOENT, "blob: no change is kept as %.63s",
			      o->revert);
	if (o->flags & OVERLAY_TRANSIENT)
		return record_forget(o, r);
	list_for_each_entry_continue(newer, &records, list)
		if (records_overlap(newer, r))
			return refuse(o->reason, -EBUSY,
				      "%s: the later change %s must be reverted first",
				      r->id, newer->id);
	back = plan_new(o->reason);
	if (!back)
		return -ENOMEM;
	err = record_undo_steps(back, r);
	if (!err && !(o->flags & OVERLAY_CHECK_ONLY)) {
		err = steps_apply(&back->steps, o->reason);
		record_return_nodes(r, !err);
		if (!err) {
			record_send_uevent(o->revert, "revert");
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
