/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prop.h - nodes and properties of the live device tree
 *
 * Paths:   a node has firmware's name: "/", "/pci@800000020000000".
 * Endian:  numbers are returned in host order.
 * Memory:  struct prop owns its bytes; prop_free() accepts a zeroed one.
 * Errors:  negative errno; -ENOENT the node or property does not exist, -EBADMSG the
 *          property does not have the requested shape.
 * Source:  Linux 6.1 drivers/of/kobj.c
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdint.h>

#include "kern/root.h"

struct prop {
	char *data; /* followed by a NUL that len does not count */
	size_t len;
};

int prop_read(const struct kern_root *root, const char *node, const char *name,
	      struct prop *prop);
void prop_free(struct prop *prop);

#define _cleanup_prop_ __attribute__((cleanup(prop_free)))

/* Read a property of exactly one cell. */
int prop_u32(const struct kern_root *root, const char *node, const char *name,
	     uint32_t *v);

/* Read a property that is one string. The caller frees *s. A missing final NUL is
 * accepted: the kernel keeps properties as they were written. */
int prop_str(const struct kern_root *root, const char *node, const char *name, char **s);

/* Return 1, 0 if the node does not exist, or a negative errno if that is unknown. */
int node_exists(const struct kern_root *root, const char *node);
/* Get the inode number of the node's folder. It changes when the node is detached and attached
 * again. Return 0 or a negative errno. */
int node_inode(const struct kern_root *root, const char *node, uint64_t *inode);

/* List the names of the child nodes, sorted. */
int node_children(const struct kern_root *root, const char *node,
		  struct kern_names *names);

/* List the names of the properties, sorted. */
int node_properties(const struct kern_root *root, const char *node,
		    struct kern_names *names);
