// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libfdt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel_changes.h"
#include "wire/dt_name.h"
#include "wire/overlay.h"

enum { PATH_SHOWN = 159 };

int kchanges_refuse(struct kchanges *c, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	overlay_vrefuse(c->reason, err, format, args);
	va_end(args);
	return err;
}

const char *kchanges_path(char *path)
{
	size_t len = path ? strlen(path) : 0;

	if (len <= PATH_SHOWN)
		return path ? path : "?";
	return memcpy(path + len - PATH_SHOWN, "...", 3);
}

int kchanges_refuse_at(struct kchanges *c, const struct dt_node *node, int err,
		       const char *format, ...)
{
	char *path = ktree_path(node), why[OVERLAY_REASON_BYTES];
	va_list args;

	va_start(args, format);
	vsnprintf(why, sizeof(why), format, args);
	va_end(args);
	kchanges_refuse(c, err, "%.64s%s%s: %s", c->fragment ? c->fragment : "",
			c->fragment ? ", " : "", kchanges_path(path), why);
	free(path);
	return err;
}

void kchange_free(struct kchange *change)
{
	free(change->path);
	free(change->added);
	free(change->name);
	free(change->old);
	free(change->now);
	free(change);
}

static void list_free(struct kchange **list)
{
	struct kchange *change;

	while ((change = *list)) {
		*list = change->next;
		kchange_free(change);
	}
}

void kchanges_free(struct kchanges *c)
{
	list_free(&c->newest);
	list_free(&c->kept);
	free(c->before);
	c->before = NULL;
}

static struct kchange *change_new(enum kchange_kind kind, struct dt_node *node,
				  const char *name)
{
	struct kchange *change = calloc(1, sizeof(*change));

	if (!change)
		return NULL;
	*change = (struct kchange){ .kind = kind, .node = node };
	change->path = ktree_path(node);
	change->name = name ? strdup(name) : NULL;
	if (!change->path || (name && !change->name)) {
		kchange_free(change);
		return NULL;
	}
	return change;
}

static void push(struct kchanges *c, struct kchange *change)
{
	change->next = c->newest;
	c->newest = change;
}

/* ---- Phandles ---------------------------------------------------------------------- */

/* Return the phandle that counts for an attached node, or 0. */
static uint32_t handle_of(const void *fdt, int node)
{
	const void *value;
	int len;

	for (int i = 0; i < DT_HANDLE_NAMES; i++) {
		value = fdt_getprop(fdt, node, dt_handle_names[i], &len);
		if (value && len == 4)
			return ktree_cell(value, 0);
	}
	return 0;
}

/* Return the path that a node of the blob will have when top is a child of parent. The
 * caller frees it. */
static char *path_to_be(const struct dt_node *parent, const void *fdt, int top, int node)
{
	char *above = ktree_path(parent), from[PATH_MAX], path[PATH_MAX], *made = NULL;
	int content = fdt_parent_offset(fdt, top);
	size_t skip = 0;

	if (content >= 0 && !fdt_get_path(fdt, content, from, sizeof(from)))
		skip = strcmp(from, "/") != 0 ? strlen(from) : 0;
	if (!above || fdt_get_path(fdt, node, path, sizeof(path)) ||
	    asprintf(&made, "%s%s", parent->parent ? above : "", path + skip) < 0)
		made = NULL;
	free(above);
	return made;
}

static int refuse_levels(struct kchanges *c, char *path)
{
	kchanges_refuse(c, -E2BIG, "%.64s%s%s: more than %d levels of new nodes",
			c->fragment ? c->fragment : "", c->fragment ? ", " : "",
			kchanges_path(path), OVERLAY_LEVELS_MAX);
	free(path);
	return -E2BIG;
}

int kchanges_refuse_handle(struct kchanges *c, char *path, char *other, uint32_t handle)
{
	kchanges_refuse(c, -EEXIST, "%.64s%s%s: handle 0x%x is in use by %s",
			c->fragment ? c->fragment : "", c->fragment ? ", " : "",
			kchanges_path(path), handle, kchanges_path(other));
	free(path);
	free(other);
	return -EEXIST;
}

/* Return the levels of nodes from this one up to the nearest that this blob did not add. */
static int levels_of_new(const struct kchanges *c, const struct dt_node *node)
{
	int n = 0;

	for (; kchanges_is_new(c, node); node = node->parent)
		n++;
	return n;
}

/* Check that this node and its descendants add no level too many, and that no phandle of
 * them is in use, or occurs twice. */
static int check_nodes(struct kchanges *c, const struct dt_node *parent, const void *fdt,
		       int top, bool as_it_is)
{
	int seen[OVERLAY_NODES_MAX];
	const struct dt_node *other;
	uint32_t handle;
	size_t n = 0;
	int node, depth = 0, levels = levels_of_new(c, parent);

	for (node = top; node >= 0 && depth >= 0;
	     node = fdt_next_node(fdt, node, &depth)) {
		if (depth == 0 && node != top)
			break;
		if (!as_it_is && levels + depth >= OVERLAY_LEVELS_MAX)
			return refuse_levels(c, path_to_be(parent, fdt, top, node));
		handle = handle_of(fdt, node);
		if (!handle)
			continue;
		other = ktree_by_phandle(c->k, handle);
		if (other)
			return kchanges_refuse_handle(c,
						      path_to_be(parent, fdt, top, node),
						      ktree_path(other), handle);
		for (size_t i = 0; i < n; i++)
			if (handle_of(fdt, seen[i]) == handle)
				return kchanges_refuse_handle(
					c, path_to_be(parent, fdt, top, node),
					path_to_be(parent, fdt, top, seen[i]), handle);
		if (n < OVERLAY_NODES_MAX)
			seen[n++] = node;
	}
	return 0;
}

