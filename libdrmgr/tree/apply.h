/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply.h - how the device tree is changed: one interface, one file per kernel interface
 *
 * Order of preference, first one that this kernel offers:
 *   overlay  /proc/device-tree-overlay: a whole fragment in one write
 *   dlpar    /sys/kernel/dlpar: the kernel walks configure-connector by itself
 *   ofdt     /proc/ppc64/ofdt: one node a write
 *
 * Every backend pushes the inverse of what it does.
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "wire/fdt_frag.h"

struct apply_backend {
	const char *name;
	const char *file; /* what it writes to */
	/* What serves the file, for those who ask for it by name; NULL: the kernel. */
	const char *module;
	/* The kernel asks firmware for the fragment; we must not. */
	bool walks;
	/* Can it be used now? 0, negative errno. */
	int (*probe)(const struct kern_root *root);
	/* Adds what the connector brings below parent, all top nodes of the fragment in
	 * order. frag is NULL if walks. Nodes that exist already stay as they are. */
	int (*attach)(struct xact *x, const struct connector *c, const char *parent,
		      const struct fdt_frag *frag);
	/* Removes nodes of one parent, the connector's own first, and all below them, and
	 * looks that they are gone. If walks, others may go along with the first. */
	int (*detach)(struct xact *x, const struct connector *c, const char *const *nodes,
		      size_t n);
};

extern const struct apply_backend apply_dlpar, apply_ofdt, apply_overlay;

/* The backend of this name, or with "auto" the first usable one of overlay, dlpar and ofdt
 * (the log says why one was not), into dr->backend. 0; -EOPNOTSUPP no such name; or why it
 * cannot be used: then dr->backend is NULL and *error tells. */
int apply_choose(struct dr_ctx *dr, const char *name, struct dr_error *error);

/* The same for cores and memory, which are the kernel's to change whole if it can: that
 * is what "dlpar" means there, and kernel_err is why it cannot. */
int apply_choose_by_hand(struct dr_ctx *dr, const char *name, int kernel_err,
			 struct dr_error *error);

/* Adds what the connector brings and looks that it is there. *node: path of its own
 * node, malloc'ed; NULL when that is only planned. */
int tree_attach(struct xact *x, const struct connector *c, char **node);

/* Removes nodes of one parent that came with a connector, its own first, and all below
 * them. The inverse puts back what was there before. */
int tree_detach(struct xact *x, const struct connector *c, const char *const *nodes,
		size_t n);

/* Path of the node that occupies a connector, malloc'ed; NULL if there is none. */
char *tree_find_occupant(const struct dr_ctx *dr, const struct connector *c);
/* The same, but not one of the nodes that node_children() has told of. */
char *tree_find_new_occupant(const struct dr_ctx *dr, const struct connector *c,
			     const struct kern_names *before);
bool tree_is_occupied(const struct dr_ctx *dr, const struct connector *c);
