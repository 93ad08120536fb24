// SPDX-License-Identifier: GPL-2.0
/*
 * Plan the steps from the live tree to a draft: first removed nodes, then properties,
 * then new nodes. Each node and each property has at most one step.
 */
#include <linux/errno.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>

#include "overlay.h"

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	steps_free(&plan->steps);
	drafts_free(&plan->drafts);
	kvfree(plan->paths);
	kfree(plan);
}

struct plan *plan_new(struct reason *reason, unsigned int n)
{
	struct plan *plan = kzalloc(sizeof(*plan), GFP_KERNEL);

	if (!plan)
		return NULL;
	INIT_LIST_HEAD(&plan->steps);
	if (!drafts_init(&plan->drafts, reason, n))
		return plan;
	plan_free(plan);
	return NULL;
}

struct hlist_head *plan_steps(const struct plan *plan, const char *path, size_t len,
			      const char *property)
{
	unsigned long key = full_name_hash(plan, path, len);

	if (property)
		key = full_name_hash((void *)key, property, strlen(property));
	return &plan->paths[key & plan->mask];
}

size_t plan_parent_len(const char *path, size_t len)
{
	while (len && path[--len] != '/')
		;
	return len;
}

/* ---- Removed nodes ------------------------------------------------------------- */

/* Append the children of a node after all nodes so far: parents come before children, and
 * children are in reverse order. Attaching them again then restores their order. */
static int plan_collect_children(struct list_head *nodes, struct step *parent)
{
	struct list_head *last = nodes->prev;
	struct device_node *child;
	struct step *step;

	for_each_child_of_node(parent->np, child) {
		step = step_new(nodes, STEP_DETACH, child);
		if (!step) {
			of_node_put(child);
			return -ENOMEM;
		}
		step->above = parent;
		list_move(&step->list, last);
	}
	return 0;
}

static int plan_detach(struct plan *plan, struct device_node *top)
{
	struct step *step;
	LIST_HEAD(nodes);
	int err = step_new(&nodes, STEP_DETACH, top) ? 0 : -ENOMEM;

	list_for_each_entry(step, &nodes, list) {
		if (!err)
			err = plan_collect_children(&nodes, step);
		if (!err && node_is_in_use(step->np))
			err = refuse(plan->drafts.reason, -EBUSY,
				     "%pOF: the kernel uses this processor or memory",
				     step->np);
		if (!err && of_node_check_flag(step->np, OF_OVERLAY))
			err = refuse(plan->drafts.reason, -EBUSY,
				     "%pOF: another overlay of the kernel has this node",
				     step->np);
		if (err)
			break;
		plan->removed++;
		cond_resched();
	}
	while (!err && !list_empty(&nodes))
		list_move_tail(nodes.prev, &plan->steps);
	steps_free(&nodes);
	return err;
}

/* ---- Properties ---------------------------------------------------------------- */

static int plan_property(struct plan *plan, const struct draft *d,
			 const struct draft_prop *p)
{
	struct property *was = of_find_property(d->live, p->name, NULL);
	struct step *step;

	if (p->prop ? was && property_is(was, p->prop) : !was)
		return 0;
	step = step_new(&plan->steps, p->prop ? STEP_SET : STEP_UNSET, d->live);
	if (!step)
		return -ENOMEM;
	step->name = p->name;
	step->was = was;
	step->to = p->prop;
	plan->props++;
	if (p->prop)
		step->prop = property_new(p->name, p->prop->value, p->prop->length);
	return p->prop && !step->prop ? -ENOMEM : 0;
}

static int plan_properties(struct plan *plan, const struct draft *d)
{
	const struct draft_prop *p;
	int err = 0;

	list_for_each_entry(p, &d->props, list) {
		err = plan_property(plan, d, p);
		if (err)
			break;
		cond_resched();
	}
	return err;
}

/* ---- New nodes ----------------------------------------------------------------- */

/* Make a node from a draft. Without "name", it gets its own name up to the last "@". */
static struct device_node *plan_make_node(const struct draft *d)
{
	struct device_node *np = node_new(d->name);
	const struct property *prop;
	const char *unit = strrchr(d->name, '@') ?: d->name + strlen(d->name);
	struct property **at;

	if (!np)
		return NULL;
	at = &np->properties;
	np->parent = d->parent->live ?: d->parent->step->np;
	for (prop = draft_close(d); prop; prop = prop->next) {
		*at = property_new(prop->name, prop->value, prop->length);
		if (!*at)
			goto no_memory;
		at = &(*at)->next;
	}
	if (of_find_property(np, "name", NULL))
		return np;
	*at = property_new("name", d->name, unit - d->name);
	if (*at) {
		(*at)->length++; /* with the NUL after the value */
		return np;
	}
no_memory:
	node_drop(np);
	return NULL;
}

/* Plan to attach a new node. Its parent has a step if it is new, too. The kernel puts the
 * newest child first, so later children come first here. */
static int plan_attach(struct plan *plan, struct draft *d)
{
	struct step *parent = d->parent->step, *step;
	struct device_node *np = plan_make_node(d);

	if (!np)
		return -ENOMEM;
	step = step_new(&plan->steps, STEP_ATTACH, np);
	if (!step) {
		node_drop(np);
		return -ENOMEM;
	}
	if (parent)
		list_move(&step->list, &parent->list);
	step->is_ours = true;
	step->above = parent;
	step->draft = d;
	d->step = step;
	d->parent->children++;
	plan->added++;
	cond_resched();
	return 0;
}

/* ---- The whole plan ------------------------------------------------------------ */

int plan_make(struct plan *plan)
{
	struct draft *d;
	int err = 0;

	list_for_each_entry(d, &plan->drafts.all, list)
		if (!err && d->live && d->is_removed && !draft_is_gone(d->parent))
			err = plan_detach(plan, d->live);
	list_for_each_entry(d, &plan->drafts.all, list)
		if (!err && d->live && !draft_is_gone(d))
			err = plan_properties(plan, d);
	list_for_each_entry(d, &plan->drafts.all, list)
		if (!err && !d->live && !draft_is_gone(d))
			err = plan_attach(plan, d);
	return err;
}

int plan_keep(struct plan *plan)
{
	size_t heads = roundup_pow_of_two(plan->added + plan->removed + plan->props + 1);
	struct step *step;

	plan->paths = kvcalloc(heads, sizeof(*plan->paths), GFP_KERNEL);
	if (!plan->paths)
		return -ENOMEM;
	plan->mask = heads - 1;
	list_for_each_entry(step, &plan->steps, list) {
		step->path = kasprintf(GFP_KERNEL, "%pOF", step->np);
		if (step->was)
			step->old = property_new(step->was->name, step->was->value,
						 step->was->length);
		if (!step->path || (step->was && !step->old))
			return -ENOMEM;
		hlist_add_head(&step->hash, plan_steps(plan, step->path,
						       strlen(step->path), step->name));
		cond_resched();
	}
	return 0;
}
