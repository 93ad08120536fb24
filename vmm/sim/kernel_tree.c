// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <libfdt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"

/* Number of attempts to find an unused name */
enum { NAME_TRIES = 16 };

uint32_t ktree_cell(const void *cells, size_t n)
{
	const uint8_t *b = (const uint8_t *)cells + 4 * n;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static struct dt_prop *prop_of(const struct dt_node *node, const char *name)
{
	struct dt_prop *prop = node->props;

	while (prop && strcmp(prop->name, name) != 0)
		prop = prop->next;
	return prop;
}

const void *ktree_get(const struct dt_node *node, const char *name, size_t *len)
{
	const struct dt_prop *prop = node ? prop_of(node, name) : NULL;

	if (!prop)
		return NULL;
	if (len)
		*len = prop->file->len;
	return prop->file->data;
}

bool ktree_u32(const struct dt_node *node, const char *name, uint32_t *value)
{
	size_t len;
	const void *cells = ktree_get(node, name, &len);

	if (!cells || len < 4)
		return false;
	*value = ktree_cell(cells, 0);
	return true;
}

struct dt_node *ktree_child(const struct dt_node *node, const char *name)
{
	struct dt_node *child = node ? node->children : NULL;

	while (child && strcmp(child->name, name) != 0)
		child = child->next;
	return child;
}

bool ktree_is_called(const struct dt_node *node, const char *base)
{
	size_t len = strcspn(node->name, "@");

	return strlen(base) == len && !memcmp(node->name, base, len);
}

struct dt_node *ktree_find(const struct kernel *k, const char *path)
{
	struct dt_node *node = k->tree;
	char name[256];
	size_t len;

	if (*path != '/')
		return NULL;
	while (node && *++path) {
		len = strcspn(path, "/");
		if (!len || len >= sizeof(name))
			return NULL;
		snprintf(name, sizeof(name), "%.*s", (int)len, path);
		node = ktree_child(node, name);
		path += len;
		if (!*path)
			break;
	}
	return node;
}

struct dt_node *ktree_next(const struct dt_node *top, const struct dt_node *n)
{
	if (n->children)
		return n->children;
	while (n != top && !n->next)
		n = n->parent;
	return n == top ? NULL : n->next;
}

/* Set the phandles of a subtree. Linux reads them when it attaches a node, at boot in
 * another order than later. A later change of the property changes no phandle. */
static void note_handles(struct dt_node *top, bool at_boot)
{
	static const char *const names[] = { "ibm,phandle", "phandle", "linux,phandle",
					     "ibm,phandle" };
	struct dt_node *n;

	for (n = top; n; n = ktree_next(top, n)) {
		n->phandle = 0;
		for (size_t i = at_boot ? 0 : 1; i < sizeof(names) / sizeof(*names); i++)
			if (ktree_u32(n, names[i], &n->phandle))
				break;
	}
}

struct dt_node *ktree_by_phandle(const struct kernel *k, uint32_t phandle)
{
	struct dt_node *n;

	for (n = k->tree; phandle && n; n = ktree_next(k->tree, n))
		if (n->phandle == phandle)
			return n;
	return NULL;
}

struct dt_node *ktree_by_drc_index(const struct kernel *k, uint32_t index)
{
	struct dt_node *n;
	uint32_t own;

	for (n = k->tree; n; n = ktree_next(k->tree, n))
		if (ktree_u32(n, "ibm,my-drc-index", &own) && own == index)
			return n;
	return NULL;
}

char *ktree_path(const struct dt_node *node)
{
	char *path = NULL, *above;

	if (!node->parent)
		return strdup("/");
	above = node->parent->parent ? ktree_path(node->parent) : strdup("");
	if (above && asprintf(&path, "%s/%s", above, node->name) < 0)
		path = NULL;
	free(above);
	return path;
}

/* Return an unused file name; the caller frees it. A property and a node, or two nodes,
 * may have the same name: the later one gets a number. */
static char *free_name(const struct pfs_node *dir, const char *name)
{
	char *found = strdup(name);

	for (int i = 1; found && i <= NAME_TRIES && pfs_find(dir, found); i++) {
		free(found);
		if (asprintf(&found, "%s#%d", name, i) < 0)
			return NULL;
	}
	return found;
}

static int prop_new(struct dt_node *node, const char *name, const void *value, size_t len)
{
	struct dt_prop *prop = calloc(1, sizeof(*prop));
	bool is_secret = !strncmp(name, "security-", 9);
	char *shown = free_name(node->dir, name);

	if (prop)
		prop->name = strdup(name);
	if (prop && prop->name && shown)
		prop->file =
			pfs_data(node->dir, shown, is_secret ? 0400 : 0444, value, len);
	free(shown);
	if (!prop || !prop->file) {
		if (prop)
			free(prop->name);
		free(prop);
		return -ENOMEM;
	}
	prop->next = node->props;
	node->props = prop;
	return 0;
}

int ktree_put(struct dt_node *node, const char *name, const void *value, size_t len)
{
	return prop_new(node, name, value, len);
}

const char *ktree_text(const struct dt_node *node, const char *name)
{
	size_t len;
	const char *text = ktree_get(node, name, &len);

	return text && len && !text[len - 1] ? text : "";
}

int ktree_set(struct dt_node *node, const char *name, const void *value, size_t len)
{
	struct dt_prop *prop = prop_of(node, name);

	return prop ? pfs_set(prop->file, value, len) : prop_new(node, name, value, len);
}

struct dt_prop *ktree_take_prop(struct dt_node *node, const char *name)
{
	struct dt_prop **at = &node->props, *prop;

	while (*at && strcmp((*at)->name, name) != 0)
		at = &(*at)->next;
	prop = *at;
	if (!prop)
		return NULL;
	*at = prop->next;
	pfs_detach(prop->file);
	return prop;
}

void ktree_put_back_prop(struct dt_node *node, struct dt_prop *prop)
{
	prop->next = node->props;
	node->props = prop;
	pfs_reattach(prop->file);
}

void ktree_drop_prop(struct dt_prop *prop)
{
	pfs_reattach(prop->file);
	pfs_remove(prop->file);
	free(prop->name);
	free(prop);
}

int ktree_unset(struct dt_node *node, const char *name)
{
	struct dt_prop *prop = ktree_take_prop(node, name);

	if (!prop)
		return -ENODEV;
	ktree_drop_prop(prop);
	return 0;
}

struct dt_node *ktree_add(struct kernel *k, struct dt_node *parent, const char *name)
{
	struct dt_node *node = calloc(1, sizeof(*node));
	char *shown = parent ? free_name(parent->dir, name) : NULL;

	if (node)
		node->name = strdup(name);
	if (node && parent && shown)
		node->dir = pfs_dir(parent->dir, shown);
	else if (node && !parent)
		node->dir = pfs_path(k->sys, "firmware/devicetree/base");
	free(shown);
	if (!node || !node->name || !node->dir) {
		if (node)
			free(node->name);
		free(node);
		return NULL;
	}

	node->parent = parent;
	if (parent) {
		node->next = parent->children;
		parent->children = node;
	}
	return node;
}

static void node_free(struct dt_node *node)
{
	struct dt_node *child;
	struct dt_prop *prop;

	while ((child = node->children)) {
		node->children = child->next;
		node_free(child);
	}
	while ((prop = node->props)) {
		node->props = prop->next;
		free(prop->name);
		free(prop);
	}
	free(node->name);
	free(node);
}

void ktree_free(struct kernel *k)
{
	if (k->tree)
		node_free(k->tree);
	k->tree = NULL;
}

/* Send a uevent for a node directly below the root. Kernels newer than 6.1 treat such
 * nodes as platform devices. */
static void platform_event(struct kernel *k, const char *action,
			   const struct dt_node *node)
{
	size_t len = strcspn(node->name, "@");
	const char *unit = node->name[len] ? node->name + len + 1 : "";
	struct pfs_node *dir;

	if (k->profile == KERNEL_6_1 || node->parent != k->tree)
		return;
	dir = pfs_path(k->sys, "devices/platform");
	dir = pfs_dir(dir, *unit ? unit : node->name);
	if (dir && *unit) {
		free(dir->name);
		if (asprintf(&dir->name, "%s.%.*s", unit, (int)len, node->name) < 0)
			dir->name = NULL;
	}
	if (dir && dir->name)
		kuevent(k, action, dir, "platform",
			"OF_NAME=%.*s\nOF_FULLNAME=/%s\nOF_COMPATIBLE_N=0\n"
			"MODALIAS=of:N%.*sT(null)",
			(int)len, node->name, node->name, (int)len, node->name);
	pfs_remove(dir);
}

void ktree_attached(struct kernel *k, struct dt_node *node)
{
	note_handles(node, false);
	platform_event(k, "add", node);
	kcpu_node_attached(k, node);
}

static void unlink_node(struct dt_node *node)
{
	struct dt_node **at = &node->parent->children;

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	node->next = NULL;
}

void ktree_drop(struct dt_node *node)
{
	unlink_node(node);
	pfs_remove(node->dir);
	node_free(node);
}

void ktree_remove(struct kernel *k, struct dt_node *node)
{
	struct dt_node *n;

	platform_event(k, "remove", node);
	for (n = node; n; n = ktree_next(node, n)) {
		kpci_forget_node(k, n);
		kslots_forget_node(k, n);
		kvio_forget_node(k, n);
		kcpu_forget_node(k, n);
		kmem_forget_node(k, n);
	}
	ktree_drop(node);
}

void ktree_detach(struct dt_node *node)
{
	unlink_node(node);
	pfs_detach(node->dir);
}

void ktree_reattach(struct dt_node *node)
{
	node->next = node->parent->children;
	node->parent->children = node;
	pfs_reattach(node->dir);
}

bool ktree_is_attached(const struct kernel *k, const struct dt_node *node)
{
	const struct dt_node *n;

	for (; node != k->tree; node = node->parent) {
		for (n = node->parent->children; n && n != node; n = n->next)
			;
		if (!n)
			return false;
	}
	return true;
}

static int load_props(struct dt_node *node, const void *fdt, int offset)
{
	const char *name, *value;
	int prop, len, err = 0;

	fdt_for_each_property_offset(prop, fdt, offset) {
		value = fdt_getprop_by_offset(fdt, prop, &name, &len);
		if (value && !err)
			err = ktree_put(node, name, value, (size_t)len);
	}
	return err;
}

/* Add the property "name": the node's name up to its unit address, which follows the last
 * '@'. */
static int complete_name(struct dt_node *node)
{
	const char *unit = strrchr(node->name, '@');
	size_t base = unit ? (size_t)(unit - node->name) : strlen(node->name);
	char *made;
	int err;

	if (ktree_get(node, "name", NULL))
		return 0;
	made = strndup(node->name, base);
	err = made ? ktree_put(node, "name", made, base + 1) : -ENOMEM;
	free(made);
	return err;
}

static int load(struct kernel *k, struct dt_node *into, const void *fdt, int offset,
		bool as_it_is)
{
	int child, err = load_props(into, fdt, offset);

	if (!err && !as_it_is)
		err = complete_name(into);

	fdt_for_each_subnode(child, fdt, offset) {
		const char *name = fdt_get_name(fdt, child, NULL);
		struct dt_node *node = err || !name ? NULL : ktree_add(k, into, name);

		if (!err && name)
			err = node ? load(k, node, fdt, child, as_it_is) : -ENOMEM;
	}
	return err;
}

static int load_later(struct kernel *k, struct dt_node *into, const void *fdt, int offset,
		      bool as_it_is)
{
	int err = load(k, into, fdt, offset, as_it_is);

	if (!err)
		note_handles(into, false);
	return err;
}

int ktree_from_fdt(struct kernel *k, struct dt_node *into, const void *fdt, int offset)
{
	return load_later(k, into, fdt, offset, false);
}

int ktree_restore(struct kernel *k, struct dt_node *into, const void *fdt, int offset)
{
	return load_later(k, into, fdt, offset, true);
}

int ktree_load(struct kernel *k, const void *fdt)
{
	int err;

	if (!fdt || fdt_check_header(fdt))
		return -EBADMSG;
	k->tree = ktree_add(k, NULL, "");
	err = k->tree ? ktree_from_fdt(k, k->tree, fdt, 0) : -ENOMEM;
	if (!err)
		note_handles(k->tree, true);
	return err;
}
