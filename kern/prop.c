// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "kern/prop.h"
#include "kern/text.h"
#include "wire/cursor.h"

static char *prop_path(const char *node, const char *name)
{
	return text_join(DT_BASE, strcmp(node, "/") ? node : "", *name ? "/" : "", name);
}

int prop_read(const struct kern_root *root, const char *node, const char *name,
	      struct prop *prop)
{
	_cleanup_free_ char *path = prop_path(node, name);

	*prop = (struct prop){ 0 };
	return path ? kern_read_attr(root, path, &prop->data, &prop->len) : -ENOMEM;
}

void prop_free(struct prop *prop)
{
	cleanup_free(&prop->data);
	*prop = (struct prop){ 0 };
}

int prop_u32(const struct kern_root *root, const char *node, const char *name,
	     uint32_t *v)
{
	_cleanup_free_ char *path = prop_path(node, name);
	char cell[sizeof(*v) + 2]; /* one byte more shows a longer property */
	ssize_t n = path ? kern_read_short(root, path, cell, sizeof(cell)) : -ENOMEM;
	struct cursor c;

	if (n < 0)
		return (int)n;

	c = cursor_of(cell, (size_t)n);
	*v = cursor_be32(&c);
	return c.err || cursor_left(&c) ? -EBADMSG : 0;
}

int prop_str(const struct kern_root *root, const char *node, const char *name, char **s)
{
	_cleanup_prop_ struct prop prop = { 0 };
	int err = prop_read(root, node, name, &prop);

	if (err)
		return err;
	if (strlen(prop.data) + 1 < prop.len)
		return -EBADMSG;

	*s = steal_ptr(&prop.data);
	return 0;
}

int node_exists(const struct kern_root *root, const char *node)
{
	_cleanup_free_ char *path = prop_path(node, "");

	return path ? kern_exists(root, path) : -ENOMEM;
}

static int node_list(const struct kern_root *root, const char *node,
		     enum kern_list_what what, struct kern_names *names)
{
	_cleanup_free_ char *path = prop_path(node, "");

	*names = (struct kern_names){ 0 };
	return path ? kern_list(root, path, what, names) : -ENOMEM;
}

int node_children(const struct kern_root *root, const char *node,
		  struct kern_names *names)
{
	return node_list(root, node, KERN_LIST_DIRS, names);
}

int node_properties(const struct kern_root *root, const char *node,
		    struct kern_names *names)
{
	return node_list(root, node, KERN_LIST_FILES, names);
}

char *node_join(const char *node, const char *child)
{
	return text_join(strcmp(node, "/") ? node : "", "/", child, "");
}
