/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * overlay_blob.h - blobs that add or remove the nodes of a connector
 *
 * Such a blob is transient and has no id. Another blob undoes it, not a record in the
 * module: a record would keep the module from being unloaded.
 *
 * Memory:  the builder's; call overlay_build_free() after success and after an error.
 * Errors:  negative errno; -EINVAL no nodes, or paths and names that make no blob, -E2BIG
 *          and -EFBIG the limits of overlay.h, -ENOMEM. overlay_decode() accepts every
 *          blob that is returned.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/fdt_frag.h"
#include "wire/overlay.h"

/* One node with all its descendants. */
struct overlay_node {
	const char *path; /* its new path */
	int offset;	  /* in the fragment's tree */
};

/* Build a blob that adds these nodes of a fragment ("add"), in this order. Consecutive
 * nodes with the same parent are one change. */
int overlay_blob_add(struct overlay_build *b, const struct fdt_frag *frag,
		     const struct overlay_node *nodes, size_t n);

/* Build a blob that removes these nodes: one "remove-node" for each. */
int overlay_blob_remove(struct overlay_build *b, const char *const *paths, size_t n);
