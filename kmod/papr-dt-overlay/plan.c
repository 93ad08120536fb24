// SPDX-License-Identifier: GPL-2.0
/*
 * Changes that are made together, or not at all. The kernel's changeset makes them, and
 * tells the rest of the kernel as its own DLPAR code does.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

/* A property that is no part of a blob. */
struct made {
	struct list_head list;
	struct property *prop;
};

struct plan *plan_new(bool keep)
{
	struct plan *plan = kvzalloc(sizeof(*plan), GFP_KERNEL);

	if (!plan)
		return NULL;
	plan->keep = keep;
	hash_init(plan->hash);
	INIT_LIST_HEAD(&plan->changes);
	INIT_LIST_HEAD(&plan->places);
	INIT_LIST_HEAD(&plan->facts);
	INIT_LIST_HEAD(&plan->made);
	of_changeset_init(&plan->changeset);
	return plan;
}

static void property_free(struct property *prop)
{
	if (!prop)
		return;
	kvfree(prop->value);
	kfree(prop->name);
	kfree(prop);
}

void change_free(struct change *change)
{
	nodes_free(&change->nodes);
	property_free(change->old);
	kfree(change);
}

void place_free(struct place *place)
{
	of_node_put(place->np);
	kfree(place->path);
	kfree(place);
}

void plan_free(struct plan *plan)
{
	struct change *change, *next_change;
	struct place *place, *next_place;
	struct fact *fact, *next_fact;
	struct made *made, *next_made;

	of_changeset_destroy(&plan->changeset);
	list_for_each_entry_safe(change, next_change, &plan->changes, list)
		change_free(change);
	list_for_each_entry_safe(place, next_place, &plan->places, list)
		place_free(place);
	list_for_each_entry_safe(fact, next_fact, &plan->facts, list)
		kfree(fact);
	list_for_each_entry_safe(made, next_made, &plan->made, list) {
		/* A node keeps its properties, also those that it has no more. */
		if (!plan->touched)
			property_free(made->prop);
		kfree(made);
	}
	kvfree(plan);
}

static struct property *copy_of(const struct property *prop)
{
	struct property *copy = kzalloc(sizeof(*copy), GFP_KERNEL);

	if (!copy)
		return NULL;
	copy->name = kstrdup(prop->name, GFP_KERNEL);
	/* Whoever takes it for a string finds an end. */
	copy->value = kvzalloc(prop->length + 1, GFP_KERNEL);
	copy->length = prop->length;
	if (!copy->name || !copy->value) {
		property_free(copy);
		return NULL;
	}
	if (prop->length)
		memcpy(copy->value, prop->value, prop->length);
	return copy;
}

static struct change *change_new(struct plan *plan, enum change_kind kind,
				 struct device_node *np, const char *name)
{
	struct change *change = kzalloc(sizeof(*change), GFP_KERNEL);

	if (!change)
		return NULL;
	change->kind = kind;
	change->name = name;
	change->place = view_place(plan, np);
	if (!change->place) {
		change_free(change);
		return NULL;
	}
	list_add_tail(&change->list, &plan->changes);
	return change;
}

/* ---- Nodes --------------------------------------------------------------------- */

static int attach(struct plan *plan, const struct nodes *nodes)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < nodes->count && !err; i++)
		err = of_changeset_attach_node(&plan->changeset, nodes->np[i]);
	return err;
}

static int detach(struct plan *plan, const struct nodes *nodes)
{
	unsigned int i;
	int err = 0;

	for (i = nodes->count; i-- > 0 && !err;)
		err = of_changeset_detach_node(&plan->changeset, nodes->np[i]);
	return err;
}

/* No handle of these is in use, nor there twice. */
static int claim_handles(struct plan *plan, const struct nodes *nodes)
{
	struct device_node *other;
	unsigned int i;
	u32 handle;
	int err = 0;

	for (i = 0; i < nodes->count && !err; i++) {
		handle = node_handle(nodes->np[i]);
		if (!handle)
			continue;
		other = view_by_phandle(plan, handle);
		err = other ? -EEXIST : view_now_handle(plan, handle, nodes->np[i]);
		of_node_put(other);
	}
	return err;
}

int plan_add(struct plan *plan, struct device_node *parent, struct device_node *np)
{
	struct nodes nodes = { NULL };
	struct change *change;
	int err;

	np->parent = parent;
	err = view_collect(plan, np, &nodes);
	if (!err)
		err = claim_handles(plan, &nodes);
	if (!err)
		err = view_now_child(plan, parent, np);
	if (!err)
		err = attach(plan, &nodes);
	change = err ? NULL : change_new(plan, NODE_ADDED, np, NULL);
	if (!err && !change)
		err = -ENOMEM;
	if (!err) {
		change->count = nodes.count;
		plan->added += nodes.count;
		plan->uses_blob = true;
	}
	nodes_free(&nodes);
	return err;
}

