/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * offline.h - check and resolve a blob without /proc/device-tree-overlay
 *
 * Errors:  the same negative errno as that file, and one line in why.
 */
#pragma once

#include "overlay/input.h"

/* Check a base tree. */
int offline_check_base(const struct input *base, char why[INPUT_WHY_BYTES]);

/* Check structure, limits and meaning of a blob. With a base tree, also check that labels
 * resolve and that targets exist. If the blob has neither papr,op nor papr,revert, also
 * check that libfdt can apply it. base may be NULL. */
int offline_check(const struct input *blob, const struct input *base,
		  char why[INPUT_WHY_BYTES]);

/* Resolve a compiler's blob. *out is malloc'ed. It has absolute handles, papr,format =
 * <1>, and no list of references. */
int offline_resolve(const struct input *blob, const struct input *base, struct input *out,
		    char why[INPUT_WHY_BYTES]);

/* Copy a blob, set these bits of papr,flags and, if id is not NULL, its name. */
int offline_mark(const struct input *blob, unsigned int flags, const char *id,
		 struct input *out, char why[INPUT_WHY_BYTES]);
