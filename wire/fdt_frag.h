/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_frag.h - convert between configure-connector walks and flattened device trees
 *
 * A fragment is what one connector adds to the tree: a flattened tree whose nameless root
 * has the connector's own node as child. Nodes that belong to it follow as siblings: the
 * caches of a core, the interrupt controller of a host bridge. All children of the root
 * are called top nodes.
 *
 * Firmware may send siblings in two ways: with the status "sibling", or with "child"
 * after "parent". Both add a node.
 *
 * Memory:  a fragment owns its growing buffer; fdt_frag_free() frees it and accepts a
 *          zeroed structure. A walk only reads the caller's tree.
 * Errors:  negative errno. -EBADMSG: a walk that makes no tree (property, sibling or
 *          parent without a node, child above the top, invalid names). -E2BIG: one of the
 *          limits below is exceeded. -ENOMEM.
 * Source:  PAPR+ 13.5.3.5; libfdt
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/workarea.h"

enum {
	DT_FRAG_DEPTH = 16,
	DT_FRAG_TOPS = 16,
	DT_FRAG_NODES = 1024,
	DT_FRAG_PROPS = 16384,
	DT_FRAG_BYTES = 1 << 20,
};

struct fdt_frag {
	void *fdt; /* complete after fdt_frag_finish() */
	size_t size;
	/* set by fdt_frag_check(): */
	int own; /* offset of the connector's own node */
	uint32_t class_code,
		partner; /* its "class-code", "ibm,multipath-partner-drc"; or 0 */
	/* state until fdt_frag_finish(): */
	unsigned int tops, nodes, props;
	struct fdt_frag_level {
		int offset;
		bool has_name, has_child;
	} open[DT_FRAG_DEPTH]; /* the path to the node that receives properties */
	int depth;
	struct late_prop *late; /* properties that came after a child node */
	size_t n_late;
};

/* Begin an empty fragment. Return 0 or -ENOMEM. */
int fdt_frag_init(struct fdt_frag *frag);

void fdt_frag_free(struct fdt_frag *frag);

/* Add the next answer of a walk: sibling, child, property or parent. CC_MORE_MEMORY
 * changes nothing. After an error the fragment must only be freed. */
int fdt_frag_add(struct fdt_frag *frag, const struct cc_item *item);

/* Complete the fragment. A node without a "name" property gets one: its node name without
 * unit address, as the kernel does when it unflattens a tree. */
int fdt_frag_finish(struct fdt_frag *frag);

/* Return the offset of the first top node in a finished fragment; negative if it has
 * none. */
int fdt_frag_top(const struct fdt_frag *frag);

/* Return the offset of the next top node in the order of arrival; negative after the
 * last. */
int fdt_frag_next_top(const struct fdt_frag *frag, int top);

/* Check that the connector may attach this fragment: legal and unique names, a node of
 * its own, no top node of another connector. Its own node, frag->own, is the first top
 * node with its "ibm,my-drc-index" that is no interrupt controller, which has the index
 * of its host bridge. Return 0, or -EBADMSG and set *why. */
int fdt_frag_check(struct fdt_frag *frag, uint32_t drc_index, const char **why);

/* Firmware side: send a flattened tree as a walk. */
struct fdt_walk {
	const void *fdt;
	int start, next; /* offsets of the first and of the next tag */
	int depth;
	bool siblings; /* continue with the siblings of the first node */
};

/* Begin at the node at this offset. */
void fdt_walk_begin(struct fdt_walk *w, const void *fdt, int node);
/* Begin at this node, and continue with the siblings after it. For all top nodes of a
 * fragment. */
void fdt_walk_begin_all(struct fdt_walk *w, const void *fdt, int node);

/* Return the next item. At the end item->status is CC_COMPLETE and the walk starts again.
 * Return 0, or -EBADMSG if the tree is damaged. */
int fdt_walk_next(struct fdt_walk *w, struct cc_item *item);
