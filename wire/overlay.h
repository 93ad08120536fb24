/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * overlay.h - blobs for /proc/device-tree-overlay
 *
 * Shape:   a flattened tree of version 17. Properties of its root describe the whole:
 *          "papr,format", "papr,overlay-id", "papr,flags", "papr,revert". Each child of
 *          the root with "__overlay__" or "papr,op" is a fragment: one change, applied in
 *          order. It has a target ("target", a phandle, or "target-path"), "papr,op", and
 *          "__overlay__" with the new content, or "papr,properties" with the names of
 *          properties to remove. Other children are ignored.
 *          The handles in the blob are those of the live tree. A compiler's blob, which has
 *          references or labels and no "papr,format", must be resolved (overlay_resolve()).
 * Memory:  decoded fields point into the blob. A builder owns its growing buffer.
 * Errors:  negative errno, as the file returns them.
 *          -EINVAL: an invalid tree (damaged, two roots, a property after a child node,
 *          invalid or duplicate names; in new nodes a name that is no string, a handle
 *          that is no cell), no change, or an incomplete change.
 *          -EFBIG and -E2BIG: the limits below.
 *          -EOPNOTSUPP: an unknown format, flag or operation, or references to resolve
 *          ("__fixups__", "__local_fixups__") together with "papr,format".
 * Source:  papr-dt-overlay(4)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	OVERLAY_HEAD_BYTES = 8, /* enough to read the size */
	OVERLAY_BYTES_MAX = 1 << 20,
	OVERLAY_FRAGMENTS_MAX = 64,
	OVERLAY_NODES_MAX = 1024, /* below all "__overlay__" together */
	OVERLAY_ALL_NODES_MAX = 2048,
	OVERLAY_DEPTH_MAX = 16,	   /* below each "__overlay__" */
	OVERLAY_LEVELS_MAX = 64,   /* of new nodes below a live one */
	OVERLAY_PROPS_MAX = 16384, /* of all nodes */
	OVERLAY_ID_MAX = 63,
	OVERLAY_RECORDS_MAX = 256,
	OVERLAY_REASON_BYTES = 400, /* with its NUL */
};

enum overlay_flag {
	OVERLAY_CHECK_ONLY = 1, /* test without applying */
	OVERLAY_TRANSIENT = 2,	/* will not be reverted by its id */
};

enum overlay_op {
	OVERLAY_MERGE,
	OVERLAY_ADD,	/* no part of it exists yet */
	OVERLAY_UPDATE, /* all of it exists */
	OVERLAY_REMOVE_NODE,
	OVERLAY_REMOVE_PROPERTIES,
};

struct overlay {
	const void *fdt;
	const char *id;	    /* NULL: none */
	const char *revert; /* id of the overlay to revert; NULL: it has fragments */
	uint32_t flags;
	unsigned int fragments;
	bool is_marked;	    /* has "papr,format" */
	bool keeps_handles; /* also without references and labels */
	int symbols;	    /* offset of "__symbols__"; -1: none, or it is marked */
	char reason[OVERLAY_REASON_BYTES]; /* why it was rejected; empty: unknown */
};

struct overlay_fragment {
	const char *name;
	enum overlay_op op;
	const char *path; /* absolute; NULL: phandle is the target */
	uint32_t phandle;
	int content;	   /* offset of "__overlay__"; -1: missing */
	const char *names; /* of properties, each with its NUL; NULL: none */
	size_t names_len;
};

/* Read the size of the blob from its first OVERLAY_HEAD_BYTES. Return 0, -EINVAL or
 * -EFBIG. */
int overlay_size(const void *head, size_t *size);

/* Check the whole blob. Return 0 or an error listed above; overlay->reason is then one
 * line of printable ASCII. */
int overlay_decode(struct overlay *overlay, const void *blob, size_t len);

/* Read the next fragment of a blob that overlay_decode() accepted. *at is 0 before the
 * first. Return 1, or 0 at the end. */
int overlay_next(const struct overlay *overlay, int *at, struct overlay_fragment *out);

/* Refuse references, and labels if has_labels, of a blob that was not resolved. Return 0 or
 * -EOPNOTSUPP. */
int overlay_refuse_unresolved(struct overlay *overlay, bool has_labels);

/* Return true for a name that a change can have. */
bool overlay_id_is_ok(const char *id);

/* Write the reason in printable ASCII, unless it is set already or err is -ENOMEM. Return
 * err. */
int overlay_vrefuse(char reason[OVERLAY_REASON_BYTES], int err, const char *format,
		    va_list args) __attribute__((format(printf, 3, 0)));

/* A blob under construction. The first error sticks; overlay_build_end() returns it. */
struct overlay_build {
	void *fdt;
	size_t size;
	unsigned int fragments;
	int depth; /* 0: the root; 1: a fragment; 2: "__overlay__"... */
	bool has_child;
	int err;
};

/* Begin a blob whose handles are absolute (papr,format = <1>). id, revert: NULL for
 * none. */
void overlay_build_begin(struct overlay_build *b, const char *id, uint32_t flags,
			 const char *revert);
void overlay_build_free(struct overlay_build *b);

/* Begin a change at path; its content follows. names: for OVERLAY_REMOVE_PROPERTIES, each
 * with its NUL; else NULL. */
void overlay_build_fragment(struct overlay_build *b, enum overlay_op op, const char *path,
			    const char *names, size_t names_len);
/* Append content. Properties must come before nodes. */
void overlay_build_property(struct overlay_build *b, const char *name, const void *value,
			    size_t len);
void overlay_build_node(struct overlay_build *b, const char *name);
void overlay_build_node_end(struct overlay_build *b);
/* Append a node of another tree with all its descendants. */
void overlay_build_tree(struct overlay_build *b, const void *fdt, int node);

/* Complete the blob: b->size bytes at b->fdt. Return 0 or the first error: -EINVAL for a
 * wrong order, -ENOMEM, -EFBIG. */
int overlay_build_end(struct overlay_build *b);
