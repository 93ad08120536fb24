/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_changes.h - changes of the live tree that are made together, or not at all
 *
 * Each change is made at once, so that the next one sees it. kchanges_undo() takes all of
 * them back, and nobody has noticed; kchanges_settle() makes them final, and tells the
 * other parts of the kernel. What is to be taken back even later is kept: by path, for
 * the tree changes meanwhile, and one effect for each node and each property, however often
 * it has changed.
 *
 * Memory:  a list owns what it keeps; a zeroed one is empty.
 * Errors:  negative errno; a change that fails has changed nothing.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include "vmm/sim/kernel.h"
#include "wire/overlay.h"

enum kchange_kind { NODE_ADDED, NODE_REMOVED, PROP_CHANGED, PROP_REMOVED };

struct kchange {
	struct kchange *next; /* the one before */
	enum kchange_kind kind;
	char *path;	       /* of the node */
	struct dt_node *node;  /* while it is not settled */
	struct dt_prop *taken; /* PROP_REMOVED: the same */
	char *name;	       /* of the property */
	uint8_t *old;	       /* its value before; NULL: there was none */
	size_t old_len;
	/* What is kept: */
	void *added;  /* NODE_ADDED: a flattened tree */
	int removed;  /* NODE_REMOVED: where it is in the tree before */
	uint8_t *now; /* the property's value after; NULL: there is none */
	size_t now_len;
};

struct kchanges {
	struct kernel *k;
	bool keep;
	struct kchange *newest;
	struct kchange *kept;	     /* the effects, when it is final */
	void *before;		     /* if keep: the tree, flattened */
	unsigned int added, removed; /* nodes, with those below them */
	unsigned int props;
	const char *fragment;		   /* whose changes are made; NULL: none */
	char reason[OVERLAY_REASON_BYTES]; /* why the last one failed */
};

/* ---- kernel_changes.c ------------------------------------------------------------------ */

/* Add a node of a flattened tree, with all below it. -EEXIST: a handle is in use. */
int kchanges_add_node(struct kchanges *c, struct dt_node *parent, const void *fdt,
		      int offset);
/* The same, with this name. as_it_is: without the properties that the kernel adds. */
int kchanges_add(struct kchanges *c, struct dt_node *parent, const char *name,
		 const void *fdt, int offset, bool as_it_is);
/* -EBUSY: the kernel uses this processor or memory. */
int kchanges_remove_node(struct kchanges *c, struct dt_node *node);
int kchanges_set(struct kchanges *c, struct dt_node *node, const char *name,
		 const void *value, size_t len);
/* -ENOENT: the node has no such property. */
int kchanges_unset(struct kchanges *c, struct dt_node *node, const char *name);

/* Is this a property with a node's handle? */
bool kchanges_is_handle(const char *name);

/* Ask the parts of the kernel that can refuse a change: 0, or the error. */
int kchanges_allowed(struct kchanges *c);
void kchanges_undo(struct kchanges *c);
void kchanges_settle(struct kchanges *c);
void kchange_free(struct kchange *change);
void kchanges_free(struct kchanges *c);

/* Set the reason, unless there is one, and return err. */
int kchanges_refuse(struct kchanges *c, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same, with the fragment and the path of a node. */
int kchanges_refuse_at(struct kchanges *c, const struct dt_node *node, int err,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Shorten an allocated path for a reason: "..." replaces its beginning. */
const char *kchanges_path(char *path);

/* ---- kernel_kept.c ------------------------------------------------------------------------ */

/* Call this before the first change. */
int kchanges_begin(struct kchanges *c);
/* Call this before kchanges_settle(): note what a later revert needs. */
int kchanges_note(struct kchanges *c);
/* Make the opposite of what was kept. -EBUSY: the tree has changed since. */
int kchanges_revert(struct kchanges *c, const struct kchanges *kept);
/* Is there a node, or a property, that both changed? */
bool kchanges_overlap(const struct kchanges *a, const struct kchanges *b);
