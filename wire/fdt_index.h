/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_index.h - the nodes of a flattened tree by their parent and name
 *
 * libfdt reads all nodes before the one that it looks for. A lookup here takes logarithmic
 * time. An index is valid as long as no node moves.
 *
 * Names:   whole, as in /proc/device-tree; with is_short as in libfdt: a name without '@'
 *          also finds a node that has a unit address.
 * Memory:  fdt_index_make() allocates; fdt_index_free() accepts a zeroed structure.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fdt_index {
	const void *fdt;
	struct fdt_index_node *nodes;
	size_t n;
	uint32_t largest; /* handle; 0: no node has one */
};

/* Return the handle of a node, 0: none. As in the kernel, "ibm,phandle" wins. */
uint32_t fdt_index_handle(const void *fdt, int node);

/* Make the index of a tree that passed fdt_check(). Return 0 or -ENOMEM. */
int fdt_index_make(struct fdt_index *index, const void *fdt);
void fdt_index_free(struct fdt_index *index);

/* Return the offset of the child with the name of a node of another tree, of the node at a
 * path, or of the node that had this handle, or -ENODEV. */
int fdt_index_child(const struct fdt_index *index, int parent, const void *fdt, int node,
		    bool is_short);
int fdt_index_at(const struct fdt_index *index, const char *path, size_t len,
		 bool is_short);
int fdt_index_owner(const struct fdt_index *index, uint32_t handle);
