// SPDX-License-Identifier: GPL-2.0
/*
 * Apply the fragments of a blob to the draft of the tree.
 */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

/*
 * Merge a handle. A node keeps its handle, because other nodes refer to it. A live node
 * without one gets none: the kernel keeps pointers to nodes by handle, and a module cannot
 * drop such a pointer before the node is freed.
 */
static int merge_handle(struct drafts *all, struct draft *d, enum overlay_op op,
			struct property *prop)
{
	u32 handle = 0;
	int err;

	if (prop->length == sizeof(__be32))
		handle = be32_to_cpup(prop->value);
	if (!handle)
		return draft_refuse(all, d, -EINVAL, "%s must be one cell, and not 0",
				    prop->name);
	if (d->handle == handle)
		return 0;
	if (d->handle)
		return draft_refuse(all, d, -EINVAL, "the node has handle 0x%x, not 0x%x",
				    d->handle, handle);
	if (d->live)
		return draft_refuse(all, d, -EOPNOTSUPP,
				    "a node of the live tree cannot get a handle");
	if (op == OVERLAY_UPDATE)
		return draft_refuse(all, d, -ENOENT, "property %s does not exist",
				    prop->name);
	err = draft_set_handle(all, d, handle);
	return err ? err : draft_set(all, d, prop->name, prop);
}

static int merge_property(struct drafts *all, struct draft *d, enum overlay_op op,
			  struct property *prop)
{
	bool is_there = draft_has(all, d, prop->name);

	if (!strcmp(prop->name, "name")) /* the node keeps its own */
		return 0;
	if (property_is_handle(prop->name))
		return merge_handle(all, d, op, prop);
	if (op == OVERLAY_ADD && is_there)
		return draft_refuse(all, d, -EEXIST, "property %s exists", prop->name);
	if (op == OVERLAY_UPDATE && !is_there)
		return draft_refuse(all, d, -ENOENT, "property %s does not exist",
				    prop->name);
	return draft_set(all, d, prop->name, prop);
}

/* Merge the content of a fragment into a node. The recursion is bounded: blob.c limits
 * the levels. */
static int merge_content(struct drafts *all, struct draft *d, enum overlay_op op,
			 const struct device_node *content)
{
	struct device_node *child;
	struct property *prop;
	struct draft *there;
	int err = content->properties ? draft_open(all, d) : 0;

	for (prop = content->properties; prop && !err; prop = prop->next) {
		err = merge_property(all, d, op, prop);
		cond_resched();
	}
	for (child = content->child; child && !err; child = child->sibling) {
		err = draft_child(all, d, node_name(child), &there);
		if (!err && op == OVERLAY_ADD)
			err = draft_refuse(all, there, -EEXIST, "the node exists");
		else if (!err)
			err = merge_content(all, there, op, child);
		else if (err == -ENODEV && op == OVERLAY_UPDATE)
			err = draft_refuse(all, d, -ENOENT, "child %s does not exist",
					   node_name(child));
		else if (err == -ENODEV)
			err = draft_add(all, d, child);
		cond_resched();
	}
	return err;
}

static int merge_remove_properties(struct drafts *all, struct draft *d,
				   const struct fragment *f)
{
	const char *name = f->names;
	int err = draft_open(all, d);

	for (; !err && name < f->names + f->names_len; name += strlen(name) + 1) {
		/* Other code finds the node by its handle and its name. */
		if (strcmp(name, "name") && !draft_has(all, d, name))
			err = draft_refuse(all, d, -ENOENT, "property %s does not exist",
					   name);
		else if (property_is_handle(name) || !strcmp(name, "name"))
			err = draft_refuse(all, d, -EINVAL,
					   "property %s cannot be removed", name);
		else
			err = draft_set(all, d, name, NULL);
		cond_resched();
	}
	return err;
}

static int merge_fragment(struct drafts *all, struct draft *target,
			  const struct fragment *f)
{
	switch (f->op) {
	case OVERLAY_REMOVE_NODE:
		if (!target->parent)
			return draft_refuse(all, target, -EPERM,
					    "the root cannot be removed");
		target->is_removed = true;
		return 0;
	case OVERLAY_REMOVE_PROPERTIES:
		return merge_remove_properties(all, target, f);
	default:
		return merge_content(all, target, f->op, f->content);
	}
}

static int merge_find_target(struct drafts *all, const struct fragment *f,
			     struct draft **target)
{
	int err = f->path ? draft_find(all, f->path, strlen(f->path), target)
			  : draft_by_handle(all, f->phandle, target);

	if (err != -ENODEV)
		return err;
	if (f->path)
		return refuse(all->reason, err, "%.64s, %.200s: the node does not exist",
			      f->name, f->path);
	return refuse(all->reason, err, "%.64s: no node has handle 0x%x", f->name,
		      f->phandle);
}

int merge_fragments(struct drafts *all, const struct overlay *o)
{
	const struct fragment *f;
	struct draft *target;
	unsigned int i;
	int err = 0;

	for (i = 0; i < o->fragments && !err; i++) {
		f = &o->fragment[i];
		err = merge_find_target(all, f, &target);
		all->fragment = f->name;
		if (!err)
			err = merge_fragment(all, target, f);
		all->fragment = NULL;
	}
	return err;
}
