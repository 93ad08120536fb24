// SPDX-License-Identifier: GPL-2.0
/*
 * The fragments of a blob change the draft of the tree.
 */
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/string.h>

#include "overlay.h"

/*
 * A node keeps its handle, for others refer to it. One that has none takes one that is
 * free.
 */
static int merge_handle(struct drafts *all, struct draft *d, const struct property *prop)
{
	struct draft *other;
	u32 handle;
	int err;

	if (prop->length != sizeof(__be32))
		return -EINVAL;
	handle = be32_to_cpup(prop->value);
	if (d->handle)
		return handle == d->handle ? 0 : -EINVAL;
	err = draft_by_handle(all, handle, &other);
	if (err != -ENODEV)
		return err ? err : -EEXIST;
	if (!handle)
		return -EINVAL;
	d->handle = handle;
	return draft_set(all, d, prop);
}

static int merge_property(struct drafts *all, struct draft *d, enum overlay_op op,
			  const struct property *prop)
{
	bool is_there = draft_has(all, d, prop->name);

	if (!strcmp(prop->name, "name")) /* the node's own */
		return 0;
	if (property_is_handle(prop->name))
		return merge_handle(all, d, prop);
	if (op == OVERLAY_ADD && is_there)
		return -EEXIST;
	if (op == OVERLAY_UPDATE && !is_there)
		return -ENOENT;
	return draft_set(all, d, prop);
}

/* It calls itself once a level; blob_check() has seen to it that there are few. */
static int merge(struct drafts *all, struct draft *d, enum overlay_op op,
		 const struct device_node *content)
{
	const struct device_node *child;
	const struct property *prop;
	struct draft *there;
	int err = 0;

	for (prop = content->properties; prop && !err; prop = prop->next)
		err = merge_property(all, d, op, prop);
	for (child = content->child; child && !err; child = child->sibling) {
		err = draft_child(all, d, node_name(child), &there);
		if (!err && op == OVERLAY_ADD)
			err = -EEXIST;
		else if (!err)
			err = merge(all, there, op, child);
		else if (err == -ENODEV)
			err = op == OVERLAY_UPDATE ? -ENOENT : draft_add(all, d, child);
		cond_resched();
	}
	return err;
}

static int remove_properties(struct drafts *all, const struct fragment *f)
{
	const char *name = f->names;
	int err = 0;

	for (; !err && name < f->names + f->names_len; name += strlen(name) + 1) {
		/* Others know the node by these. */
		if (property_is_handle(name) || !strcmp(name, "name"))
			err = draft_has(all, f->target, name) ? -EINVAL : -ENOENT;
		else
			err = draft_unset(all, f->target, name);
	}
	return err;
}

static int merge_fragment(struct drafts *all, const struct fragment *f)
{
	/* Another one of this blob has removed it. */
	if (draft_is_gone(f->target))
		return -ENODEV;
	switch (f->op) {
	case OVERLAY_REMOVE_NODE:
		if (!f->target->parent)
			return -EPERM;
		f->target->is_removed = true;
		return 0;
	case OVERLAY_REMOVE_PROPERTIES:
		return remove_properties(all, f);
	default:
		return merge(all, f->target, f->op, f->content);
	}
}

/* Every target is known before there are any changes. */
int merge_fragments(struct drafts *all, struct overlay *o)
{
	struct fragment *f;
	unsigned int i;
	int err = 0;

	for (i = 0; i < o->fragments && !err; i++) {
		f = &o->fragment[i];
		err = f->path ? draft_find(all, f->path, &f->target)
			      : draft_by_handle(all, f->phandle, &f->target);
	}
	for (i = 0; i < o->fragments && !err; i++)
		err = merge_fragment(all, &o->fragment[i]);
	return err;
}
