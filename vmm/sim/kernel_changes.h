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

/* Set the reason, unless there is one, and return err. */
int kchanges_refuse(struct kchanges *c, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* The same, with the fragment and the path of a node. */
int kchanges_refuse_at(struct kchanges *c, const struct dt_node *node, int err,
		       const char *format, ...) __attribute__((format(printf, 4, 5)));

/* First of all. */
int kchanges_begin(struct kchanges *c);
/* A node of a flattened tree, with all below it. -EEXIST: a handle is in use. */
int kchanges_add_node(struct kchanges *c, struct dt_node *parent, const void *fdt,
		      int offset);
/* -EBUSY: it is of a processor, or of memory, in use. */
int kchanges_remove_node(struct kchanges *c, struct dt_node *node);
int kchanges_set(struct kchanges *c, struct dt_node *node, const char *name,
		 const void *value, size_t len);
/* -ENOENT: there is no such property. */
int kchanges_unset(struct kchanges *c, struct dt_node *node, const char *name);

/* Does this property have a node's handle? */
bool kchanges_is_handle(const char *name);

/* What those would say who are told of it when it is final: 0, or why not. */
int kchanges_allowed(struct kchanges *c);
/* Before it is final: what there is to be kept. */
int kchanges_note(struct kchanges *c);
void kchanges_undo(struct kchanges *c);
void kchanges_settle(struct kchanges *c);

/* The opposite of what was kept. -EBUSY: the tree is not any more what it
 * was made. */
int kchanges_revert(struct kchanges *c, const struct kchanges *kept);
/* Is there a node, or a property, that both changed? */
bool kchanges_overlap(const struct kchanges *a, const struct kchanges *b);
void kchanges_free(struct kchanges *c);
