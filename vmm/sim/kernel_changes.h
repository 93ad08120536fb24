/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_changes.h - transactions on the live tree: all changes are made, or none
 *
 * Each change takes effect at once, so that the next one sees it. kchanges_undo() reverts
 * them all, and no other part of the kernel sees them. kchanges_settle() makes them final
 * and notifies the other parts.
 *
 * A transaction that can be reverted later keeps its effects. They are recorded by path,
 * because the tree changes in the meantime. Each node and each property has one effect,
 * however often it changed.
 *
 * Memory:  a list owns its contents; a zeroed one is empty.
 * Errors:  negative errno; a change that fails has changed nothing.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include "vmm/sim/kernel.h"
#include "wire/overlay.h"

enum kchange_kind { NODE_ADDED, NODE_REMOVED, PROP_CHANGED, PROP_REMOVED };

struct kchange {
	struct kchange *next; /* the previous change */
	enum kchange_kind kind;
	char *path;	       /* of the node */
	struct dt_node *node;  /* valid until the changes are settled */
	struct dt_prop *taken; /* PROP_REMOVED: the property */
	char *name;	       /* of the property */
	uint8_t *old;	       /* previous value; NULL: the property did not exist */
	size_t old_len;
	/* Set only in kept effects: */
	void *added;  /* NODE_ADDED: a flattened tree */
	int removed;  /* NODE_REMOVED: offset in `before` */
	uint8_t *now; /* new value; NULL: the property does not exist */
	size_t now_len;
};

struct kchanges {
	struct kernel *k;
	bool keep;
	struct kchange *newest;
	struct kchange *kept;	     /* the effects, after kchanges_note() */
	void *before;		     /* if keep: the tree before the changes, flattened */
	unsigned int added, removed; /* numbers of nodes, including descendants */
	unsigned int props;
	const char *fragment;		   /* fragment that is applied; NULL: none */
	char reason[OVERLAY_REASON_BYTES]; /* why the last one failed */
};

/* ---- kernel_changes.c ------------------------------------------------------------------ */

/* Add a node of a flattened tree with its descendants. -EEXIST: a phandle is in use. */
int kchanges_add_node(struct kchanges *c, struct dt_node *parent, const void *fdt,
		      int offset);
/* Like kchanges_add_node(), with this name. as_it_is: do not add the properties that the
 * kernel generates. */
int kchanges_add(struct kchanges *c, struct dt_node *parent, const char *name,
		 const void *fdt, int offset, bool as_it_is);
/* Remove the node. -EBUSY: the kernel uses this processor or memory. */
int kchanges_remove_node(struct kchanges *c, struct dt_node *node);
int kchanges_set(struct kchanges *c, struct dt_node *node, const char *name,
		 const void *value, size_t len);
/* Remove the property. -ENOENT: the node has no such property. */
int kchanges_unset(struct kchanges *c, struct dt_node *node, const char *name);

/* Check with the other parts of the kernel that the changes are allowed. Return 0, or the
 * error of the part that refuses them. */
int kchanges_allowed(struct kchanges *c);
void kchanges_undo(struct kchanges *c);
void kchanges_settle(struct kchanges *c);
void kchange_free(struct kchange *change);
void kchanges_free(struct kchanges *c);

/* Set the reason, unless it is already set, and return err. */
int kchanges_refuse(struct kchanges *c, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Like kchanges_refuse(), and include the fragment and the path of a node. */
int kchanges_refuse_at(struct kchanges *c, const struct dt_node *node, int err,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));
/* The same for a handle that another node has. Both paths are freed. */
int kchanges_refuse_handle(struct kchanges *c, char *path, char *other, uint32_t handle);
/* Shorten an allocated path for a reason: "..." replaces its beginning. */
const char *kchanges_path(char *path);

/* ---- kernel_kept.c ------------------------------------------------------------------------ */

/* Prepare for the changes. Must be called before the first one. */
int kchanges_begin(struct kchanges *c);
/* Record what a later revert needs. Must be called before kchanges_settle(). */
int kchanges_note(struct kchanges *c);
/* Return true if these changes added the node, or a node above it. */
bool kchanges_is_new(const struct kchanges *c, const struct dt_node *node);
/* Revert the kept changes. -EBUSY: the tree has changed since. */
int kchanges_revert(struct kchanges *c, const struct kchanges *kept);
/* Return true if both changed the same node or the same property. */
bool kchanges_overlap(const struct kchanges *a, const struct kchanges *b);
