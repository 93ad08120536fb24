/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_frag.h - a configure-connector walk <-> a flattened device tree
 *
 * A fragment is what one connector adds to the tree: a flattened tree whose nameless
 * root has the connector's own node as its child, and those that come with it: the
 * caches of a core, the interrupt controller of a host bridge. A walk that continues
 * with the status for "child" after one for "parent" adds a further child: firmware may
 * send siblings either way, and no node is lost. Top nodes are siblings of the first.
 *
 * Memory:  a fragment owns its growing buffer; fdt_frag_free() gives it back and
 *          accepts a zeroed structure. The walk borrows the tree it goes through.
 * Errors:  negative errno; -EBADMSG a walk that makes no tree (property, sibling or
 *          parent without a node, child above the top, names that are not ok),
 *          -E2BIG one of the limits below, -ENOMEM.
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
	/* while it is being built: */
	unsigned int tops, nodes, props;
	struct fdt_frag_level {
		int offset;
		bool has_name, has_child;
	} open[DT_FRAG_DEPTH]; /* the path to the node that properties go to */
	int depth;
	struct late_prop *late; /* properties that came behind a child node */
	size_t n_late;
};

/* An empty fragment. 0 or -ENOMEM. */
int fdt_frag_init(struct fdt_frag *frag);

void fdt_frag_free(struct fdt_frag *frag);

/* Takes the next answer of a walk: sibling, child, property, parent; CC_MORE_MEMORY
 * is no part of the tree and changes nothing. The fragment is of no use after an
 * error. */
int fdt_frag_add(struct fdt_frag *frag, const struct cc_item *item);

/* The walk is complete. Nodes that came without a "name" property have one then,
 * their name up to the unit address, as the kernel itself makes one up where it
 * unflattens a tree. */
int fdt_frag_finish(struct fdt_frag *frag);

/* Offset of the first top node in a finished fragment, negative if there is none. */
int fdt_frag_top(const struct fdt_frag *frag);

/* The one behind it, in the order in which they came; negative: it is the last. */
int fdt_frag_next_top(const struct fdt_frag *frag, int top);

/* The connector's own: the first top node with this "ibm,my-drc-index" that is no
 * interrupt controller, for that has the index of its host bridge. Negative: none. */
int fdt_frag_own(const struct fdt_frag *frag, uint32_t drc_index);

/* Legal and unique names? 0 or -EBADMSG; *why then says what is wrong in a few words. */
int fdt_frag_check_names(const struct fdt_frag *frag, const char **why);

/* Is this what the connector may attach? Legal and unique names, a node of its own, no
 * top node that belongs to another connector. 0 or -EBADMSG, and *why. */
int fdt_frag_check(const struct fdt_frag *frag, uint32_t drc_index, const char **why);

/* Firmware's half: goes through a flattened tree as a walk does. */
struct fdt_walk {
	const void *fdt;
	int start, next; /* offsets of the first and of the next tag */
	int depth;
	bool siblings; /* goes on with those of the first node */
};

/* Starts at the node at this offset. */
void fdt_walk_begin(struct fdt_walk *w, const void *fdt, int node);
/* The same, and goes on with the siblings behind it, as with all top nodes. */
void fdt_walk_begin_all(struct fdt_walk *w, const void *fdt, int node);

/* The next item; item->status is CC_COMPLETE at the end, where the walk starts
 * anew. 0, -EBADMSG if the tree is damaged. */
int fdt_walk_next(struct fdt_walk *w, struct cc_item *item);
