/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.h - write blobs to /proc/device-tree-overlay of the running system
 *
 * Errors:  negative errno, and one line in why.
 */
#pragma once

#include "kern/lock.h"
#include "kern/overlay.h"
#include "overlay/input.h"

struct live {
	struct kern_root root;
	struct lock lock;
};

/* Open the running system. Return -ENOENT if the file does not exist. */
int live_open(struct live *live, char why[INPUT_WHY_BYTES]);
void live_close(struct live *live);

/* Take the lock of dynamic reconfiguration. Do not wait for it. */
int live_lock(struct live *live, char why[INPUT_WHY_BYTES]);

/* Read the live tree, for the caller to free. */
int live_tree(const struct live *live, struct input *tree, char why[INPUT_WHY_BYTES]);

/* Write a blob as it is. */
int live_write(const struct live *live, const struct input *blob,
	       char why[INPUT_WHY_BYTES]);

/* Revert the kept change with this name; with OVERLAY_TRANSIENT, only drop its record. */
int live_revert(const struct live *live, const char *id, uint32_t flags,
		char why[INPUT_WHY_BYTES]);

int live_status(const struct live *live, struct overlay_status *status,
		char why[INPUT_WHY_BYTES]);
