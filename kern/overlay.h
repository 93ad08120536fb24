/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * overlay.h - /proc/device-tree-overlay: sets of changes of the live device tree, each
 * applied completely or not at all
 *
 * The file is that of the module papr_dt_overlay. One write is one blob (wire/overlay.h).
 *
 * Writers of other files are not excluded: hold the lock of dynamic reconfiguration.
 *
 * The text of the file is untrusted. Unknown lines and words are ignored, and a reason is
 * cut and made printable.
 *
 * Memory:  overlay_status_free() accepts a zeroed structure.
 * Errors:  negative errno; for a blob those of the file.
 * Source:  papr-dt-overlay(4)
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

enum {
	OVERLAY_TEXT_BYTES = 401, /* of a reason, with its NUL */
	OVERLAY_NAME_BYTES = 64,
};

/* A change that can be reverted by its id. */
struct overlay_record {
	uint64_t number;
	char id[OVERLAY_NAME_BYTES];
	uint64_t added, removed; /* nodes */
	uint64_t props;
};

struct overlay_status {
	uint64_t max;			 /* bytes of the largest blob; 0: unknown */
	uint64_t seq;			 /* blobs that have changed the tree */
	int last;			 /* 0 or negative errno of the newest blob */
	char reason[OVERLAY_TEXT_BYTES]; /* why it was rejected; "": unknown */
	struct overlay_record *records;	 /* in the order in which they were applied */
	size_t n;
};

/* Check whether the file can be used now. Return 0, -ENOENT if it does not exist, or
 * -EOPNOTSUPP if its text is unknown. Return -EPERM if it cannot be written, for example
 * under kernel lockdown. */
int overlay_probe(const struct kern_root *root);

/* Write a blob through root->write, until root->limit. If it is rejected, reason receives
 * the file's newest reason, provided that the newest error is this one; else "". The lock
 * of dynamic reconfiguration keeps other writers away meanwhile. reason:
 * OVERLAY_TEXT_BYTES, or NULL. */
int overlay_write(const struct kern_root *root, const void *blob, size_t len,
		  char *reason);

/* Write a blob on a new descriptor, and read the reason from the same one: it cannot be
 * another writer's. */
int overlay_write_alone(const struct kern_root *root, const void *blob, size_t len,
			char *reason);

/* Read and parse the text of the file. Return -EOPNOTSUPP if its first line is
 * unknown. */
int overlay_status_read(const struct kern_root *root, struct overlay_status *status);
void overlay_status_free(struct overlay_status *status);
