/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * offline.h - what can be known about a blob without the file that would apply it
 *
 * Errors:  negative errno as the file has it, and one line in why.
 */
#pragma once

#include "overlay/input.h"

/* Check a base tree. */
int offline_check_base(const struct input *base, char why[INPUT_WHY_BYTES]);

/* Check soundness, limits and meaning. base NULL: none; otherwise also that labels
 * resolve, that targets exist, and that libfdt can apply it if it uses no operation of
 * ours. */
int offline_check(const struct input *blob, const struct input *base,
		  char why[INPUT_WHY_BYTES]);

/* Resolve a compiler's blob. *out, malloc'ed, has absolute handles, papr,format = <1>, and no
 * list of references. */
int offline_resolve(const struct input *blob, const struct input *base, struct input *out,
		    char why[INPUT_WHY_BYTES]);

/* Copy a blob, set these bits of papr,flags and, if id is not NULL, its name. */
int offline_mark(const struct input *blob, unsigned int flags, const char *id,
		 struct input *out, char why[INPUT_WHY_BYTES]);
