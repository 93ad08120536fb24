/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * blob_merge.h - apply a resolved blob to a flattened tree, with the rules of papr-dt-overlay(4)
 *
 * A node of the tree without a handle gets the blob's, which the kernel refuses.
 *
 * Errors:  the negative errno of /proc/device-tree-overlay, and one line in why. The tree
 *          may be changed in part.
 */
#pragma once

#include "overlay/input.h"

/* Replace the tree by one with the changes of a blob that overlay_decode() accepts. */
int blob_merge(struct input *tree, const struct input *blob, char why[INPUT_WHY_BYTES]);
