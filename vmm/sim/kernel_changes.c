// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libfdt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel_changes.h"
#include "wire/overlay.h"

enum { PATH_SHOWN = 159 };

enum kind { NODE_ADDED, NODE_REMOVED, PROP_CHANGED, PROP_REMOVED };

struct kchange {
	struct kchange *next; /* the one before */
	enum kind kind;
	char *path;	       /* of the node */
	struct dt_node *node;  /* while it is not settled */
	struct dt_prop *taken; /* PROP_REMOVED: the same */
	char *name;	       /* of the property */
	uint8_t *old;	       /* its value before; NULL: there was none */
	size_t old_len;
	/* What is kept: */
	void *added;  /* NODE_ADDED: a flattened tree */
	int removed;  /* NODE_REMOVED: where it is in the tree before */
	uint8_t *now; /* the property's value after; NULL: there is none */
	size_t now_len;
};

int kchanges_refuse(struct kchanges *c, int err, const char *format, ...)
{
	va_list args;

	if (*c->reason || err == -ENOMEM)
		return err;
	va_start(args, format);
	vsnprintf(c->reason, sizeof(c->reason), format, args);
	va_end(args);
	for (char *at = c->reason; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return err;
}

/* Of a longer path, the end follows "...". */
static const char *path_end(char *path)
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
			c->fragment ? ", " : "", path_end(path), why);
	free(path);
	return err;
}

static void change_free(struct kchange *change)
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
		change_free(change);
	}
}

void kchanges_free(struct kchanges *c)
{
	list_free(&c->newest);
	list_free(&c->kept);
	free(c->before);
	c->before = NULL;
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

/* ---- Handles ----------------------------------------------------------------------------- */

static const char *const handles[] = { "phandle", "linux,phandle", "ibm,phandle" };

bool kchanges_is_handle(const char *name)
{
	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++)
		if (!strcmp(name, handles[i]))
			return true;
	return false;
}

/* The handle that counts for a node that is attached; 0: none. */
static uint32_t handle_of(const void *fdt, int node)
{
	const void *value;
	int len;

	for (size_t i = 0; i < sizeof(handles) / sizeof(*handles); i++) {
		value = fdt_getprop(fdt, node, handles[i], &len);
		if (value && len == 4)
			return ktree_cell(value, 0);
	}
	return 0;
}

/* Where a node of the blob will be: top becomes a child of parent. Allocated. */
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

static int refuse_handle(struct kchanges *c, char *path, char *other, uint32_t handle)
{
	kchanges_refuse(c, -EEXIST, "%.64s%s%s: handle 0x%x is in use by %s",
			c->fragment ? c->fragment : "", c->fragment ? ", " : "",
			path_end(path), handle, path_end(other));
	free(path);
	free(other);
	return -EEXIST;
}

/* No handle of (and below) this node is in use, nor there twice. */
static int check_handles(struct kchanges *c, const struct dt_node *parent,
			 const void *fdt, int top)
{
	int seen[OVERLAY_NODES_MAX];
	const struct dt_node *other;
	uint32_t handle;
	size_t n = 0;
	int node, depth = 0;

	for (node = top; node >= 0 && depth >= 0;
	     node = fdt_next_node(fdt, node, &depth)) {
		if (depth == 0 && node != top)
			break;
		handle = handle_of(fdt, node);
		if (!handle)
			continue;
		other = ktree_by_phandle(c->k, handle);
		if (other)
			return refuse_handle(c, path_to_be(parent, fdt, top, node),
					     ktree_path(other), handle);
		for (size_t i = 0; i < n; i++)
			if (handle_of(fdt, seen[i]) == handle)
				return refuse_handle(
					c, path_to_be(parent, fdt, top, node),
					path_to_be(parent, fdt, top, seen[i]), handle);
		if (n < OVERLAY_NODES_MAX)
			seen[n++] = node;
	}
	return 0;
}

/* ---- One change ------------------------------------------------------------------------ */

static int add(struct kchanges *c, struct dt_node *parent, const char *name,
	       const void *fdt, int offset, bool as_it_is)
{
	struct dt_node *node;
	struct kchange *change;
	int err = check_handles(c, parent, fdt, offset);

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
			change_free(change);
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
	return add(c, parent, fdt_get_name(fdt, offset, NULL), fdt, offset, false);
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
	if (kchanges_is_handle(name) && len == 4 && !node->phandle)
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
			change_free(change);
		return err;
	}
	change->taken = ktree_take_prop(node, name);
	if (kchanges_is_handle(name))
		node->phandle = 0;
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
		if (kchanges_is_handle(change->name) && !change->old)
			change->node->phandle = 0;
		break;
	case PROP_REMOVED:
		ktree_put_back_prop(change->node, change->taken);
		if (kchanges_is_handle(change->name) && change->old_len == 4)
			change->node->phandle = ktree_cell(change->old, 0);
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
				kchanges_refuse_at(
					c, n, err,
					"the kernel refuses the change, error %d", -err);
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
}

void kchanges_settle(struct kchanges *c)
{
	if (c->newest)
		settle(c->k, c->newest);
	list_free(&c->newest);
}

/* ---- What is kept ------------------------------------------------------------------------------ */

/* Is the node one that came with these changes, or below one? */
static bool is_new(const struct kchanges *c, const struct dt_node *node)
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
		change_free(kept);
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

/* The topmost of those that were there before. */
static int keep_removed(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept;

	if (is_new(c, change->node) || !ktree_is_attached(c->k, change->node->parent))
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

/* The changes come newest first: the last one has what was there before. */
static int keep_property(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept;
	const void *value;
	size_t len;
	int err;

	if (is_new(c, change->node) || !ktree_is_attached(c->k, change->node))
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

/* Those that were not there, and are not there. */
static void drop_nothing(struct kchanges *c)
{
	struct kchange **at = &c->kept, *kept;

	while ((kept = *at)) {
		if (!kept->name || kept->old || kept->now) {
			at = &kept->next;
			continue;
		}
		*at = kept->next;
		change_free(kept);
		c->props--;
	}
}

static int keep_added(struct kchanges *c, const struct kchange *change)
{
	struct kchange *kept;

	if (is_new(c, change->node->parent) || !ktree_is_attached(c->k, change->node))
		return 0;
	kept = keep(c, change);
	if (!kept)
		return -ENOMEM;
	kept->added = flatten(change->node);
	c->added += count(change->node);
	return kept->added ? 0 : -ENOMEM;
}

/* Taken back in the opposite order: what came goes first. */
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

/* ---- Taking it back ------------------------------------------------------------------------------ */

/* Has a node, and all below it, just what is in this tree? Names apart, which some who add
 * a node leave out. */
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

/* -EBUSY where somebody else has changed what this one changed. */
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
		err = add(c, parent, name, before, kept->removed, true);
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
					path_end(change->path));
	}
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
