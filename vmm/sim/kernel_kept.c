// SPDX-License-Identifier: GPL-2.0-or-later
/* Effects that are kept of final changes, and how they are reverted. */
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel_changes.h"

static unsigned int count(const struct dt_node *top)
{
	const struct dt_node *n;
	unsigned int nodes = 0;

	for (n = top; n; n = ktree_next(top, n))
		nodes++;
	return nodes;
}

/* ---- A copy of the tree, or of a part ------------------------------------------------ */

static size_t flat_bytes(const struct dt_node *top)
{
	size_t bytes = 4096;
	const struct dt_node *n;
	const struct dt_prop *p;

	for (n = top; n; n = ktree_next(top, n)) {
		bytes += strlen(n->name) + 16;
		for (p = n->props; p; p = p->next)
			bytes += strlen(p->name) + 1 + p->file->len + 16;
	}
	return bytes;
}

static int flatten_node(const struct dt_node *node, void *fdt)
{
	const struct dt_node *child;
	const struct dt_prop *p;
	int err = fdt_begin_node(fdt, node->name);

	for (p = node->props; p && !err; p = p->next)
		err = fdt_property(fdt, p->name, p->file->data, (int)p->file->len);
	for (child = node->children; child && !err; child = child->next)
		err = flatten_node(child, fdt);
	return err ? err : fdt_end_node(fdt);
}

static void *flatten(const struct dt_node *node)
{
	size_t bytes = flat_bytes(node);
	void *fdt = malloc(bytes);
	int err = fdt ? fdt_create(fdt, (int)bytes) : -1;

	if (!err)
		err = fdt_finish_reservemap(fdt);
	if (!err)
		err = flatten_node(node, fdt);
	if (!err)
		err = fdt_finish(fdt);
	if (!err)
		return fdt;
	free(fdt);
	return NULL;
}

int kchanges_begin(struct kchanges *c)
{
	if (!c->keep)
		return 0;
	c->before = flatten(c->k->tree);
	return c->before ? 0 : -ENOMEM;
}

/* ---- Kept effects ------------------------------------------------------------------ */

bool kchanges_is_new(const struct kchanges *c, const struct dt_node *node)
{
	const struct kchange *change;

	for (; node; node = node->parent)
		for (change = c->newest; change; change = change->next)
			if (change->kind == NODE_ADDED && change->node == node)
				return true;
	return false;
}

static struct kchange *keep(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept = calloc(1, sizeof(*kept));

	if (!kept)
		return NULL;
	*kept = (struct kchange){ .kind = change->kind, .path = strdup(change->path) };
	kept->name = change->name ? strdup(change->name) : NULL;
	if (!kept->path || (change->name && !kept->name)) {
		kchange_free(kept);
		return NULL;
	}
	kept->next = c->kept;
	c->kept = kept;
	return kept;
}

static unsigned int count_flat(const void *fdt, int node)
{
	unsigned int nodes = 1;
	int child;

	fdt_for_each_subnode(child, fdt, node)
		nodes += count_flat(fdt, child);
	return nodes;
}

/* Keep a removed node: only the topmost one, and only if it existed before the
 * changes. */
static int keep_removed(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept;

	if (kchanges_is_new(c, change->node) ||
	    !ktree_is_attached(c->k, change->node->parent))
		return 0;
	kept = keep(c, change);
	if (!kept)
		return -ENOMEM;
	kept->removed = fdt_path_offset(c->before, change->path);
	c->removed += count_flat(c->before, kept->removed);
	return 0;
}

static struct kchange *kept_property(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept;

	for (kept = c->kept; kept; kept = kept->next)
		if (kept->name && !strcmp(kept->name, change->name) &&
		    !strcmp(kept->path, change->path))
			return kept;
	kept = keep(c, change);
	if (kept)
		c->props++;
	return kept;
}

static int copy_value(const void *value, size_t len, uint8_t **copy, size_t *copy_len)
{
	free(*copy);
	*copy = value ? malloc(len + 1) : NULL;
	*copy_len = len;
	if (*copy)
		memcpy(*copy, value, len);
	return value && !*copy ? -ENOMEM : 0;
}

/* Keep a property's change. The changes come newest first, so the oldest one sets `old`
 * to the original value. */
static int keep_property(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept;
	const void *value;
	size_t len;
	int err;

	if (kchanges_is_new(c, change->node) || !ktree_is_attached(c->k, change->node))
		return 0;
	kept = kept_property(c, change);
	if (!kept)
		return -ENOMEM;
	err = copy_value(change->old, change->old_len, &kept->old, &kept->old_len);
	value = ktree_get(change->node, change->name, &len);
	if (!err)
		err = copy_value(value, len, &kept->now, &kept->now_len);
	return err;
}

static bool is_nothing(const struct kchange *kept)
{
	return !kept->old == !kept->now &&
	       (!kept->old || (kept->old_len == kept->now_len &&
			       !memcmp(kept->old, kept->now, kept->old_len)));
}

/* Drop the properties that are as they were before. */
static void drop_nothing(struct kchanges *c)
{
	struct kchange **at = &c->kept, *kept;

	while ((kept = *at)) {
		if (!kept->name || !is_nothing(kept)) {
			at = &kept->next;
			continue;
		}
		*at = kept->next;
		kchange_free(kept);
		c->props--;
	}
}

