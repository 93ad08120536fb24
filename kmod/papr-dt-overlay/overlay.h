/* SPDX-License-Identifier: GPL-2.0 */
/*
 * overlay.h - /proc/device-tree-overlay: what the parts of this module know of each other
 *
 * A blob goes this way:
 *
 *   proc.c      the file: bytes of many writes become a blob; one blob at a time
 *   blob.c      is it a sound tree, within the limits? Not a byte of it is trusted before
 *   decode.c    what it means: an id, flags, fragments
 *   merge.c     each fragment, against the tree as it will be by then: a plan
 *   plan.c      changes that are made together, or not at all, by a changeset
 *   view.c      the tree as it will be when a plan has been carried out
 *   record.c    what was applied, to be taken back; the text that read(2) gives
 *
 * Format and errors: papr-dt-overlay(4). Functions return 0 or a negative errno.
 */
#ifndef PAPR_DT_OVERLAY_H
#define PAPR_DT_OVERLAY_H

#include <linux/bits.h>
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/of.h>
#include <linux/seq_file.h>
#include <linux/types.h>

/* The same as in wire/overlay.h. */
#define OVERLAY_HEAD_BYTES    8 /* from which the size is known */
#define OVERLAY_BYTES_MAX     (1U << 20)
#define OVERLAY_FRAGMENTS_MAX 64
#define OVERLAY_NODES_MAX     1024 /* below all "__overlay__" */
#define OVERLAY_ALL_NODES_MAX 2048
#define OVERLAY_DEPTH_MAX     16 /* below each "__overlay__" */
#define OVERLAY_PROPS_MAX     16384
#define OVERLAY_ID_MAX	      63

#define OVERLAY_CHECK_ONLY BIT(0) /* would it work? */
#define OVERLAY_TRANSIENT  BIT(1) /* it will not be taken back by its id */

/* ---- blob.c -------------------------------------------------------------------- */

/* How long the blob is that begins with these OVERLAY_HEAD_BYTES; -EINVAL, -EFBIG. */
int blob_size(const void *head, size_t max, size_t *size);

/* Sound, and within the limits? -EINVAL, -E2BIG, -ENOMEM. */
int blob_check(const void *blob, size_t len);

/* ---- decode.c ------------------------------------------------------------------ */

enum overlay_op {
	OVERLAY_MERGE,
	OVERLAY_ADD,	/* nothing of it is there yet */
	OVERLAY_UPDATE, /* all of it is there */
	OVERLAY_REMOVE_NODE,
	OVERLAY_REMOVE_PROPERTIES,
};

struct fragment {
	enum overlay_op op;
	const char *path; /* NULL: it is the handle that counts */
	u32 phandle;
	struct device_node *content; /* "__overlay__"; NULL: it has none */
	const char *names;	     /* of properties, each with its NUL; NULL: none */
	int names_len;
	struct device_node *target; /* held, when merge.c has found it */
};

/* A blob that blob_check() accepted; all below points into blob and memory. */
struct overlay {
	void *blob;
	void *memory; /* its nodes */
	const char *id, *revert;
	u32 flags;
	unsigned int fragments;
	struct fragment fragment[OVERLAY_FRAGMENTS_MAX];
};

/* Takes the blob: overlay_free() frees it, whatever this returns. */
int overlay_decode(struct overlay *o, void *blob);
/* For good: parts of it may be in the live tree. */
void overlay_leave(struct overlay *o);
void overlay_free(struct overlay *o);

/* ---- plan.c -------------------------------------------------------------------- */

/* A node that changes have to do with. */
struct place {
	struct list_head list;
	struct device_node *np; /* held until the plan is over */
	char *path;
	bool gone; /* by this plan */
};

enum change_kind { NODE_ADDED, NODE_REMOVED, PROP_CHANGED, PROP_REMOVED };

/* Nodes, parents before children, and children in the opposite of their order: as
 * attaching them wants it; detaching goes backward. All are held.
 */
struct nodes {
	struct device_node **np;
	unsigned int count, room;
};

struct change {
	struct list_head list;
	enum change_kind kind;
	struct place *place;
	unsigned int count; /* NODE_*: with all below it */
	struct nodes nodes; /* NODE_REMOVED */
	const char *name;   /* of the property; the property's own while it is planned */
	struct property *old; /* a copy of what it was, if that is kept; NULL: nothing */
};

/* What a plan makes true; see view.c. */
struct fact {
	struct hlist_node hash;
	struct list_head list;
	int kind;
	const void *owner;
	const char *name;
	void *value;
};

struct plan {
	struct of_changeset changeset;
	struct list_head changes, places, facts, made;
	bool keep;	/* it may be taken back later */
	bool uses_blob; /* parts of a blob's tree become parts of the live one */
	bool touched;	/* the live tree has seen it, if only for a moment */
	unsigned int added, removed, props;
	DECLARE_HASHTABLE(hash, 10);
};

struct plan *plan_new(bool keep);
void plan_free(struct plan *plan);

/* A new node, detached, with all below it. */
int plan_add(struct plan *plan, struct device_node *parent, struct device_node *np);
/* Nodes that an earlier plan has removed. */
int plan_add_again(struct plan *plan, struct device_node *parent,
		   const struct nodes *nodes);
/* count: how many nodes there have to be, or 0; else -EBUSY. */
int plan_remove(struct plan *plan, struct device_node *np, unsigned int count);
int plan_set(struct plan *plan, struct device_node *np, struct property *prop);
/* A copy of it. */
int plan_set_again(struct plan *plan, struct device_node *np,
		   const struct property *prop);
/* -ENOENT: there is no such property. */
int plan_unset(struct plan *plan, struct device_node *np, const char *name);
/* All of it, or nothing. */
int plan_apply(struct plan *plan);

void change_free(struct change *change);
void place_free(struct place *place);

/* ---- view.c -------------------------------------------------------------------- */

bool view_is_gone(const struct plan *plan, const struct device_node *np);
/* These hold the node: the caller lets go of it. */
struct device_node *view_child(const struct plan *plan, const struct device_node *np,
			       const char *name);
struct device_node *view_find(const struct plan *plan, const char *path);
struct device_node *view_by_phandle(const struct plan *plan, u32 phandle);
/* Nodes keep properties, also those that they have no more. */
struct property *view_property(const struct plan *plan, const struct device_node *np,
			       const char *name);
/* The node and all below it. */
int view_collect(const struct plan *plan, struct device_node *np, struct nodes *nodes);
void nodes_free(struct nodes *nodes);

struct place *view_place(struct plan *plan, struct device_node *np);
int view_now_child(struct plan *plan, const struct device_node *parent,
		   struct device_node *np);
int view_now_handle(struct plan *plan, u32 phandle, struct device_node *np);
int view_now_property(struct plan *plan, const struct device_node *np, const char *name,
		      struct property *prop);

/* The last part of a node's name. */
const char *node_name(const struct device_node *np);
/* The handle that the kernel finds a node by that is attached; 0: none. */
u32 node_handle(const struct device_node *np);

/* ---- merge.c ------------------------------------------------------------------- */

int merge_fragments(struct plan *plan, struct overlay *o);

/* ---- record.c ------------------------------------------------------------------ */

/* These are called by one at a time. */
int records_apply(struct overlay *o);
int records_revert(struct overlay *o);
/* Blobs, so far, that have changed the tree. */
unsigned int records_completed(void);
/* A line for each record, the oldest first. */
void records_show(struct seq_file *out);

#endif
