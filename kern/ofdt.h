/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ofdt.h - /proc/ppc64/ofdt: changes to the live device tree, one node or property a
 * write
 *
 * The kernel's parser trusts its input: a parent that is not there or an odd length
 * makes it crash. So everything is checked here before a byte is written. A write that
 * succeeded proves nothing either; the caller looks at the tree.
 *
 * Writers are not serialised by the kernel: hold the lock of dynamic reconfiguration.
 *
 * Errors:  negative errno; -EINVAL names that cannot be expressed, -E2BIG too long,
 *          -ENOENT no such node, or no parent for a new one, -EEXIST it is there
 *          already, -EBUSY it has children, -EPERM kernel lockdown.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/reconfig.c
 * Layer:   kern
 */
#pragma once

#include <stdint.h>

#include "kern/root.h"

/* Can it be used now? 0, -ENOENT no such file, -EPERM kernel lockdown. */
int ofdt_probe(const struct kern_root *root);

struct ofdt_value {
	const char *name;
	const void *value;
	size_t len;
};

/* A node with these properties, at least one. */
int ofdt_add_node(const struct kern_root *root, const char *path,
		  const struct ofdt_value *values, size_t n);

/* A node without children. */
int ofdt_remove_node(const struct kern_root *root, const char *path);

/* The handle that the kernel compares with. -ENOENT: the node has none. */
int ofdt_phandle(const struct kern_root *root, const char *path, uint32_t *phandle);

/* Sets, or adds, a property of a node that has a phandle. */
int ofdt_update_property(const struct kern_root *root, const char *path,
			 const struct ofdt_value *value);

/* -ENOENT also if there is no such property. */
int ofdt_remove_property(const struct kern_root *root, const char *path,
			 const char *name);