/* ---- One change ------------------------------------------------------------------------ */

int kchanges_add(struct kchanges *c, struct dt_node *parent, const char *name,
		 const void *fdt, int offset, bool as_it_is)
{
	struct dt_node *node;
	struct kchange *change;
	int err = check_nodes(c, parent, fdt, offset, as_it_is);

	if (err)
		return err;
	node = ktree_add(c->k, parent, name);
	change = node ? change_new(NODE_ADDED, node, NULL) : NULL;
	err = -ENOMEM;
	if (change)
		err = as_it_is ? ktree_restore(c->k, node, fdt, offset)
			       : ktree_from_fdt(c->k, node, fdt, offset);
	if (err) {
		if (change)
			kchange_free(change);
		if (node)
			ktree_drop(node);
		return err;
	}
	push(c, change);
	return 0;
}

int kchanges_add_node(struct kchanges *c, struct dt_node *parent, const void *fdt,
		      int offset)
{
	return kchanges_add(c, parent, fdt_get_name(fdt, offset, NULL), fdt, offset,
			    false);
}

int kchanges_remove_node(struct kchanges *c, struct dt_node *node)
{
	struct kchange *change;
	const struct dt_node *n;

	for (n = node; n; n = ktree_next(node, n))
		if (kcpu_node_is_in_use(c->k, n) || kmem_node_is_in_use(c->k, n))
			return kchanges_refuse_at(
				c, n, -EBUSY, "the kernel uses this processor or memory");
	change = change_new(NODE_REMOVED, node, NULL);
	if (!change)
		return -ENOMEM;
	ktree_detach(node);
	push(c, change);
	return 0;
}

/* Save the property's previous value. */
static int remember(struct kchange *change)
{
	const void *value = ktree_get(change->node, change->name, &change->old_len);

	if (!value)
		return 0;
	change->old = malloc(change->old_len + 1);
	if (!change->old)
		return -ENOMEM;
	memcpy(change->old, value, change->old_len);
	return 0;
}

int kchanges_set(struct kchanges *c, struct dt_node *node, const char *name,
		 const void *value, size_t len)
{
	struct kchange *change = change_new(PROP_CHANGED, node, name);
	int err = change ? remember(change) : -ENOMEM;

	if (!err)
		err = ktree_set(node, name, value, len);
	if (err) {
		if (change)
			kchange_free(change);
		return err;
	}
	if (dt_name_is_handle(name) && len == 4 && !node->phandle)
		node->phandle = ktree_cell(value, 0);
	push(c, change);
	return 0;
}

int kchanges_unset(struct kchanges *c, struct dt_node *node, const char *name)
{
	struct kchange *change;
	int err;

	if (!ktree_get(node, name, NULL))
		return -ENOENT;
	change = change_new(PROP_REMOVED, node, name);
	err = change ? remember(change) : -ENOMEM;
	if (err) {
		if (change)
			kchange_free(change);
		return err;
	}
	change->taken = ktree_take_prop(node, name);
	push(c, change);
	return 0;
}

/* ---- All changes ------------------------------------------------------------------- */

static void undo(struct kchange *change)
{
	switch (change->kind) {
	case NODE_ADDED:
		ktree_drop(change->node);
		break;
	case NODE_REMOVED:
		ktree_reattach(change->node);
		break;
	case PROP_CHANGED:
		if (change->old)
			ktree_set(change->node, change->name, change->old,
				  change->old_len);
		else
			ktree_unset(change->node, change->name);
		break;
	case PROP_REMOVED:
		ktree_put_back_prop(change->node, change->taken);
		break;
	}
}

int kchanges_allowed(struct kchanges *c)
{
	const struct kchange *change;
	const struct dt_node *n;
	int err = 0;

	for (change = c->newest; change && !err; change = change->next) {
		if (change->kind != NODE_ADDED)
			continue;
		for (n = change->node; n && !err; n = ktree_next(change->node, n))
			if ((err = kcpu_node_fits(c->k, n)))
				kchanges_refuse(
					c, err,
					"blob: the kernel refuses the change, error %d",
					-err);
	}
	return err;
}

void kchanges_undo(struct kchanges *c)
{
	struct kchange *change;

	while ((change = c->newest)) {
		c->newest = change->next;
		undo(change);
		kchange_free(change);
	}
}

/* Notify the other parts of the kernel, oldest change first, and free what was only
 * detached. */
static void settle(struct kernel *k, struct kchange *change)
{
	if (change->next)
		settle(k, change->next);
	switch (change->kind) {
	case NODE_ADDED:
		ktree_attached(k, change->node);
		break;
	case NODE_REMOVED:
		ktree_reattach(change->node);
		ktree_remove(k, change->node);
		break;
	case PROP_REMOVED:
		ktree_drop_prop(change->taken);
		break;
	case PROP_CHANGED:
		break;
	}
}

void kchanges_settle(struct kchanges *c)
{
	if (c->newest)
		settle(c->k, c->newest);
	list_free(&c->newest);
}
