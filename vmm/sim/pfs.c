// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vmm/sim/pfs.h"

enum { DEPTH_MAX = 64, LINKS_MAX = 40 };

static struct pfs_node *make(struct pfs_node *parent, const char *name, mode_t mode)
{
	struct pfs_node *node = calloc(1, sizeof(*node)), *top = parent;

	if (node)
		node->name = strdup(name);
	if (!node || !node->name) {
		free(node);
		return NULL;
	}

	node->mode = mode;
	node->parent = parent;
	while (top && top->parent)
		top = top->parent;
	/* The root counts the inode numbers. */
	node->ino = top ? ++top->len : 0;
	if (parent) {
		node->next = parent->children;
		parent->children = node;
	} else {
		node->len = 1;
		node->ino = 1;
		node->fixed = true;
	}
	return node;
}

struct pfs_node *pfs_root(void)
{
	return make(NULL, "", S_IFDIR | 0755);
}

static void node_free(struct pfs_node *node)
{
	free(node->name);
	free(node->data);
	free(node);
}

void pfs_free(struct pfs_node *root)
{
	struct pfs_node *child;

	if (!root)
		return;
	while ((child = root->children)) {
		root->children = child->next;
		pfs_free(child);
	}
	/* Nobody can refer to them any more. */
	while (!root->parent && (child = root->next)) {
		root->next = child->next;
		node_free(child);
	}
	node_free(root);
}

struct pfs_node *pfs_find(const struct pfs_node *dir, const char *name)
{
	struct pfs_node *child = dir ? dir->children : NULL;

	while (child && strcmp(child->name, name) != 0)
		child = child->next;
	return child;
}

struct pfs_node *pfs_lookup(struct pfs_node *dir, const char *name)
{
	struct pfs_node *child = pfs_find(dir, name);
	char *target;

	if (child || !dir->ops || !dir->ops->find)
		return child;
	target = dir->ops->find(dir, name);
	if (!target)
		return NULL;
	child = pfs_link(dir, name, "%s", target);
	free(target);
	if (child)
		child->temporary = true;
	return child;
}

struct pfs_node *pfs_dir(struct pfs_node *parent, const char *name)
{
	return parent ? make(parent, name, S_IFDIR | 0755) : NULL;
}

/* Takes one component off the path. */
static char *component(const char **path)
{
	size_t len;
	char *name;

	*path += strspn(*path, "/");
	len = strcspn(*path, "/");
	name = len ? strndup(*path, len) : NULL;
	*path += len;
	return name;
}

struct pfs_node *pfs_path(struct pfs_node *from, const char *path)
{
	struct pfs_node *next;
	char *name;

	while (from && (name = component(&path))) {
		next = pfs_find(from, name);
		if (!next) {
			next = pfs_dir(from, name);
			if (next)
				next->fixed = true;
		}
		free(name);
		from = next;
	}
	return from;
}

struct pfs_node *pfs_walk(struct pfs_node *from, const char *path)
{
	char *name;

	while (from && (name = component(&path))) {
		from = pfs_find(from, name);
		free(name);
	}
	return from;
}

static struct pfs_node *resolve(struct pfs_node *root, struct pfs_node *from,
				const char *path, unsigned int *links)
{
	struct pfs_node *next, *at = *path == '/' ? root : from;
	char *name;

	while (at && (name = component(&path))) {
		if (!strcmp(name, ".."))
			next = at == root ? root : at->parent;
		else
			next = strcmp(name, ".") ? pfs_find(at, name) : at;
		free(name);
		if (next && S_ISLNK(next->mode))
			next = ++*links > LINKS_MAX
				       ? NULL
				       : resolve(root, at, (const char *)next->data,
						 links);
		at = next;
	}
	return at;
}

struct pfs_node *pfs_resolve(struct pfs_node *from, const char *path)
{
	unsigned int links = 0;

	return resolve(from, from, path, &links);
}

int pfs_set(struct pfs_node *node, const void *bytes, size_t len)
{
	uint8_t *data;

	if (!node)
		return -ENOMEM;
	data = malloc(len + 1);
	if (!data)
		return -ENOMEM;
	if (len)
		memcpy(data, bytes, len);
	data[len] = '\0';
	free(node->data);
	node->data = data;
	node->len = len;
	return 0;
}

