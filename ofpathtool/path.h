/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - paths of firmware, taken apart and compared
 *
 * The key of a path is its normal form: each unit address in lower case without leading
 * zeros and without trailing parts that are zero, components that only some firmware
 * writes left out, arguments left out.
 *
 * Errors:  -EINVAL not a path, or too long.
 * Layer:   ofpathtool's library; pure
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ofpathtool/ofpath.h"

struct path {
	char key[OFP_PATH_MAX]; /* "" is "/" */
	const char *args;	/* in the text: behind ':' of the last component */
	bool has_partition;	/* a number other than 0 stands there */
	bool is_disk;		/* the arguments could be a disk's */
	uint64_t partition;
};

int path_parse(const char *text, struct path *path);

/* What is left of a key behind another; NULL: it does not begin so. A component without a
 * unit address fits any: then *loose is set. */
const char *path_after(const char *key, const char *begin, bool *loose);

/* Whether it is the same from beginning to end. */
bool path_is(const char *key, const char *other, bool *loose);

/* Hexadecimal digits and nothing else, at most 16. */
bool path_hex(const char *text, size_t len, uint64_t *value);
