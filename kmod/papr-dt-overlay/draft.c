// SPDX-License-Identifier: GPL-2.0
/*
 * The future tree. A blob changes drafts of nodes and properties, and each fragment works
 * on the drafts that the previous ones left. The live tree is only read. At the end each
 * node and each property has at most one difference from the live tree, however often the
 * blob changed it.
 */
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>

#include "overlay.h"

/* Return the key of a node or property in the hash tables. */
static u32 draft_key(const struct drafts *all, const struct draft *owner,
		     const char *name)
{
	return full_name_hash(owner, name, strlen(name)) & all->mask;
}

static void draft_free(struct draft *d)
{
	struct draft_prop *p, *next;

	list_for_each_entry_safe(p, next, &d->props, list)
		kfree(p);
	of_node_put(d->live);
	kfree(d);
}

void drafts_free(struct drafts *all)
{
	struct draft *d, *next;

	list_for_each_entry_safe(d, next, &all->all, list) {
		draft_free(d);
		cond_resched();
	}
	kvfree(all->nodes);
}

/* Create a draft, and take over the reference to live. */
static struct draft *draft_new(struct drafts *all, struct draft *parent, const char *name,
			       struct device_node *live)
{
	struct draft *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d) {
		of_node_put(live);
		return NULL;
	}
	d->parent = parent;
	d->name = name;
	d->live = live;
	d->handle = live ? live->phandle : 0;
	d->level = live ? 0 : parent->level + 1;
	INIT_LIST_HEAD(&d->props);
	list_add_tail(&d->list, &all->all);
	hlist_add_head(&d->hash, &all->nodes[draft_key(all, parent, name)]);
	return d;
}

int drafts_init(struct drafts *all, struct reason *reason, unsigned int n)
{
	size_t heads = roundup_pow_of_two(n + 1);

	all->reason = reason;
	all->fragment = NULL;
	INIT_LIST_HEAD(&all->all);
	all->nodes = kvcalloc(2 * heads, sizeof(*all->nodes), GFP_KERNEL);
	if (!all->nodes)
		return -ENOMEM;
	all->props = all->nodes + heads;
	all->mask = heads - 1;
	return draft_new(all, NULL, "", of_find_node_by_path("/")) ? 0 : -ENOMEM;
}

const char *draft_path(const struct draft *d, char *buffer, size_t room)
{
	char *at = buffer + room - 1;
	size_t len, part;

	*at = '\0';
	if (!d->parent)
		*--at = '/';
	for (; d->parent; d = d->parent) {
		len = strlen(d->name);
		part = min_t(size_t, len, at - buffer);
		at -= part;
		memcpy(at, d->name + len - part, part);
		if (part < len || at == buffer) {
			memcpy(buffer, "...", 3);
			return buffer;
		}
		*--at = '/';
	}
	return at;
}

int draft_refuse(const struct drafts *all, const struct draft *d, int err,
		 const char *format, ...)
{
	struct va_format why = { .fmt = format };
	char path[160];
	va_list args;

	va_start(args, format);
	why.va = &args;
	refuse(all->reason, err, "%.64s%s%s: %pV", all->fragment ?: "",
	       all->fragment ? ", " : "", draft_path(d, path, sizeof(path)), &why);
	va_end(args);
	return err;
}

bool draft_is_gone(const struct draft *d)
{
	for (; d; d = d->parent)
		if (d->is_removed)
			return true;
	return false;
}

/* ---- Finding ------------------------------------------------------------------- */

int draft_child(struct drafts *all, struct draft *d, const char *name,
		struct draft **found)
{
	struct device_node *live = d->live ? node_child(d->live, name) : NULL;
	struct draft *child;

	hlist_for_each_entry(child, &all->nodes[draft_key(all, d, name)], hash) {
		if (child->parent != d || strcmp(child->name, name))
			continue;
		if (!child->is_removed) {
			of_node_put(live);
			*found = child;
			return 0;
		}
		if (child->live == live) {
			of_node_put(live);
			live = NULL;
		}
	}
	if (!live)
		return -ENODEV;
	*found = draft_new(all, d, node_name(live), live);
	return *found ? 0 : -ENOMEM;
}

