// SPDX-License-Identifier: GPL-2.0
/*
 * The fragments of a blob become changes of the live tree.
 */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "overlay.h"

/* These belong to the node that is there. */
static bool is_its_own(const char *name)
{
	return !strcmp(name, "name") || !strcmp(name, "phandle") ||
	       !strcmp(name, "linux,phandle");
}

static int merge_property(struct plan *plan, struct device_node *np, enum overlay_op op,
			  struct property *prop)
{
	bool is_there = view_property(plan, np, prop->name);
	struct device_node *other;

	if (is_its_own(prop->name))
		return 0;
	if (op == OVERLAY_ADD && is_there)
		return -EEXIST;
	if (op == OVERLAY_UPDATE && !is_there)
		return -ENOENT;
	if (!strcmp(prop->name, "ibm,phandle") && prop->length == sizeof(__be32)) {
		other = view_by_phandle(plan, be32_to_cpup(prop->value));
		of_node_put(other);
		if (other && other != np)
			return -EEXIST;
	}
	return plan_set(plan, np, prop);
}

static int merge_properties(struct plan *plan, struct device_node *np, enum overlay_op op,
			    const struct device_node *content)
{
	struct property *prop;
	int err = 0;

	for (prop = content->properties; prop && !err; prop = prop->next)
		err = merge_property(plan, np, op, prop);
	return err;
}

/*
 * It calls itself once a level; blob_check() has seen to it that there are few. The nodes
 * of the blob stay linked as they are until the plan is carried out.
 */
static int merge(struct plan *plan, struct device_node *np, enum overlay_op op,
		 const struct device_node *content)
{
	struct device_node *child, *there;
	int err = merge_properties(plan, np, op, content);

	for (child = content->child; child && !err; child = child->sibling) {
		there = view_child(plan, np, node_name(child));
		if (there && op == OVERLAY_ADD)
			err = -EEXIST;
		else if (!there && op == OVERLAY_UPDATE)
			err = -ENOENT;
		else if (there)
			err = merge(plan, there, op, child);
		else
			err = plan_add(plan, np, child);
		of_node_put(there);
		cond_resched();
	}
	return err;
}

static int remove_properties(struct plan *plan, const struct fragment *f)
{
	const char *name = f->names;
	int err = 0;

	for (; !err && name < f->names + f->names_len; name += strlen(name) + 1)
		err = plan_unset(plan, f->target, name);
	return err;
}

static int merge_fragment(struct plan *plan, const struct fragment *f)
{
	/* Another one of this blob has removed it. */
	if (view_is_gone(plan, f->target))
		return -ENODEV;
	switch (f->op) {
	case OVERLAY_REMOVE_NODE:
		return f->target->parent ? plan_remove(plan, f->target, 0) : -EPERM;
	case OVERLAY_REMOVE_PROPERTIES:
		return remove_properties(plan, f);
	default:
		return merge(plan, f->target, f->op, f->content);
	}
}

/* Every target is known before there are any changes. */
int merge_fragments(struct plan *plan, struct overlay *o)
{
	struct fragment *f;
	unsigned int i;
	int err = 0;

	for (i = 0; i < o->fragments; i++) {
		f = &o->fragment[i];
		f->target = f->path ? view_find(plan, f->path)
				    : view_by_phandle(plan, f->phandle);
		if (!f->target)
			return -ENODEV;
	}
	for (i = 0; i < o->fragments && !err; i++)
		err = merge_fragment(plan, &o->fragment[i]);
	return err;
}
