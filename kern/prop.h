/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prop.h - nodes and properties of the live device tree
 *
 * Paths:   a node is named as firmware names it: "/", "/pci@800000020000000".
 * Endian:  numbers are returned in host order.
 * Memory:  struct prop owns its bytes; prop_free() accepts a zeroed one.
 * Errors:  negative errno; -ENOENT no such node or property, -EBADMSG a property
 *          that has not the shape asked for.
 * Source:  Linux 6.1 drivers/of/kobj.c
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdint.h>

#include "kern/root.h"

#define DT_BASE "proc/device-tree"

struct prop {
	char *data; /* followed by a NUL that len does not count */
	size_t len;
};

int prop_read(const struct kern_root *root, const char *node, const char *name,
	      struct prop *prop);
void prop_free(struct prop *prop);

#define _cleanup_prop_ __attribute__((cleanup(prop_free)))

/* A property of exactly one cell. */
int prop_u32(const struct kern_root *root, const char *node, const char *name,
	     uint32_t *v);

/* A property that is one string; malloc'ed. A missing final NUL is forgiven: the
 * kernel keeps properties as they were written. */
int prop_str(const struct kern_root *root, const char *node, const char *name, char **s);

bool node_exists(const struct kern_root *root, const char *node);

/* Names of the child nodes, sorted. */
int node_children(const struct kern_root *root, const char *node,
		  struct kern_names *names);

/* "/a" + "b" = "/a/b"; "/" + "b" = "/b". malloc'ed, NULL without memory. */
char *node_join(const char *node, const char *child);

/* Names of the properties, sorted. */
int node_properties(const struct kern_root *root, const char *node,
		    struct kern_names *names);
