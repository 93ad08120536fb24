/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live_tree.h - the guest's device tree as a flattened one, and a comparison of two trees
 *
 * The order of nodes and properties is not compared: the kernel gives none. A property
 * "name" that repeats the name of its node is left out: the kernel makes it for each node.
 *
 * Errors: these functions are for test programs. They end the program with status 2.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

/* Read the tree below a folder, /proc/device-tree for the live one. Return it, allocated,
 * with room for more bytes at its end. */
void *live_tree_read(const char *folder, size_t room);

/* Print at most max lines of differences. Return the number of differences. */
unsigned int live_tree_compare(const void *expected, const void *is, FILE *out,
			       unsigned int max);
