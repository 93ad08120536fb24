/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * apply.h - change the device tree: one interface, one file for each kernel interface
 *
 * Order of preference, the first that this kernel offers:
 *   overlay  /proc/device-tree-overlay: a whole fragment in one write
 *   dlpar    /sys/kernel/dlpar: the kernel does the configure-connector walk
 *   ofdt     /proc/ppc64/ofdt: one node a write
 *
 * Every backend pushes the inverse of each change.
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "wire/fdt_frag.h"

struct apply_backend {
	const char *name;
	const char *file; /* the file that it writes */
	/* Kernel module that creates the file; loaded if the user names this backend.
	 * NULL: none. */
	const char *module;
	/* The kernel reads the fragment from firmware; this process must not. */
	bool walks;
	/* Return 0 if the interface is usable now, or a negative errno. */
	int (*probe)(const struct kern_root *root);
	/* Attach all top nodes of the fragment below parent, in order. frag is NULL if
	 * walks. Existing nodes are not changed. */
	int (*attach)(struct xact *x, const struct connector *c, const char *parent,
		      const struct fdt_frag *frag);
	/* Detach n nodes of one parent and all nodes below them, the connector's own node
	 * first. Check that they are removed. If walks, the kernel may remove more than
	 * the first at once. */
	int (*detach)(struct xact *x, const struct connector *c, const char *const *nodes,
		      size_t n);
};

extern const struct apply_backend apply_dlpar, apply_ofdt, apply_overlay;

/* For a recovery if no backend is usable: it refuses each change. */
extern const struct apply_backend apply_none;

/* Choose a backend by name, or with "auto" the first usable one of overlay, dlpar and
 * ofdt, and set dr->backend. attaches: nodes may be attached, also by the undo of a
 * removal, so unless the kernel walks, this process must be able to. Log why others are
 * not used. Return 0, -EOPNOTSUPP for an unknown name, or the error of the probe; then
 * dr->backend is NULL and *error is set. */
int apply_choose(struct dr_ctx *dr, const char *name, bool attaches,
		 struct dr_error *error);

/* The same for connectors, of which only some are in the request. If only the kernel can
 * attach nodes, it must find a connector that is described by lists: nothing may be begun
 * that cannot be undone. */
int apply_choose_for(struct dr_ctx *dr, const struct connectors *cs, const char *name,
		     struct dr_error *error);

/* Check that the kernel changes a resource, "cpu" or "memory", as a whole. Return 0, or the
 * error of the probe and *error. */
int apply_check_kernel(const struct dr_ctx *dr, const char *resource,
		       struct dr_error *error);

/* Let the kernel read the walk of a connector to its end. It attaches the nodes, which are
 * detached again; a core is released, too. Return 0 or a negative errno: -EEXIST: the
 * connector's node exists. -EOPNOTSUPP: this kernel does not walk, or memory would be the
 * result. */
int apply_walk_by_kernel(struct xact *x, const struct connector *c);

/* Attach the node of a connector again, whose node exists although firmware does not count
 * the connector as configured: the kernel's walk configures it. Linux has no device of the
 * node. Return 0, or a negative errno and xact.error. */
int apply_again_by_kernel(struct xact *x, const struct connector *c);

/* Attach the nodes that firmware describes for a connector, and check that they exist.
 * *node receives the path of the connector's own node, or NULL in a dry run. */
int tree_attach(struct xact *x, const struct connector *c, const char **node);
/* The same. *frag receives firmware's description, also after an error (fdt_frag_free()
 * it). It is empty if the kernel has attached the nodes, and in a dry run. */
int tree_attach_described(struct xact *x, const struct connector *c, const char **node,
			  struct fdt_frag *frag);

/* Detach n nodes of one parent that belong to a connector, its own first, and all nodes
 * below them. The inverse restores the same nodes. */
int tree_detach(struct xact *x, const struct connector *c, const char *const *nodes,
		size_t n);

/* Find the node that occupies a connector. Return 1 and its path; 0 and NULL without a
 * node; or the errno of the reading. */
int tree_find_occupant(const struct xact *x, const struct connector *c,
		       const char **node);
/* Like tree_find_occupant(), but ignore the nodes that node_children() returned
 * before. */
int tree_find_new_occupant(const struct xact *x, const struct connector *c,
			   const struct kern_names *before, const char **node);
/* Return 1, 0 without a node, or the errno of the reading. */
int tree_is_occupied(const struct xact *x, const struct connector *c);

/* Return 0 if a node that was attached exists, or if a node that was detached does not.
 * Otherwise fail the step. */
int tree_expect_attached(struct xact *x, const char *node);
int tree_expect_detached(struct xact *x, const char *step, const char *node);
