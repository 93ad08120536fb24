/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay.h - /proc/device-tree-overlay: interfaces between the parts of this module
 *
 * A blob passes through these files:
 *
 *   proc.c      the file: collects the bytes of many writes; applies one blob at a time;
 *               why a blob is rejected
 *   blob.c      checks that the blob is a sound tree within the limits, makes nodes of it
 *   decode.c    reads its id, flags and fragments
 *   merge.c     applies each fragment to a draft of the tree
 *   draft.c     the future tree: nodes and properties that differ from the live tree
 *   plan.c      turns the differences into steps, at most one per node and property
 *   step.c      makes all steps in the live tree, or none
 *   node.c      allocates and compares nodes and properties
 *   record.c    applied changes that can be reverted; the text that read(2) returns
 *
 * The kernel's own of_overlay_fdt_apply() is not used. Distributions build their kernels for
 * Power without it. It removes no nodes and does not change #address-cells.
 *
 * Format and errors: papr-dt-overlay(4). Functions return 0 or a negative errno.
 */
#ifndef PAPR_DT_OVERLAY_H
#define PAPR_DT_OVERLAY_H

#include <linux/bits.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/of.h>
#include <linux/seq_file.h>
#include <linux/types.h>

/* The same as in wire/overlay.h. */
#define OVERLAY_HEAD_BYTES    8 /* enough to read the size */
#define OVERLAY_BYTES_MAX     (1U << 20)
#define OVERLAY_FRAGMENTS_MAX 64
#define OVERLAY_NODES_MAX     1024 /* below all "__overlay__" together */
#define OVERLAY_ALL_NODES_MAX 2048
#define OVERLAY_DEPTH_MAX     16 /* below each "__overlay__" */
#define OVERLAY_LEVELS_MAX    64 /* of new nodes below a live one */
#define OVERLAY_PROPS_MAX     16384
#define OVERLAY_ID_MAX	      63
#define OVERLAY_RECORDS_MAX   256
#define OVERLAY_REASON_BYTES  400 /* with its NUL */

#define OVERLAY_CHECK_ONLY BIT(0) /* test without applying */
#define OVERLAY_TRANSIENT  BIT(1) /* keep no record; with "papr,revert": forget it */

/* ---- proc.c -------------------------------------------------------------------- */

/* One line for the file's text; empty: no reason. */
struct reason {
	char text[OVERLAY_REASON_BYTES];
};

/* Set the reason unless it is set already, and return err. -ENOMEM needs no reason. */
__printf(3, 4) int refuse(struct reason *reason, int err, const char *format, ...);

/* ---- blob.c -------------------------------------------------------------------- */

/* Read the size of a blob from its first OVERLAY_HEAD_BYTES, which are aligned to cells.
 * Return 0, -EINVAL or -EFBIG. */
int blob_size(const void *head, size_t max, size_t *size, struct reason *reason);

struct overlay;
/* Check that o->blob is a sound tree within the limits, and make nodes of it, at o->root,
 * which the caller frees with kvfree() in any case. They point into the blob. Nodes have a
 * full_name, which is only their last part, parent, child, sibling, properties and phandle,
 * and properties a name, length, value and next. Return 0, -EINVAL, -E2BIG or -ENOMEM. */
int blob_unflatten(struct overlay *o, size_t len);

/* ---- decode.c ------------------------------------------------------------------ */

enum overlay_op {
	OVERLAY_MERGE,
	OVERLAY_ADD,	/* no part of it exists yet */
	OVERLAY_UPDATE, /* all of it exists */
	OVERLAY_REMOVE_NODE,
	OVERLAY_REMOVE_PROPERTIES,
};

struct fragment {
	const char *name;
	enum overlay_op op;
	const char *path; /* of the target; NULL: phandle is the target */
	u32 phandle;
	struct device_node *content; /* "__overlay__"; NULL: missing */
	const char *names;	     /* of properties, each with its NUL; NULL: none */
	int names_len;
};