int plan_add_again(struct plan *plan, struct device_node *parent,
		   const struct nodes *nodes)
{
	struct device_node *top = nodes->np[0];
	struct change *change;
	unsigned int i;
	int err = 0;

	top->parent = parent;
	for (i = 0; i < nodes->count && !err; i++)
		err = view_now_child(plan, nodes->np[i]->parent, nodes->np[i]);
	if (!err)
		err = attach(plan, nodes);
	change = err ? NULL : change_new(plan, NODE_ADDED, top, NULL);
	return err ? err : change ? 0 : -ENOMEM;
}

int plan_remove(struct plan *plan, struct device_node *np, unsigned int count)
{
	struct change *change = change_new(plan, NODE_REMOVED, np, NULL);
	int err;

	if (!change)
		return -ENOMEM;
	err = view_collect(plan, np, &change->nodes);
	if (!err && count && count != change->nodes.count)
		err = -EBUSY;
	if (!err)
		err = detach(plan, &change->nodes);
	if (err)
		return err;
	change->count = change->nodes.count;
	change->place->gone = true;
	plan->removed += change->count;
	return 0;
}

/* ---- Properties ---------------------------------------------------------------- */

/* What there is before the change. */
static int change_property(struct plan *plan, enum change_kind kind,
			   struct device_node *np, const char *name,
			   const struct property *old)
{
	struct change *change = change_new(plan, kind, np, name);

	if (!change)
		return -ENOMEM;
	if (!plan->keep)
		return 0;
	/* What is kept has its own words: it may outlive the blob and the property. */
	change->old = old ? copy_of(old) : NULL;
	return old && !change->old ? -ENOMEM : 0;
}

static int set(struct plan *plan, struct device_node *np, struct property *prop)
{
	struct property *old = view_property(plan, np, prop->name);
	int err = change_property(plan, PROP_CHANGED, np, prop->name, old);

	if (!err)
		err = view_now_property(plan, np, prop->name, prop);
	if (!err)
		err = old ? of_changeset_update_property(&plan->changeset, np, prop)
			  : of_changeset_add_property(&plan->changeset, np, prop);
	if (!err)
		plan->props++;
	return err;
}

int plan_set(struct plan *plan, struct device_node *np, struct property *prop)
{
	plan->uses_blob = true;
	return set(plan, np, prop);
}

int plan_set_again(struct plan *plan, struct device_node *np, const struct property *prop)
{
	struct made *made = kzalloc(sizeof(*made), GFP_KERNEL);

	if (!made)
		return -ENOMEM;
	made->prop = copy_of(prop);
	if (!made->prop) {
		kfree(made);
		return -ENOMEM;
	}
	list_add_tail(&made->list, &plan->made);
	return set(plan, np, made->prop);
}

int plan_unset(struct plan *plan, struct device_node *np, const char *name)
{
	struct property *old = view_property(plan, np, name);
	int err;

	if (!old)
		return -ENOENT;
	err = change_property(plan, PROP_REMOVED, np, old->name, old);
	if (!err)
		err = view_now_property(plan, np, old->name, NULL);
	if (!err)
		err = of_changeset_remove_property(&plan->changeset, np, old);
	if (!err)
		plan->props++;
	return err;
}

/* ---- All of it ----------------------------------------------------------------- */

/*
 * Is the tree as the first change wants it? of_changeset_apply() takes everything back
 * where a change fails, but nothing where it was done and somebody who was told of it
 * complains: only the tree tells which it was.
 */
static bool is_applied(const struct plan *plan)
{
	const struct list_head *first = plan->changeset.entries.next;
	const struct of_changeset_entry *ce;
	const struct property *there = NULL;

	ce = list_entry(first, struct of_changeset_entry, node);
	if (ce->prop)
		there = of_find_property(ce->np, ce->prop->name, NULL);
	switch (ce->action) {
	case OF_RECONFIG_ATTACH_NODE:
		return ce->np->kobj.state_in_sysfs;
	case OF_RECONFIG_DETACH_NODE:
		return !ce->np->kobj.state_in_sysfs;
	case OF_RECONFIG_REMOVE_PROPERTY:
		return there != ce->prop;
	default:
		return there == ce->prop;
	}
}

int plan_apply(struct plan *plan)
{
	int err;

	if (list_empty(&plan->changeset.entries))
		return 0;
	plan->touched = true;
	err = of_changeset_apply(&plan->changeset);
	if (err && is_applied(plan) && of_changeset_revert(&plan->changeset))
		pr_err("a change that failed (%d) is not undone cleanly\n", err);
	return err;
}
