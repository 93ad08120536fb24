/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * overlay_blob.h - what comes with a connector, or goes with it, as one blob
 *
 * Such a blob is transient and has no id: it is taken back by another one, not by the
 * record of it, which would keep the module where it is.
 *
 * Memory:  the builder's, which overlay_build_free() gives back, whatever came of it.
 * Errors:  negative errno; -EINVAL no nodes, or paths and names that make no blob,
 *          -E2BIG and -EFBIG the limits of overlay.h, -ENOMEM. A blob that was made is one
 *          that overlay_decode() accepts.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/fdt_frag.h"
#include "wire/overlay.h"

/* One node with all below it. */
struct overlay_node {
	char *path; /* where it is to be */
	int offset; /* in its tree */
};

/* Adds these nodes of a fragment: "add", in this order. Those that follow each other and
 * have one parent are one change. */
int overlay_blob_add(struct overlay_build *b, const struct fdt_frag *frag,
		     const struct overlay_node *nodes, size_t n);

/* Removes these nodes: a "remove-node" for each. */
int overlay_blob_remove(struct overlay_build *b, const char *const *paths, size_t n);
