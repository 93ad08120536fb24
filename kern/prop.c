// SPDX-License-Identifier: LGPL-2.1-or-later
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/prop.h"
#include "wire/cursor.h"

/* Make the path of a property, or of a node if the name is "". Return 0 or
 * -ENAMETOOLONG. */
static int prop_path(char path[PATH_MAX], const char *node, const char *name)
{
	if (strlen(DT_BASE) + strlen(node) + 1 + strlen(name) >= PATH_MAX)
		return -ENAMETOOLONG;
	path = stpcpy(stpcpy(path, DT_BASE), strcmp(node, "/") ? node : "");
	stpcpy(stpcpy(path, *name ? "/" : ""), name);
	return 0;
}

int prop_read(const struct kern_root *root, const char *node, const char *name,
	      struct prop *prop)
{
	char path[PATH_MAX];
	int err = prop_path(path, node, name);

	*prop = (struct prop){ 0 };
	return err ? err : kern_read_attr(root, path, &prop->data, &prop->len);
}

void prop_free(struct prop *prop)
{
	cleanup_free(&prop->data);
	*prop = (struct prop){ 0 };
}

int prop_u32(const struct kern_root *root, const char *node, const char *name,
	     uint32_t *v)
{
	char path[PATH_MAX], cell[sizeof(*v) + 2]; /* one byte more: a longer property */
	ssize_t n = prop_path(path, node, name);
	struct cursor c;

	if (!n)
		n = kern_read_short(root, path, cell, sizeof(cell));

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
	char path[PATH_MAX];

	/* No node has a longer path. */
	return prop_path(path, node, "") ? 0 : kern_exists(root, path);
}

int node_inode(const struct kern_root *root, const char *node, uint64_t *inode)
{
	char path[PATH_MAX];
	struct stat st;
	int err = prop_path(path, node, "") ? -ENOENT : kern_lstat(root, path, &st);

	if (!err)
		*inode = st.st_ino;
	return err;
}

static int node_list(const struct kern_root *root, const char *node,
		     enum kern_list_what what, struct kern_names *names)
{
	char path[PATH_MAX];
	int err = prop_path(path, node, "");

	*names = (struct kern_names){ 0 };
	return err ? err : kern_list(root, path, what, names);
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
