/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ofdt.h - /proc/ppc64/ofdt: changes of the live device tree, one node or property per
 * write
 *
 * The kernel's parser trusts its input: a missing parent or an odd length crashes the
 * kernel. So this file checks everything before it writes. A successful write proves
 * nothing either: the caller must check the tree.
 *
 * The kernel does not serialize writers: hold the lock of dynamic reconfiguration.
 *
 * Errors:  negative errno. -EINVAL: a name that cannot be expressed. -E2BIG: too long.
 *          -ENOENT: the node, or the parent of a new one, does not exist. -EEXIST: it
 *          exists already. -EBUSY: it has children. -EPERM: kernel lockdown.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/reconfig.c
 * Layer:   kern
 */
#pragma once

#include <stdint.h>

#include "kern/root.h"

/* Check whether the file can be used now. Return 0, -ENOENT if it does not exist, or
 * -EPERM under kernel lockdown. */
int ofdt_probe(const struct kern_root *root);

struct ofdt_value {
	const char *name;
	const void *value;
	size_t len;
};

/* Add a node with these properties, at least one. */
int ofdt_add_node(const struct kern_root *root, const char *path,
		  const struct ofdt_value *values, size_t n);

/* Remove a node. The kernel refuses one that has children (-EBUSY). */
int ofdt_remove_node(const struct kern_root *root, const char *path);

/* Read the handle by which the kernel finds the node. Return -ENOENT if it has none. */
int ofdt_phandle(const struct kern_root *root, const char *path, uint32_t *phandle);

/* Set or add a property of a node that has a phandle. */
int ofdt_update_property(const struct kern_root *root, const char *path,
			 const struct ofdt_value *value);

/* Remove a property of a node that has a phandle. Return -ENOENT also if the property
 * does not exist. */
int ofdt_remove_property(const struct kern_root *root, const char *path,
			 const char *name);
