/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * overlay.h - /proc/device-tree-overlay: many changes of the live device tree, all of them
 * or none
 *
 * The file is that of the module papr_dt_overlay. One write is one blob (wire/overlay.h).
 *
 * Writers are not serialised with those of other files: hold the lock of dynamic
 * reconfiguration.
 *
 * What the file says is foreign text: lines and words that are not understood are
 * ignored, and a reason is cut and made printable.
 *
 * Memory:  overlay_status_free() accepts a zeroed structure.
 * Errors:  negative errno; of a blob those of the file.
 * Source:  papr-dt-overlay(4)
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

enum {
	OVERLAY_TEXT_BYTES = 401, /* of a reason, with its NUL */
	OVERLAY_NAME_BYTES = 64,
};

/* One change that is kept. */
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
	char reason[OVERLAY_TEXT_BYTES]; /* why it was refused; "": unknown */
	struct overlay_record *records;	 /* in the order in which they were applied */
	size_t n;
};

/* Can it be used now? 0; -ENOENT no such file, -EPERM it cannot be written, by lockdown of
 * the kernel for one, -EOPNOTSUPP it does not say what it should. */
int overlay_probe(const struct kern_root *root);

/* Write a blob through root->write, until root->limit. If it is refused, reason receives
 * the file's newest one, provided that the newest error is this one; "" otherwise. The
 * lock keeps other writers away meanwhile. reason: OVERLAY_TEXT_BYTES, or NULL. */
int overlay_write(const struct kern_root *root, const void *blob, size_t len,
		  char *reason);

/* Write a blob on a descriptor of its own, and read the reason from it: the reason of no
 * other writer. */
int overlay_write_alone(const struct kern_root *root, const void *blob, size_t len,
			char *reason);

/* Read what the file says. -EOPNOTSUPP: it does not begin as it should. */
int overlay_status_read(const struct kern_root *root, struct overlay_status *status);
void overlay_status_free(struct overlay_status *status);
