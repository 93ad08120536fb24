/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay.h - /proc/device-tree-overlay: what the parts of this module know of each other
 *
 * A blob goes this way:
 *
 *   proc.c      the file: bytes of many writes become a blob; one blob at a time
 *   blob.c      is it a sound tree, within the limits? Not a byte of it is trusted before
 *   decode.c    what it means: an id, flags, fragments
 *   resolve.c   a compiler's references get their values
 *   merge.c     each fragment changes a draft of the tree
 *   draft.c     the tree as it will be: nodes and properties that differ from the live one
 *   plan.c      the differences as steps, at most one a node and one a property
 *   step.c      one step of the live tree, and back
 *   node.c      nodes and properties as the kernel frees them
 *   record.c    what was applied, to be taken back; the text that read(2) gives
 *   reason.c    why a blob is refused
 *
 * Format and errors: papr-dt-overlay(4). Functions return 0 or a negative errno.
 */
#ifndef PAPR_DT_OVERLAY_H
#define PAPR_DT_OVERLAY_H

#include <linux/bits.h>
#include <linux/hashtable.h>
#include <linux/limits.h>
#include <linux/list.h>
#include <linux/of.h>
#include <linux/seq_file.h>
#include <linux/types.h>

/* The same as in wire/overlay.h. */
#define OVERLAY_HEAD_BYTES     8 /* from which the size is known */
#define OVERLAY_BYTES_MAX      (1U << 20)
#define OVERLAY_FRAGMENTS_MAX  64
#define OVERLAY_NODES_MAX      1024 /* below all "__overlay__" */
#define OVERLAY_ALL_NODES_MAX  2048
#define OVERLAY_DEPTH_MAX      16 /* below each "__overlay__" */
#define OVERLAY_PROPS_MAX      16384
#define OVERLAY_ID_MAX	       63
#define OVERLAY_REFERENCES_MAX 16384 /* of "__fixups__" and "__local_fixups__" */
#define OVERLAY_REASON_BYTES   400   /* with its NUL */

#define OVERLAY_CHECK_ONLY BIT(0) /* would it work? */
#define OVERLAY_TRANSIENT  BIT(1) /* it will not be taken back by its id */

/* ---- reason.c ------------------------------------------------------------------ */

/* One line for the file's text; empty: none. */
struct reason {
	char text[OVERLAY_REASON_BYTES];
};

/* Set the reason, unless there is one, and return err. -ENOMEM needs none. */
__printf(3, 4) int refuse(struct reason *reason, int err, const char *format, ...);

/* ---- blob.c -------------------------------------------------------------------- */

/* How long the blob is that begins with these OVERLAY_HEAD_BYTES; -EINVAL, -EFBIG. */
int blob_size(const void *head, size_t max, size_t *size, struct reason *reason);

/* Sound, and within the limits? -EINVAL, -E2BIG, -ENOMEM. */
int blob_check(const void *blob, size_t len, struct reason *reason);

/* ---- decode.c ------------------------------------------------------------------ */

enum overlay_op {
	OVERLAY_MERGE,
	OVERLAY_ADD,	/* nothing of it is there yet */
	OVERLAY_UPDATE, /* all of it is there */
	OVERLAY_REMOVE_NODE,
	OVERLAY_REMOVE_PROPERTIES,
};

struct fragment {
	const char *name;
	enum overlay_op op;
	const char *path; /* of the target; NULL: phandle counts */
	u32 phandle;
	struct device_node *content; /* "__overlay__"; NULL: it has none */
	const char *names;	     /* of properties, each with its NUL; NULL: none */
	int names_len;
	struct draft *target; /* when merge.c has found it */
};

/* A blob that blob_check() accepted; all below points into blob and memory. None of its
 * nodes and properties becomes a part of the live tree. */
struct overlay {
	void *blob;
	void *memory; /* its nodes */
	struct device_node *root;
	struct reason *reason;	     /* the caller's */
	struct device_node *symbols; /* "__symbols__" of a compiler's; NULL: none */
	struct property *made;	     /* what these become in the live tree */
	const char *id, *revert;
	u32 flags;
	unsigned int fragments;
	struct fragment fragment[OVERLAY_FRAGMENTS_MAX];
};

/* Takes the blob, whatever this returns. NULL or an overlay to be freed in *o. */
int overlay_decode(struct overlay **o, void *blob, struct reason *reason);
void overlay_free(struct overlay *o);

/* ---- resolve.c ----------------------------------------------------------------- */

/* Give references their values, as of the live tree. A value that was checked before can be
 * different afterwards, but "name". -ENOENT: no such label; -ENODEV: its node, or the handle of it,
 * does not exist; -ENOSPC: no handle is left; -E2BIG: too many references. */
int overlay_resolve(struct overlay *o);

/* ---- node.c -------------------------------------------------------------------- */

/*
 * The kernel counts two references to a node of the live tree: one is sysfs', and one is
 * the tree's own, which its DLPAR code drops after it has detached the node. A new node has
 * the latter.
 */
struct device_node *node_new(const char *name);
/* Drop the tree's own, of a node that is detached. A node of the boot tree keeps it: its
 * memory is never freed. */
void node_drop(struct device_node *np);
/* At the end of a new node's list. Takes prop. */
void node_append(struct device_node *np, struct property *prop);
bool node_is_attached(const struct device_node *np);
/* Does the kernel use it: a CPU that is online, memory? */
bool node_is_in_use(struct device_node *np);
/* The handle that the kernel finds it by once it is attached; 0: none. */
u32 node_handle(const struct device_node *np);
/* The last part of its name. */
const char *node_name(const struct device_node *np);
/* Held; NULL: there is none. */
struct device_node *node_child(const struct device_node *np, const char *name);
/* Copy the next name of a path, and move *path after it. Return 1, 0 at the end, -ENODEV
 * if it is empty or too long. */
