// SPDX-License-Identifier: GPL-2.0
/*
 * What was applied, to be taken back later: by paths, for others may change the tree in
 * the meantime. Each record holds the module.
 */
#include <linux/errno.h>
#include <linux/kobject.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

struct record {
	struct list_head list;
	unsigned int number;
	char *id;
	struct list_head changes, places;
	unsigned int added, removed, props;
};

static LIST_HEAD(records); /* oldest first */
static unsigned int last_number, completed;

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
	struct change *change, *next_change;
	struct place *place, *next_place;

	list_for_each_entry_safe(change, next_change, &r->changes, list) {
		kfree(change->name);
		change_free(change);
	}
	list_for_each_entry_safe(place, next_place, &r->places, list)
		place_free(place);
	kfree(r->id);
	kfree(r);
}

static struct record *record_new(const char *id)
{
	struct record *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return NULL;
	INIT_LIST_HEAD(&r->changes);
	INIT_LIST_HEAD(&r->places);
	r->number = last_number + 1;
	r->id = id ? kstrdup(id, GFP_KERNEL) : kasprintf(GFP_KERNEL, "#%u", r->number);
	if (r->id)
		return r;
	kfree(r);
	return NULL;
}

/* The changes get names of their own first: that can fail, what follows cannot. */
static int own_names(struct plan *plan)
{
	struct change *change;
	const char **names;
	size_t n = 0, i = 0;

	list_for_each_entry(change, &plan->changes, list)
		n++;
	names = kvcalloc(n + 1, sizeof(*names), GFP_KERNEL);
	if (!names)
		return -ENOMEM;
	list_for_each_entry(change, &plan->changes, list) {
		names[i] = change->name ? kstrdup(change->name, GFP_KERNEL) : NULL;
		if (change->name && !names[i])
			goto none;
		i++;
	}
	i = 0;
	list_for_each_entry(change, &plan->changes, list)
		change->name = names[i++];
	kvfree(names);
	return 0;

none:
	while (i)
		kfree(names[--i]);
	kvfree(names);
	return -ENOMEM;
}

static void disown_names(struct plan *plan)
{
	struct change *change;

	list_for_each_entry(change, &plan->changes, list) {
		kfree(change->name);
		change->name = NULL;
	}
}

/* Nodes that it was only about need not be held: they are found by path. */
static void keep(struct record *r, struct plan *plan)
{
	struct place *place;

	list_for_each_entry(place, &plan->places, list) {
		of_node_put(place->np);
		place->np = NULL;
	}
	list_splice_init(&plan->changes, &r->changes);
	list_splice_init(&plan->places, &r->places);
	r->added = plan->added;
	r->removed = plan->removed;
	r->props = plan->props;
	last_number = r->number;
	list_add_tail(&r->list, &records);
	__module_get(THIS_MODULE);
}

/* It is the only way to hear of it: nodes make no events. */
static void tell(const char *name)
{
	char id[sizeof("PAPR_OVERLAY=") + OVERLAY_ID_MAX];
	char seq[sizeof("PAPR_OVERLAY_SEQ=") + 10];
	char *env[3] = { id, seq };

	completed++;
	snprintf(id, sizeof(id), "PAPR_OVERLAY=%s", name ? name : "");
	snprintf(seq, sizeof(seq), "PAPR_OVERLAY_SEQ=%u", completed);
	kobject_uevent_env(&THIS_MODULE->mkobj.kobj, KOBJ_CHANGE, env);
}

static int apply_kept(struct overlay *o, struct plan *plan)
{
	struct record *r = record_new(o->id);
	int err = r ? own_names(plan) : -ENOMEM;

	if (!err) {
		err = plan_apply(plan);
		if (err)
			disown_names(plan);
	}
	if (!err)
		keep(r, plan);
	else if (r)
		record_free(r);
	return err;
}

int records_apply(struct overlay *o)
{
	bool is_kept = !(o->flags & (OVERLAY_CHECK_ONLY | OVERLAY_TRANSIENT));
	struct plan *plan;
	int err;

	if (o->id && record_called(o->id))
		return -EEXIST;
	plan = plan_new(is_kept);
	if (!plan)
		return -ENOMEM;
	err = merge_fragments(plan, o);
	if (!err && !(o->flags & OVERLAY_CHECK_ONLY)) {
		err = is_kept ? apply_kept(o, plan) : plan_apply(plan);
		if (!err)
			tell(o->id);
	}
	if (plan->touched && plan->uses_blob)
		overlay_leave(o);
	plan_free(plan);
	return err;
}

/* ---- Taking back --------------------------------------------------------------- */

static bool is_node(const struct change *change)
{
	return change->kind == NODE_ADDED || change->kind == NODE_REMOVED;
}

/* Is the second path below the first? */
static bool is_below(const char *path, const char *other)
{
	size_t len = strlen(path);

	return len > 1 && !strncmp(path, other, len) && other[len] == '/';
}

/* Is there a node that both have to do with? */
static bool overlap(const struct record *a, const struct record *b)
{
	const struct change *x, *y;

	list_for_each_entry(x, &a->changes, list) {
		list_for_each_entry(y, &b->changes, list) {
			const char *px = x->place->path, *py = y->place->path;

			if (!strcmp(px, py) || (is_node(x) && is_below(px, py)) ||
			    (is_node(y) && is_below(py, px)))
				return true;
		}
		cond_resched();
	}
	return false;
}

static int add_back(struct plan *plan, const struct change *change)
{
	char *path = change->place->path, *slash = strrchr(path, '/');
	struct device_node *parent, *other = view_find(plan, path);
	int err;

	if (other) {
		of_node_put(other);
		return -EBUSY;
	}
	*slash = '\0';
	parent = view_find(plan, slash == path ? "/" : path);
	*slash = '/';
	err = parent ? plan_add_again(plan, parent, &change->nodes) : -EBUSY;
	of_node_put(parent);
	return err;
}

/* -EBUSY where somebody else has changed what this one changed. */
static int take_back(struct plan *plan, const struct change *change)
{
	struct device_node *np;
	int err;

	if (change->kind == NODE_REMOVED)
		return add_back(plan, change);
	np = view_find(plan, change->place->path);
	if (!np)
		return -EBUSY;
	if (change->kind == NODE_ADDED)
		err = plan_remove(plan, np, change->count);
	else if (change->old)
		err = plan_set_again(plan, np, change->old);
	else
		err = plan_unset(plan, np, change->name);
	of_node_put(np);
	return err == -ENOENT ? -EBUSY : err;
}

static int take_all_back(struct plan *plan, const struct record *r)
{
	const struct change *change;
	int err = 0;

	list_for_each_entry_reverse(change, &r->changes, list) {
		err = take_back(plan, change);
		if (err)
			break;
	}
	return err;
}

int records_revert(struct overlay *o)
{
	struct record *r = record_called(o->revert), *newer = r;
	struct plan *plan;
	int err;

	if (!r)
		return -ENOENT;
	list_for_each_entry_continue(newer, &records, list)
		if (overlap(newer, r))
			return -EBUSY;
	plan = plan_new(false);
	if (!plan)
		return -ENOMEM;
	err = take_all_back(plan, r);
	if (!err && !(o->flags & OVERLAY_CHECK_ONLY)) {
		err = plan_apply(plan);
		if (!err) {
			tell(o->revert);
			list_del(&r->list);
			record_free(r);
			module_put(THIS_MODULE);
		}
	}
	plan_free(plan);
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
			   r->added, r->removed, r->props);
}
