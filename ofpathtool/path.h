/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - parse and compare firmware's paths
 *
 * The key of a path is its normal form. Unit addresses are in lower case, without leading
 * zeros and without trailing parts that are zero. Components that only some firmware
 * writes are left out, and so are arguments.
 *
 * Errors:  -EINVAL not a path, or too long.
 * Layer:   ofpathtool's library; pure
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "ofpathtool/ofpath.h"

struct path {
	char key[OFP_PATH_MAX];	 /* "" is "/" */
	const char *args;	 /* in the text: after ':' of the last component */
	bool has_partition;	 /* a partition other than 0 */
	bool has_grub_partition; /* in GRUB's form: ",msdos3" */
	bool is_disk;		 /* the arguments are valid for a disk */
	uint32_t partition;
	/* What is not understood, in the text; NULL: nothing. After a unit address; in the
	 * arguments of a disk; in those of an interface. */
	const char *rest, *disk_rest, *net_rest;
};

/* Copy a path in plain form. GRUB writes "ieee1275/" before it and a backslash or two before
 * its commas, and BOOT_IMAGE has "(PATH)/FILE". *is_grub: it has GRUB's prefix. Return
 * -EINVAL if it is too long, or if another text follows the parenthesis. */
int path_plain(const char *text, char *plain, size_t size, bool *is_grub);

int path_parse(const char *text, struct path *path);

/* Return the part of key after begin, or NULL if key does not begin with it. A component
 * without a unit address matches every unit address and sets *loose. */
const char *path_after(const char *key, const char *begin, bool *loose);

/* Return true if the two keys match completely; *loose as in path_after(). */
bool path_is(const char *key, const char *other, bool *loose);

/* Parse at most 16 hexadecimal digits. Return false for any other text. */
bool path_hex(const char *text, size_t len, uint64_t *value);