/* Pointers point into blob and nodes. They never become a part of the live tree. */
struct overlay {
	void *blob;
	struct device_node *root; /* and all nodes after it, and their properties */
	unsigned int size;	  /* nodes and properties, at most */
	struct reason *reason;	  /* the caller's */
	const char *id, *revert;
	u32 flags;
	unsigned int fragments;
	struct fragment fragment[OVERLAY_FRAGMENTS_MAX];
};

/* Decode a blob and take ownership of it, also after an error. *o is NULL, or an overlay
 * that the caller must free with overlay_free(). */
int overlay_decode(struct overlay **o, void *blob, size_t len, struct reason *reason);
void overlay_free(struct overlay *o);

/* ---- node.c -------------------------------------------------------------------- */

/*
 * Create a node. The kernel counts two references to a node of the live tree. One is
 * sysfs's. The other is the tree's own, which the kernel's DLPAR code drops after it has
 * detached the node. A new node has the tree's own reference.
 */
struct device_node *node_new(const char *name);
/* Drop the tree's own reference to a detached node. A node of the boot tree keeps it,
 * because its memory is never freed. */
void node_drop(struct device_node *np);
bool node_is_attached(const struct device_node *np);
/* Return true if Linux uses the node: an online CPU, or memory with an online page. */
bool node_is_in_use(struct device_node *np);
/* Return the handle by which the kernel finds the node once it is attached; 0: none. */
u32 node_handle(const struct device_node *np);
/* Return the last part of the node's name. */
const char *node_name(const struct device_node *np);
/* Return the child with this name, with a reference held, or NULL. */
struct device_node *node_child(const struct device_node *np, const char *name);

/* Allocate a property in the way in which the kernel frees it. NULL: out of memory. */
struct property *property_new(const char *name, const void *value, int len);
void property_free(struct property *prop);
/* Return true if both have the same value. */
bool property_is(const struct property *a, const struct property *b);
/* Return true for "phandle", "linux,phandle" and "ibm,phandle". */
bool property_is_handle(const char *name);

/* ---- draft.c ------------------------------------------------------------------- */

/* A property of a draft that differs from the live node's, or of a new node that
 * draft_open() has prepared. */
struct draft_prop {
	struct list_head list;
	struct hlist_node hash;
	const struct draft *owner;
	const char *name;
	struct property *prop; /* of the overlay; NULL: it is removed */
};

/* A node that a blob refers to or changes. */
struct draft {
	struct list_head list; /* of all drafts, in the order of creation */
	struct hlist_node hash;
	struct draft *parent;  /* NULL: the root */
	unsigned int children; /* that the plan attaches */
	const char *name;
	struct device_node *live; /* held; NULL: the node is new */
	struct device_node *like; /* of the overlay, with the properties of a new node */
	unsigned int level;	  /* of a new node: 1 below a live one */
	struct step *step;	  /* of a new node: it attaches the node */
	struct list_head props;
	u32 handle; /* 0: none */
	bool is_removed;
};

struct drafts {
	struct reason *reason;
	const char *fragment; /* the fragment that is being applied; NULL: none */
	struct list_head all;
	struct hlist_head *nodes, *props; /* hash tables */
	u32 mask;
};

/* Create the draft of the root, and room for about n nodes and properties. The caller frees
 * the drafts in any case. Return 0 or -ENOMEM. */
int drafts_init(struct drafts *all, struct reason *reason, unsigned int n);
void drafts_free(struct drafts *all);

/* Set the reason as refuse() does, with the fragment and the path of a node before it. */
__printf(4, 5) int draft_refuse(const struct drafts *all, const struct draft *d, int err,
				const char *format, ...);
/* Write the path to the end of a buffer, and return where it begins. Of a longer path,
 * the end follows "...". */
const char *draft_path(const struct draft *d, char *buffer, size_t room);

/* Return true if the node, or a node above it, is removed. */
bool draft_is_gone(const struct draft *d);
/* Find a node that is not removed by its path in /proc/device-tree, of len bytes up to a
 * slash or the end. Aliases and incomplete names do not match. Return 0, -ENODEV or
 * -ENOMEM. */
int draft_find(struct drafts *all, const char *path, size_t len, struct draft **found);
int draft_by_handle(struct drafts *all, u32 handle, struct draft **found);
int draft_child(struct drafts *all, struct draft *d, const char *name,
		struct draft **found);

