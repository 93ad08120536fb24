// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libfdt.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel_changes.h"

enum kind { NODE_ADDED, NODE_REMOVED, PROP_CHANGED, PROP_REMOVED };

struct kchange {
	struct kchange *next; /* the one before */
	enum kind kind;
	char *path;	       /* of the node */
	struct dt_node *node;  /* while it is not settled */
	struct dt_prop *taken; /* PROP_REMOVED: the same */
	unsigned int nodes;    /* how many it is with all below it */
	void *copy;	       /* NODE_REMOVED, if it is kept: a flattened tree */
	char *name;	       /* of the property; NULL: */
	uint8_t *old;	       /* its value before; NULL: there was none */
	size_t old_len;
};

static void change_free(struct kchange *change)
{
	free(change->path);
	free(change->copy);
	free(change->name);
	free(change->old);
	free(change);
}

void kchanges_free(struct kchanges *c)
{
	struct kchange *change;

	while ((change = c->newest)) {
		c->newest = change->next;
		change_free(change);
	}
}

static struct kchange *change_new(enum kind kind, struct dt_node *node, const char *name)
{
	struct kchange *change = calloc(1, sizeof(*change));

	if (!change)
		return NULL;
	*change = (struct kchange){ .kind = kind, .node = node };
	change->path = ktree_path(node);
	change->name = name ? strdup(name) : NULL;
	if (!change->path || (name && !change->name)) {
		change_free(change);
		return NULL;
	}
	return change;
}

static void push(struct kchanges *c, struct kchange *change)
{
	change->next = c->newest;
	c->newest = change;
}

static unsigned int count(const struct dt_node *top)
{
	const struct dt_node *n;
	unsigned int nodes = 0;

	for (n = top; n; n = ktree_next(top, n))
		nodes++;
	return nodes;
}

/* ---- A copy of what is taken away ---------------------------------------------------- */

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

/* ---- One change ------------------------------------------------------------------------ */

static int add(struct kchanges *c, struct dt_node *parent, const char *name,
	       const void *fdt, int offset, bool as_it_is)
{
	struct dt_node *node = ktree_add(c->k, parent, name);
	struct kchange *change = node ? change_new(NODE_ADDED, node, NULL) : NULL;
	int err = -ENOMEM;

	if (change)
		err = as_it_is ? ktree_restore(c->k, node, fdt, offset)
			       : ktree_from_fdt(c->k, node, fdt, offset);
	if (err) {
		if (change)
			change_free(change);
		if (node)
			ktree_drop(node);
		return err;
	}
	change->nodes = count(node);
	c->added += change->nodes;
	push(c, change);
	return 0;
}

int kchanges_add_node(struct kchanges *c, struct dt_node *parent, const void *fdt,
		      int offset)
{
	return add(c, parent, fdt_get_name(fdt, offset, NULL), fdt, offset, false);
}

int kchanges_remove_node(struct kchanges *c, struct dt_node *node)
{
	struct kchange *change = change_new(NODE_REMOVED, node, NULL);

	if (change && c->keep)
		change->copy = flatten(node);
	if (!change || (c->keep && !change->copy)) {
		if (change)
			change_free(change);
		return -ENOMEM;
	}
	change->nodes = count(node);
	c->removed += change->nodes;
	ktree_detach(node);
	push(c, change);
	return 0;
}

/* Keeps what the property has been. */
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
			change_free(change);
		return err;
	}
	c->props++;
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
			change_free(change);
		return err;
	}
	change->taken = ktree_take_prop(node, name);
	c->props++;
	push(c, change);
	return 0;
}

/* ---- All of them --------------------------------------------------------------------------- */

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

int kchanges_allowed(const struct kchanges *c)
{
	const struct kchange *change;
	const struct dt_node *n;
	int err = 0;

	for (change = c->newest; change && !err; change = change->next) {
		if (change->kind != NODE_ADDED)
			continue;
		for (n = change->node; n && !err; n = ktree_next(change->node, n))
			err = kcpu_node_fits(c->k, n);
	}
	return err;
}

void kchanges_undo(struct kchanges *c)
{
	struct kchange *change;

	while ((change = c->newest)) {
		c->newest = change->next;
		undo(change);
		change_free(change);
	}
	c->added = c->removed = c->props = 0;
}

/* The other parts of the kernel are told; what was only put aside goes. */
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
	change->node = NULL;
	change->taken = NULL;
}

void kchanges_settle(struct kchanges *c)
{
	if (c->newest)
		settle(c->k, c->newest);
	if (!c->keep)
		kchanges_free(c);
}

/* ---- Taking back what is kept ---------------------------------------------------------------- */

/* The node above path, and the name behind the last slash. */
static struct dt_node *above(const struct kernel *k, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	char *parent = strndup(path, slash == path ? 1 : (size_t)(slash - path));
	struct dt_node *node = parent ? ktree_find(k, parent) : NULL;

	*name = slash + 1;
	free(parent);
	return node;
}

/* -EBUSY where somebody else has changed what this one changed. */
static int take_back(struct kchanges *c, const struct kchange *change)
{
	struct dt_node *node = ktree_find(c->k, change->path), *parent;
	const char *name;
	int err;

	switch (change->kind) {
	case NODE_ADDED:
		if (!node || count(node) != change->nodes)
			return -EBUSY;
		return kchanges_remove_node(c, node);
	case NODE_REMOVED:
		parent = above(c->k, change->path, &name);
		if (node || !parent)
			return -EBUSY;
		return add(c, parent, name, change->copy, 0, true);
	case PROP_CHANGED:
	case PROP_REMOVED:
		break;
	}
	if (!node)
		return -EBUSY;
	if (change->old)
		return kchanges_set(c, node, change->name, change->old, change->old_len);
	err = kchanges_unset(c, node, change->name);
	return err == -ENOENT ? -EBUSY : err;
}

int kchanges_revert(struct kchanges *c, const struct kchanges *kept)
{
	const struct kchange *change;
	int err = 0;

	for (change = kept->newest; change && !err; change = change->next)
		err = take_back(c, change);
	return err;
}

static bool is_node(const struct kchange *change)
{
	return change->kind == NODE_ADDED || change->kind == NODE_REMOVED;
}

/* Is the second path below the first? */
static bool is_below(const char *path, const char *other)
{
	size_t len = strlen(path);

	return len > 1 && !strncmp(path, other, len) && other[len] == '/';
}

bool kchanges_overlap(const struct kchanges *a, const struct kchanges *b)
{
	const struct kchange *x, *y;

	for (x = a->newest; x; x = x->next)
		for (y = b->newest; y; y = y->next)
			if (!strcmp(x->path, y->path) ||
			    (is_node(x) && is_below(x->path, y->path)) ||
			    (is_node(y) && is_below(y->path, x->path)))
				return true;
	return false;
}