int draft_find(struct drafts *all, const char *path, size_t len, struct draft **found)
{
	const char *end = path + len;
	char name[NAME_MAX + 1];
	size_t part;
	int err = 0;

	*found = list_first_entry(&all->all, struct draft, list);
	while (!err && path + 1 < end) {
		part = strcspn(++path, "/");
		if (!part || part > NAME_MAX)
			return -ENODEV;
		strscpy(name, path, part + 1);
		path += part;
		err = draft_child(all, *found, name, found);
	}
	return err;
}

int draft_by_handle(struct drafts *all, u32 handle, struct draft **found)
{
	struct device_node *np;
	struct draft *d;
	char *path;
	int err;

	if (!handle)
		return -ENODEV;
	list_for_each_entry(d, &all->all, list) {
		if (d->handle != handle || draft_is_gone(d))
			continue;
		*found = d;
		return 0;
	}
	np = of_find_node_by_phandle(handle);
	if (!np)
		return -ENODEV;
	path = kasprintf(GFP_KERNEL, "%pOF", np);
	err = path ? draft_find(all, path, strlen(path), found) : -ENOMEM;
	/* If np is removed, its path may be in use again. */
	if (!err && (*found)->live != np)
		err = -ENODEV;
	kfree(path);
	of_node_put(np);
	return err;
}

/* ---- Properties ---------------------------------------------------------------- */

static struct draft_prop *draft_prop(const struct drafts *all, const struct draft *d,
				     const char *name)
{
	struct draft_prop *p;

	hlist_for_each_entry(p, &all->props[draft_key(all, d, name)], hash)
		if (p->owner == d && !strcmp(p->name, name))
			return p;
	return NULL;
}

bool draft_has(const struct drafts *all, const struct draft *d, const char *name)
{
	const struct draft_prop *p = draft_prop(all, d, name);

	if (p)
		return p->prop;
	return d->live && of_find_property(d->live, name, NULL);
}

int draft_set(struct drafts *all, struct draft *d, const char *name,
	      struct property *prop)
{
	struct draft_prop *p = draft_prop(all, d, name);

	if (!p) {
		p = kmalloc(sizeof(*p), GFP_KERNEL);
		if (!p)
			return -ENOMEM;
		p->owner = d;
		p->name = name;
		list_add_tail(&p->list, &d->props);
		hlist_add_head(&p->hash, &all->props[draft_key(all, d, name)]);
	}
	p->prop = prop;
	return 0;
}

int draft_open(struct drafts *all, struct draft *d)
{
	struct property *prop;
	int err = 0;

	if (!d->like || !list_empty(&d->props))
		return 0;
	for (prop = d->like->properties; prop && !err; prop = prop->next) {
		err = draft_set(all, d, prop->name, prop);
		cond_resched();
	}
	return err;
}

const struct property *draft_close(const struct draft *d)
{
	struct property **at = &d->like->properties;
	const struct draft_prop *p;

	if (list_empty(&d->props))
		return *at;
	list_for_each_entry(p, &d->props, list) {
		if (!p->prop)
			continue;
		*at = p->prop;
		at = &p->prop->next;
	}
	*at = NULL;
	return d->like->properties;
}

/* ---- Handles, and new nodes ---------------------------------------------------- */

int draft_set_handle(struct drafts *all, struct draft *d, u32 handle)
{
	char path[160];
	struct draft *other;
	int err = draft_by_handle(all, handle, &other);

	if (!err)
		return draft_refuse(all, d, -EEXIST, "handle 0x%x is in use by %s",
				    handle, draft_path(other, path, sizeof(path)));
	if (err != -ENODEV)
		return err;
	d->handle = handle;
	return 0;
}

/* Add a new node. The recursion is bounded: blob.c limits the levels. */
int draft_add(struct drafts *all, struct draft *parent, struct device_node *like)
{
	struct draft *d = draft_new(all, parent, node_name(like), NULL);
	struct device_node *child;
	int err;

	if (!d)
		return -ENOMEM;
	d->like = like;
	if (d->level > OVERLAY_LEVELS_MAX)
		return draft_refuse(all, d, -E2BIG, "more than %d levels of new nodes",
				    OVERLAY_LEVELS_MAX);
	err = draft_set_handle(all, d, like->phandle);
	for (child = like->child; child && !err; child = child->sibling) {
		err = draft_add(all, d, child);
		cond_resched();
	}
	return err;
}
