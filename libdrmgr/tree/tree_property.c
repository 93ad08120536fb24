// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/tree/tree_property.h"
#include "kern/prop.h"

#define OFDT "/proc/ppc64/ofdt"

/* Return 1, 0 or a negative errno. value NULL: any value. */
static int property_has(const struct kern_root *root, const char *node, const char *name,
			const struct ofdt_value *value)
{
	_cleanup_prop_ struct prop prop = { 0 };
	int err = prop_read(root, node, name, &prop);

	if (err)
		return err == -ENOENT ? 0 : err;
	return !value || (prop.len == value->len &&
			  (!prop.len || !memcmp(prop.data, value->value, prop.len)));
}

int tree_property_set(struct xact *x, const char *node, const struct ofdt_value *value)
{
	const struct kern_root *root = x->dr->root;
	int err = property_has(root, node, value->name, value);

	if (err)
		return err < 0 ? xact_unread(x, "update", err) : 0;
	err = xact_step_begin(x, "update",
			      "write " OFDT " update_property %s %s, %zu bytes", node,
			      value->name, value->len);
	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, ofdt_update_property(root, node, value));
	if (err)
		return xact_fail(x, DR_FAULT_KERNEL, "update", err, OFDT);
	err = property_has(root, node, value->name, value);
	if (err < 0)
		return xact_unread(x, "update", err);
	return err ? 0
		   : xact_fail(x, DR_FAULT_TREE, "update", -EIO, "%s/%s", node,
			       value->name);
}

int tree_property_remove(struct xact *x, const char *node, const char *name)
{
	const struct kern_root *root = x->dr->root;
	int err = property_has(root, node, name, NULL);

	if (err <= 0)
		return err ? xact_unread(x, "update", err) : 0;
	err = xact_step_begin(x, "update", "write " OFDT " remove_property %s %s", node,
			      name);
	if (err)
		return err < 0 ? err : 0;
	err = xact_step_end(x, ofdt_remove_property(root, node, name));
	if (err)
		return xact_fail(x, DR_FAULT_KERNEL, "update", err, OFDT);
	err = property_has(root, node, name, NULL);
	if (err < 0)
		return xact_unread(x, "update", err);
	return err ? xact_fail(x, DR_FAULT_TREE, "update", -EEXIST, "%s/%s", node, name)
		   : 0;
}