struct pfs_node *pfs_data(struct pfs_node *parent, const char *name, mode_t mode,
			  const void *bytes, size_t len)
{
	struct pfs_node *node = parent ? make(parent, name, S_IFREG | mode) : NULL;

	if (node && pfs_set(node, bytes, len)) {
		pfs_remove(node);
		return NULL;
	}
	return node;
}

static struct pfs_node *formatted(struct pfs_node *parent, const char *name, mode_t mode,
				  const char *format, va_list ap)
	__attribute__((format(printf, 4, 0)));

static struct pfs_node *formatted(struct pfs_node *parent, const char *name, mode_t mode,
				  const char *format, va_list ap)
{
	struct pfs_node *node = NULL;
	char *text = NULL;
	int len = parent ? vasprintf(&text, format, ap) : -1;

	if (len >= 0)
		node = pfs_data(parent, name, mode, text, (size_t)len);
	if (len >= 0)
		free(text);
	return node;
}

struct pfs_node *pfs_text(struct pfs_node *parent, const char *name, mode_t mode,
			  const char *format, ...)
{
	struct pfs_node *node;
	va_list ap;

	va_start(ap, format);
	node = formatted(parent, name, mode, format, ap);
	va_end(ap);
	return node;
}

struct pfs_node *pfs_link(struct pfs_node *parent, const char *name, const char *format,
			  ...)
{
	struct pfs_node *node;
	va_list ap;

	va_start(ap, format);
	node = formatted(parent, name, 0777, format, ap);
	va_end(ap);
	if (node)
		node->mode = S_IFLNK | 0777;
	return node;
}

struct pfs_node *pfs_file(struct pfs_node *parent, const char *name, mode_t mode,
			  const struct pfs_ops *ops, void *priv)
{
	struct pfs_node *node = parent ? make(parent, name, S_IFREG | mode) : NULL;

	if (node) {
		node->ops = ops;
		node->priv = priv;
	}
	return node;
}

/* The directories from the root down to the node; their number. */
static size_t chain(const struct pfs_node *node, const struct pfs_node *at[DEPTH_MAX])
{
	const struct pfs_node *up;
	size_t n = 0, i;

	for (up = node; up->parent && n < DEPTH_MAX; up = up->parent)
		n++;
	for (up = node, i = n; i--; up = up->parent)
		at[i] = up;
	return n;
}

struct pfs_node *pfs_link_to(struct pfs_node *parent, const char *name,
			     const struct pfs_node *target)
{
	const struct pfs_node *from[DEPTH_MAX], *to[DEPTH_MAX];
	size_t n_from, n_to, same = 0, i;
	struct pfs_node *node = NULL;
	struct text path = { 0 };

	if (!parent || !target)
		return NULL;

	n_from = chain(parent, from);
	n_to = chain(target, to);
	while (same < n_from && same < n_to && from[same] == to[same])
		same++;
	for (i = same; i < n_from; i++)
		text_add(&path, "../");
	for (i = same; i < n_to; i++)
		text_add(&path, "%s%s", to[i]->name, i + 1 < n_to ? "/" : "");
	if (!path.failed && path.len)
		node = pfs_link(parent, name, "%s", path.buf);
	text_free(&path);
	return node;
}

/* Removed nodes that somebody refers to are in a list of the root's, which has no
 * siblings. */
static void forget_removed(struct pfs_node *node)
{
	struct pfs_node **at = &node->parent->next;

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	node_free(node);
}

void pfs_unused(struct pfs_node *node)
{
	if (node->seen || node->opened)
		return;
	if (node->temporary && !node->removed)
		pfs_remove(node);
	else if (node->removed)
		forget_removed(node);
}

void pfs_detach(struct pfs_node *node)
{
	struct pfs_node **at = &node->parent->children;

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	node->next = NULL;
}

void pfs_reattach(struct pfs_node *node)
{
	node->next = node->parent->children;
	node->parent->children = node;
}

void pfs_remove(struct pfs_node *node)
{
	struct pfs_node **at, *root = node;

	if (!node || node->removed || !node->parent)
		return;
	while (root->parent)
		root = root->parent;
	while (node->children)
		pfs_remove(node->children);
	at = &node->parent->children;
	while (*at != node)
		at = &(*at)->next;
	*at = node->next;

	node->removed = true;
	node->parent = root;
	node->next = root->next;
	root->next = node;
	/* What it refers to goes now. */
	node->ops = NULL;
	node->priv = NULL;
	pfs_unused(node);
}