static int keep_added(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept;

	if (kchanges_is_new(c, change->node->parent) ||
	    !ktree_is_attached(c->k, change->node))
		return 0;
	kept = keep(c, change);
	if (!kept)
		return -ENOMEM;
	kept->added = flatten(change->node);
	c->added += count(change->node);
	return kept->added ? 0 : -ENOMEM;
}

/* Keep the effects. The list is in the order of the revert: added nodes come first. */
int kchanges_note(struct kchanges *c)
{
	const struct kchange *change;
	int err = 0;

	if (!c->keep)
		return 0;
	for (change = c->newest; change && !err; change = change->next)
		if (change->kind == NODE_REMOVED)
			err = keep_removed(c, change);
	for (change = c->newest; change && !err; change = change->next)
		if (change->kind == PROP_CHANGED || change->kind == PROP_REMOVED)
			err = keep_property(c, change);
	drop_nothing(c);
	for (change = c->newest; change && !err; change = change->next)
		if (change->kind == NODE_ADDED)
			err = keep_added(c, change);
	return err;
}

/* ---- Reverting --------------------------------------------------------------------- */

/* Return true if the node and its descendants are the same as in this tree. "name" is
 * ignored, since some writers that add a node omit it. */
static bool is_as_written(const struct dt_node *node, const void *fdt, int offset)
{
	const struct dt_node *child;
	const struct dt_prop *p;
	const char *name;
	const void *value, *now;
	size_t now_len;
	int at, len, n = 0;

	fdt_for_each_property_offset(at, fdt, offset) {
		value = fdt_getprop_by_offset(fdt, at, &name, &len);
		if (!strcmp(name, "name"))
			continue;
		now = ktree_get(node, name, &now_len);
		if (!now || now_len != (size_t)len || memcmp(now, value, now_len) != 0)
			return false;
		n++;
	}
	for (p = node->props; p; p = p->next)
		n -= strcmp(p->name, "name") != 0;
	fdt_for_each_subnode(at, fdt, offset) {
		child = ktree_child(node, fdt_get_name(fdt, at, NULL));
		if (!child || !is_as_written(child, fdt, at))
			return false;
		n++;
	}
	for (child = node->children; child; child = child->next)
		n--;
	return !n;
}

/* Return the parent of the path's last node. *name receives the name after the last
 * slash. */
static struct dt_node *above(const struct kernel *k, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *parent = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	struct dt_node *node = parent ? ktree_find(k, parent) : NULL;

	*name = slash + 1;
	free(parent);
	return node;
}

static int take_back_property(struct kchanges *c, struct dt_node *node,
			      const struct kchange *kept)
{
	size_t len;
	const void *now = ktree_get(node, kept->name, &len);

	if (!now != !kept->now ||
	    (now && (len != kept->now_len || memcmp(now, kept->now, len) != 0)))
		return -EBUSY;
	return kept->old ? kchanges_set(c, node, kept->name, kept->old, kept->old_len)
			 : kchanges_unset(c, node, kept->name);
}

/* Revert a kept change. -EBUSY: its node or property was changed again since. */
static int take_back(struct kchanges *c, const struct kchange *kept, const void *before)
{
	struct dt_node *node = ktree_find(c->k, kept->path), *parent;
	const char *name;
	int err;

	switch (kept->kind) {
	case NODE_ADDED:
		if (!node || !is_as_written(node, kept->added, 0))
			return -EBUSY;
		return kchanges_remove_node(c, node);
	case NODE_REMOVED:
		parent = above(c->k, kept->path, &name);
		if (node || !parent)
			return -EBUSY;
		err = kchanges_add(c, parent, name, before, kept->removed, true);
		return err == -EEXIST ? -EBUSY : err;
	case PROP_CHANGED:
	case PROP_REMOVED:
		break;
	}
	return node ? take_back_property(c, node, kept) : -EBUSY;
}

int kchanges_revert(struct kchanges *c, const struct kchanges *kept)
{
	const struct kchange *change;
	int err = 0;

	for (change = kept->kept; change && !err; change = change->next) {
		err = take_back(c, change, kept->before);
		if (err == -EBUSY)
			kchanges_refuse(c, err, "%s: changed since it was written",
					kchanges_path(change->path));
	}
	return err;
}

static bool is_node(const struct kchange *change)
{
	return change->kind == NODE_ADDED || change->kind == NODE_REMOVED;
}

/* Return true if the second path is below the first. */
static bool is_below(const char *path, const char *other)
{
	size_t len = strlen(path);

	return len > 1 && !strncmp(path, other, len) && other[len] == '/';
}

static bool changes_overlap(const struct kchange *x, const struct kchange *y)
{
	if (!strcmp(x->path, y->path))
		return is_node(x) || is_node(y) || !strcmp(x->name, y->name);
	return (is_node(x) && is_below(x->path, y->path)) ||
	       (is_node(y) && is_below(y->path, x->path));
}

bool kchanges_overlap(const struct kchanges *a, const struct kchanges *b)
{
	const struct kchange *x, *y;

	for (x = a->kept; x; x = x->next)
		for (y = b->kept; y; y = y->next)
			if (changes_overlap(x, y))
				return true;
	return false;
}
