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
			const struct property *prop)
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
			  const struct property *prop)
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

/* Merge the content of a fragment into a node. The recursion is bounded: blob_check()
 * limits the levels. */
static int merge_content(struct drafts *all, struct draft *d, enum overlay_op op,
			 const struct device_node *content)
{
	const struct device_node *child;
	const struct property *prop;
	struct draft *there;
	int err = 0;

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

static int merge_remove_properties(struct drafts *all, const struct fragment *f)
{
	const char *name = f->names;
	int err = 0;

	for (; !err && name < f->names + f->names_len; name += strlen(name) + 1) {
		/* Other code finds the node by its handle and its name. */
		if (strcmp(name, "name") && !draft_has(all, f->target, name))
			err = draft_refuse(all, f->target, -ENOENT,
					   "property %s does not exist", name);
		else if (property_is_handle(name) || !strcmp(name, "name"))
			err = draft_refuse(all, f->target, -EINVAL,
					   "property %s cannot be removed", name);
		else
			err = draft_set(all, f->target, name, NULL);
		cond_resched();
	}
	return err;
}

static int merge_fragment(struct drafts *all, const struct fragment *f)
{
	switch (f->op) {
	case OVERLAY_REMOVE_NODE:
		if (!f->target->parent)
			return draft_refuse(all, f->target, -EPERM,
					    "the root cannot be removed");
		f->target->is_removed = true;
		if (!f->target->live)
			f->target->parent->children--;
		return 0;
	case OVERLAY_REMOVE_PROPERTIES:
		return merge_remove_properties(all, f);
	default:
		return merge_content(all, f->target, f->op, f->content);
	}
}

static int merge_find_target(struct drafts *all, struct fragment *f)
{
	int err = f->path ? draft_find(all, f->path, &f->target)
			  : draft_by_handle(all, f->phandle, &f->target);

	if (err != -ENODEV)
		return err;
	if (f->path)
		return refuse(all->reason, err, "%.64s, %.200s: the node does not exist",
			      f->name, f->path);
	return refuse(all->reason, err, "%.64s: no node has handle 0x%x", f->name,
		      f->phandle);
}

/* ---- Labels -------------------------------------------------------------------- */

/* Return the fragment whose content has this path, or NULL. *rest is the part of the path
 * below the content. */
static const struct fragment *merge_fragment_at(const struct overlay *o, const char *path,
						const char **rest)
{
	static const char content[] = "/__overlay__";
	size_t len = *path == '/' ? strcspn(path + 1, "/") : 0;
	unsigned int i;

	if (!len || !strstarts(path + 1 + len, content))
		return NULL;
	*rest = path + 1 + len + sizeof(content) - 1;
	if (**rest && **rest != '/')
		return NULL;
	for (i = 0; i < o->fragments; i++)
		if (o->fragment[i].content &&
		    !strncmp(o->fragment[i].name, path + 1, len) &&
		    !o->fragment[i].name[len])
			return &o->fragment[i];
	return NULL;
}

/* Add a label to the live tree's. An existing label keeps its node, because other nodes
 * may refer to it. */
static int merge_label(struct drafts *all, struct overlay *o, struct draft *symbols,
		       const struct property *label)
{
	const struct fragment *f;
	struct property *made;
	const char *rest;
	char *path;

	if (label->length < 1 ||
	    strnlen(label->value, label->length) != label->length - 1)
		return refuse(o->reason, -EINVAL, "__symbols__: %s must be one string",
			      label->name);
	f = merge_fragment_at(o, label->value, &rest);
	if (!f) /* its node is not added to the live tree */
		return 0;
	path = draft_path_below(f->target, rest);
	made = path ? property_new(label->name, path, strlen(path) + 1) : NULL;
	kfree(path);
	if (!made)
		return -ENOMEM;
	made->next = o->made;
	o->made = made;
	if (draft_is(all, symbols, made))
		return 0;
	if (draft_has(all, symbols, label->name))
		return draft_refuse(all, symbols, -EEXIST, "label %s is in use",
				    label->name);
	return draft_set(all, symbols, made->name, made);
}

/* Add the labels of this overlay to /__symbols__ of the live tree, if that exists. Later
 * overlays can then refer to them. */
static int merge_labels(struct drafts *all, struct overlay *o)
{
	const struct property *label;
	struct draft *symbols;
	int err = o->symbols ? draft_find(all, "/__symbols__", &symbols) : -ENODEV;

	if (err)
		return err == -ENODEV ? 0 : err;
	for (label = o->symbols->properties; label && !err; label = label->next)
		err = merge_label(all, o, symbols, label);
	return err;
}

int merge_fragments(struct drafts *all, struct overlay *o)
{
	struct fragment *f;
	unsigned int i;
	int err = 0;

	for (i = 0; i < o->fragments && !err; i++) {
		f = &o->fragment[i];
		err = merge_find_target(all, f);
		all->fragment = f->name;
		if (!err)
			err = merge_fragment(all, f);
		all->fragment = NULL;
	}
	return err ? err : merge_labels(all, o);
}
