// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include <libfdt.h>

#include "libdrmgr/core/connector.h"
#include "libdrmgr/tree/tree_read.h"
#include "kern/prop.h"

static int fragment_add_properties(const struct kern_root *root, const char *node,
				   struct fdt_frag *frag)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = node_properties(root, node, &names);

	for (size_t i = 0; !err && i < names.n; i++) {
		_cleanup_prop_ struct prop prop = { 0 };

		err = prop_read(root, node, names.name[i], &prop);
		if (!err)
			err = fdt_frag_add(
				frag,
				&(struct cc_item){ .status = CC_PROPERTY,
						   .name = names.name[i],
						   .value = (const uint8_t *)prop.data,
						   .len = (uint32_t)prop.len });
	}

	return err;
}

/* Add a node and all nodes below it. The last node remains open for the next item. */
static int fragment_add_node(struct mem *m, const struct kern_root *root,
			     const char *node, enum cc_status status,
			     struct fdt_frag *frag)
{
	_cleanup_names_ struct kern_names children = { 0 };
	int err = fdt_frag_add(frag, &(struct cc_item){ .status = status,
							.name = strrchr(node, '/') + 1 });

	if (!err)
		err = fragment_add_properties(root, node, frag);
	if (!err)
		err = node_children(root, node, &children);
	for (size_t i = 0; !err && i < children.n; i++) {
		const char *child = node_child(m, node, children.name[i]);

		err = mem_check(m);
		if (!err)
			err = fragment_add_node(m, root, child, CC_CHILD, frag);
		if (!err)
			err = fdt_frag_add(frag,
					   &(struct cc_item){ .status = CC_PARENT });
	}

	return err;
}

/* Test whether a node has the property. The property "name" is ignored: the kernel may add
 * it. Firmware may give a node a handle at boot only: a later walk does not describe it. */
static int prop_matches(const struct kern_root *root, const char *path, const char *name,
			const void *value, size_t len)
{
	_cleanup_prop_ struct prop prop = { 0 };
	int err;

	if (!strcmp(name, "name"))
		return 1;
	err = prop_read(root, path, name, &prop);
	if (err)
		return err == -ENOENT ? strstr(name, "phandle") != NULL : err;
	return prop.len == len && !memcmp(prop.data, value, len);
}

/* Compare a node. */
static int node_matches(struct mem *m, const struct kern_root *root, const char *parent,
			const void *fdt, int node)
{
	const char *path = node_child(m, parent, fdt_get_name(fdt, node, NULL));
	int at, child, same = mem_check(m) ? mem_check(m) : node_exists(root, path);

	fdt_for_each_property_offset(at, fdt, node) {
		const char *name;
		int len;
		const void *value = fdt_getprop_by_offset(fdt, at, &name, &len);

		if (same <= 0)
			return same;
		same = prop_matches(root, path, name, value, (size_t)len);
	}
	fdt_for_each_subnode(child, fdt, node) {
		if (same <= 0)
			return same;
		same = node_matches(m, root, path, fdt, child);
	}
	return same;
}

int tree_matches(const struct kern_root *root, const char *parent,
		 const struct fdt_frag *frag)
{
	_cleanup_mem_ struct mem m = { 0 };
	int top, same = 1;

	for (top = fdt_frag_top(frag); same > 0 && top >= 0;
	     top = fdt_frag_next_top(frag, top))
		same = node_matches(&m, root, parent, frag->fdt, top);
	return same;
}

int tree_read(const struct kern_root *root, const char *const *nodes, size_t n,
	      struct fdt_frag *frag)
{
	_cleanup_mem_ struct mem m = { 0 };
	int err = fdt_frag_init(frag);

	for (size_t i = 0; !err && i < n; i++)
		err = fragment_add_node(&m, root, nodes[i], i ? CC_SIBLING : CC_CHILD,
					frag);
	return err ? err : fdt_frag_finish(frag);
}
