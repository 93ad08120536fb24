// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "vmm/sim/pfs.h"

enum { DEPTH_MAX = 64, LINKS_MAX = 40, PLACES_MIN = 1024 };

/* The root, with an index of all nodes by directory and name: some of the kernel's
 * directories have tens of thousands of names. */
struct root {
	struct pfs_node node;
	struct pfs_node **index;
	size_t places; /* a power of two */
	size_t n;
	void (*changed)(void *arg, struct pfs_node *node);
	void *arg;
};

static struct root *root_of(const struct pfs_node *node)
{
	while (node->parent)
		node = node->parent;
	return (struct root *)(uintptr_t)node;
}

void pfs_on_change(struct pfs_node *root, void (*fn)(void *arg, struct pfs_node *node),
		   void *arg)
{
	root_of(root)->changed = fn;
	root_of(root)->arg = arg;
}

static void tell_changed(struct pfs_node *node)
{
	const struct root *root = root_of(node);

	if (node->seen && root->changed)
		root->changed(root->arg, node);
}

/* Count a subdirectory of dir: it changes the directory's number of links. */
static void count_dir(struct pfs_node *dir, const struct pfs_node *node, int n)
{
	if (!S_ISDIR(node->mode))
		return;
	dir->dirs += (unsigned int)n;
	tell_changed(dir);
}

static unsigned int hash_of(const struct pfs_node *dir, const char *name)
{
	uint64_t hash = dir->ino * 0x9e3779b97f4a7c15ULL;

	for (; *name; name++)
		hash = (hash ^ (uint8_t)*name) * 0x100000001b3ULL;
	return (unsigned int)(hash ^ hash >> 32);
}

static void index_put(struct root *root, struct pfs_node *node)
{
	struct pfs_node **place = &root->index[node->hash & (root->places - 1)];

	node->same = *place;
	node->same_at = place;
	if (*place)
		(*place)->same_at = &node->same;
	*place = node;
}

static void index_take(struct pfs_node *node)
{
	*node->same_at = node->same;
	if (node->same)
		node->same->same_at = node->same_at;
	node->same = NULL;
}

/* Double the index. Without memory it keeps its size and becomes slower. Nodes in one
 * place keep their order, so that lookups find the same one. */
static void index_grow(struct root *root)
{
	size_t old_places = root->places, places = old_places * 2;
	struct pfs_node **old = root->index, **index = calloc(places, sizeof(*index));

	if (!index)
		return;
	root->index = index;
	root->places = places;
	for (size_t i = 0; i < old_places; i++) {
		struct pfs_node *turned = NULL, *node;

		while ((node = old[i])) {
			old[i] = node->same;
			node->same = turned;
			turned = node;
		}
		while ((node = turned)) {
			turned = node->same;
			index_put(root, node);
		}
	}
	free(old);
}

/* Insert the node at the head of its directory. */
static void enter(struct pfs_node *node)
{
	struct pfs_node *parent = node->parent;
	struct root *root = root_of(parent);

	node->next = parent->children;
	node->at = &parent->children;
	if (node->next)
		node->next->at = &node->next;
	parent->children = node;
	count_dir(parent, node, 1);
	node->hash = hash_of(parent, node->name);
	if (++root->n > root->places)
		index_grow(root);
	index_put(root, node);
}

static void unchain(struct pfs_node *node)
{
	*node->at = node->next;
	if (node->next)
		node->next->at = node->at;
	node->next = NULL;
}

static void leave(struct pfs_node *node)
{
	unchain(node);
	count_dir(node->parent, node, -1);
	root_of(node->parent)->n--;
	index_take(node);
}

static struct pfs_node *make(struct pfs_node *parent, const char *name, mode_t mode)
{
	struct pfs_node *node = calloc(1, sizeof(*node));

	if (node)
		node->name = strdup(name);
	if (!node || !node->name) {
		free(node);
		return NULL;
	}

	node->mode = mode;
	node->parent = parent;
	/* The root's len is the last inode number. */
	node->ino = ++root_of(parent)->node.len;
	enter(node);
	return node;
}

struct pfs_node *pfs_root(void)
{
	struct root *root = calloc(1, sizeof(*root));

	if (!root)
		return NULL;
	root->places = PLACES_MIN;
	root->index = calloc(root->places, sizeof(struct pfs_node *));
	root->node = (struct pfs_node){
		.name = strdup(""), .mode = S_IFDIR | 0755, .ino = 1, .len = 1
	};
	if (root->index && root->node.name)
		return &root->node;
	free(root->index);
	free(root->node.name);
	free(root);
	return NULL;
}

static void node_free(struct pfs_node *node)
{
	free(node->name);
	free(node->data);
	free(node);
}

static void free_all(struct pfs_node *node)
{
	struct pfs_node *child;

	while ((child = node->children)) {
		node->children = child->next;
		free_all(child);
	}
	node_free(node);
}

void pfs_free(struct pfs_node *root)
{
	struct pfs_node *removed;

	if (!root)
		return;
	/* No program can refer to the removed nodes any more. */
	while ((removed = root->next)) {
		root->next = removed->next;
		node_free(removed);
	}
	free(root_of(root)->index);
	free_all(root);
}

struct pfs_node *pfs_can_vanish(struct pfs_node *node)
{
	if (node)
		node->can_vanish = true;
	return node;
}

struct pfs_node *pfs_find(const struct pfs_node *dir, const char *name)
{
	const struct root *root;
	struct pfs_node *node;
	unsigned int hash;

	if (!dir)
		return NULL;
	root = root_of(dir);
	hash = hash_of(dir, name);
	node = root->index[hash & (root->places - 1)];
	while (node && (node->hash != hash || node->parent != dir ||
			strcmp(node->name, name) != 0))
		node = node->same;
	return node;
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

/* Consume one component of the path. Return it (the caller frees it), or NULL at the
 * end. */
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
		if (!next)
			next = pfs_dir(from, name);
		free(name);
		from = next;
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
	tell_changed(node);
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

/* List the directories from the root down to the node. Return their number. */
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
	/* like the kernel, which looks for a directory above the target */
	while (same < n_from && same + 1 < n_to && from[same] == to[same])
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

/* Free a removed node. Removed nodes with references are chained at the root's `next`,
 * since the root has no siblings. */
static void forget_removed(struct pfs_node *node)
{
	unchain(node);
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
	leave(node);
}

void pfs_reattach(struct pfs_node *node)
{
	enter(node);
}

void pfs_remove(struct pfs_node *node)
{
	struct pfs_node *root;

	if (!node || node->removed || !node->parent)
		return;
	root = &root_of(node)->node;
	while (node->children)
		pfs_remove(node->children);
	leave(node);
	tell_changed(node);

	node->removed = true;
	node->parent = root;
	node->next = root->next;
	node->at = &root->next;
	if (node->next)
		node->next->at = &node->next;
	root->next = node;
	/* The owner of ops and priv may free them from now on. */
	node->ops = NULL;
	node->priv = NULL;
	pfs_unused(node);
}