int path_name(const char **path, char name[NAME_MAX + 1]);
/* As a path of /proc/device-tree: no alias, nothing left out. Held. */
struct device_node *node_find(const char *path);

/* As the kernel frees it; NULL: out of memory. */
struct property *property_new(const char *name, const void *value, int len);
void property_free(struct property *prop);
bool property_is(const struct property *prop, const void *value, int len);
/* Is this the "name" that the kernel adds to a node that it unflattens? */
bool property_is_made(const struct device_node *np, const struct property *prop);
/* "phandle", "linux,phandle", "ibm,phandle" */
bool property_is_handle(const char *name);

/* ---- draft.c ------------------------------------------------------------------- */

/* A property of a draft that is not (only) the live node's. */
struct draft_prop {
	struct list_head list;
	struct hlist_node hash;
	const struct draft *owner;
	const char *name;
	const void *value;
	int len;
	bool is_set; /* else it is removed */
};

/* A node that a blob has to do with. */
struct draft {
	struct list_head list; /* of all, in the order in which they were made */
	struct hlist_node hash;
	struct draft *parent; /* NULL: the root */
	struct list_head children, sibling;
	const char *name;
	struct device_node *live; /* held; NULL: it is new */
	struct device_node *made; /* of a new one: while a plan is carried out */
	struct list_head props;
	u32 handle; /* 0: none */
	bool is_removed;
};

struct drafts {
	struct reason *reason;
	const char *fragment; /* whose changes are made; NULL: none */
	struct list_head all;
	DECLARE_HASHTABLE(nodes, 8);
	DECLARE_HASHTABLE(props, 8);
};

void drafts_init(struct drafts *all, struct reason *reason);
void drafts_free(struct drafts *all);

/* As refuse(), with the fragment and the path of a node. */
__printf(4, 5) int draft_refuse(const struct drafts *all, const struct draft *d, int err,
				const char *format, ...);
/* Write the path to the end of a buffer, and return where it begins. Of a longer path, the
 * end follows "...". */
const char *draft_path(const struct draft *d, char *buffer, size_t room);

/* The path of a node, and what follows it. Allocated; NULL: out of memory. */
char *draft_path_below(const struct draft *d, const char *rest);

/* Removed, or below a node that is. */
bool draft_is_gone(const struct draft *d);
/* These find one that is not gone: -ENODEV; -ENOMEM. */
int draft_find(struct drafts *all, const char *path, struct draft **found);
int draft_by_handle(struct drafts *all, u32 handle, struct draft **found);
int draft_child(struct drafts *all, struct draft *d, const char *name,
		struct draft **found);

/* A property's value as it will be; false: there is none. */
bool draft_has(const struct drafts *all, const struct draft *d, const char *name);
/* Has the node this property with this value? */
bool draft_is(const struct drafts *all, const struct draft *d,
	      const struct property *prop);
int draft_set(struct drafts *all, struct draft *d, const struct property *prop);
/* -ENOENT: there is no such property. */
int draft_unset(struct drafts *all, struct draft *d, const char *name);
/* For a node that has none; 0: none. -EEXIST: it is in use. */
int draft_take_handle(struct drafts *all, struct draft *d, u32 handle);
/* A new node like this one, with all below it. */
int draft_add(struct drafts *all, struct draft *parent, const struct device_node *like);

/* ---- step.c -------------------------------------------------------------------- */

enum step_kind { STEP_ATTACH, STEP_DETACH, STEP_SET, STEP_UNSET };

struct step {
	struct list_head list;
	enum step_kind kind;
	char *path;	     /* of the node */
	bool is_top;	     /* of the nodes that are attached, or detached, together */
	struct draft *draft; /* ATTACH: what it is made from; NULL: an old node */
	struct device_node *np; /* held; NULL in a record, where it is found by path */
	struct device_node *parent; /* held, if nothing else does */
	bool is_ours;		    /* the tree's own reference to np is ours to drop */
	const char *name;	    /* of the property */
	struct property *prop;	    /* SET: the new one, until the step is made */
	struct property *made;	    /* the same, when it is the node's */
	struct property *was;	    /* the live one before; only compared */
	struct property *old;	    /* a copy of it, if that is kept */
	const void *value;	    /* SET: what was written */
	int len;
	u32 handle; /* that a live node takes, or loses; 0: neither */
	struct of_changeset changeset;
	bool was_ours; /* before the step */
};

struct step *step_new(struct list_head *steps, enum step_kind kind,
		      struct device_node *np);
void steps_free(struct list_head *steps);
/* All, or none: then what was done is undone. */
int steps_apply(struct list_head *steps, struct reason *reason);
/* The end, also of those that were undone. */
void steps_commit(struct list_head *steps);

/* ---- plan.c -------------------------------------------------------------------- */

struct plan {
	struct drafts drafts;
	struct list_head steps;
	unsigned int added, removed, props;
};

struct plan *plan_new(struct reason *reason);
void plan_free(struct plan *plan);
/* The steps from the live tree to the drafts. keep: with copies of what changes. */
int plan_make(struct plan *plan, bool keep);

/* ---- merge.c ------------------------------------------------------------------- */

int merge_fragments(struct drafts *all, struct overlay *o);

/* ---- record.c ------------------------------------------------------------------ */

/* These are called by one at a time. apply takes the overlay if it returns 0 and kept it:
 * *o is NULL then. */
int records_apply(struct overlay **o);
int records_revert(const struct overlay *o);
/* Blobs, so far, that have changed the tree. */
unsigned int records_completed(void);
/* A line for each record, the oldest first. */
void records_show(struct seq_file *out);

#endif