/* Prepare a node before its properties are tested or set: the properties of a new node get
 * drafts, so that no later search is linear. Return 0 or -ENOMEM. */
int draft_open(struct drafts *all, struct draft *d);
/* Put the properties that a new node will have into the list of d->like, and return it. */
const struct property *draft_close(const struct draft *d);
/* Return true if the node will have this property. */
bool draft_has(const struct drafts *all, const struct draft *d, const char *name);
/* Set a property like this one. NULL: remove it. */
int draft_set(struct drafts *all, struct draft *d, const char *name,
	      struct property *prop);
/* Set the handle of a new node without one; 0 is none. Return -EEXIST if it is in use. */
int draft_set_handle(struct drafts *all, struct draft *d, u32 handle);
/* Add a new node like this one, with all its descendants. */
int draft_add(struct drafts *all, struct draft *parent, struct device_node *like);

/* ---- step.c -------------------------------------------------------------------- */

enum step_kind { STEP_ATTACH, STEP_DETACH, STEP_SET, STEP_UNSET };

struct step {
	struct list_head list;
	struct hlist_node hash; /* by path and name, the same as path */
	enum step_kind kind;
	char *path;		/* of the node, in a plan that is kept */
	struct step *above;	/* of the same kind, for the parent; NULL: none */
	struct step *undo;	/* in a record, while it is reverted */
	struct draft *draft;	/* ATTACH: the node is made from it; NULL: an old node */
	struct device_node *np; /* held; NULL in a record, which finds the node by path */
	bool is_ours;		/* we must drop the tree's own reference to np */
	const char *name;	/* of the property */
	struct property *prop;	/* SET: the new property, until the node owns it */
	struct property *was;	/* the previous live property; only compared */
	struct property *old;	/* a copy of it, if a record needs one */
	const struct property *to; /* SET: what the overlay has */
	/* While the steps are applied: its entry, once it is made; the steps for children
	 * that are undone with this one. */
	struct of_changeset_entry *entry;
	bool is_undoing;
	unsigned int below;
};

struct step *step_new(struct list_head *steps, enum step_kind kind,
		      struct device_node *np);
void steps_free(struct list_head *steps);
/* Watch the kernel's notifications. Return 0 or an error. */
int steps_init(void);
void steps_exit(void);
/* Make all steps: first DETACH, then the others at once. If one fails, undo those already
 * made and return its error. The reason and the kernel's log name what cannot be undone,
 * because another writer has changed it. */
int steps_apply(struct list_head *steps, struct reason *reason);

/* ---- plan.c -------------------------------------------------------------------- */

struct plan {
	struct drafts drafts;
	struct list_head steps;
	struct hlist_head *paths; /* a hash table of the steps, in a plan that is kept */
	u32 mask;
	unsigned int added, removed, props;
};

/* Create a plan for about n nodes and properties. */
struct plan *plan_new(struct reason *reason, unsigned int n);
void plan_free(struct plan *plan);
/* Plan the steps from the live tree to the drafts. */
int plan_make(struct plan *plan);
/* Add what a record needs: the paths of the steps, and copies of the properties that
 * change. */
int plan_keep(struct plan *plan);
/* Return the steps that may be for this property of the node with this path, or, without a
 * property, for the node. */
struct hlist_head *plan_steps(const struct plan *plan, const char *path, size_t len,
			      const char *property);
/* Return the length of the parent's path; 0: the root's. */
size_t plan_parent_len(const char *path, size_t len);

/* ---- merge.c ------------------------------------------------------------------- */

int merge_fragments(struct drafts *all, const struct overlay *o);

/* ---- record.c ------------------------------------------------------------------ */

/* Apply or revert. The caller must not run these two at the same time. If records_apply()
 * returns 0 and keeps the overlay in a record, it sets *o to NULL. */
int records_apply(struct overlay **o);
int records_revert(const struct overlay *o);
/* Return the number of blobs that have changed the tree so far. */
unsigned int records_completed(void);
/* Print a line for each record, the oldest first. */
void records_show(struct seq_file *out);

#endif
