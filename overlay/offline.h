/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * offline.h - check and resolve a blob without /proc/device-tree-overlay
 *
 * Errors:  the same negative errno as that file, and one line in why.
 */
#pragma once

#include <stdbool.h>

#include "overlay/input.h"

/* Check a base tree. */
int offline_check_base(const struct input *base, char why[INPUT_WHY_BYTES]);

/* Check structure, limits and meaning of a blob. With a base tree, which may be NULL, also
 * resolve the blob and apply it: *base becomes the tree for a later blob. */
int offline_check(const struct input *blob, struct input *base,
		  char why[INPUT_WHY_BYTES]);

/* Copy a blob, and resolve a compiler's. *out is malloc'ed. It has absolute handles,
 * papr,format = <1>, and no list of references. has_labels: if the base has /__symbols__, the
 * blob adds its labels there. */
int offline_resolve(const struct input *blob, const struct input *base, bool has_labels,
		    struct input *out, char why[INPUT_WHY_BYTES]);

/* Return true, and the reason, if a valid blob has the path of one of its own nodes in a
 * property (path = &label): no program resolves it. */
bool offline_has_path(const struct input *blob, char why[INPUT_WHY_BYTES]);

/* Copy a blob, set these bits of papr,flags and, if id is not NULL, its name. */
int offline_mark(const struct input *blob, unsigned int flags, const char *id,
		 struct input *out, char why[INPUT_WHY_BYTES]);
