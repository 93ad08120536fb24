/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree_read.h - a part of the live device tree as a fragment, so that it can be put back
 */
#pragma once

#include "kern/root.h"
#include "wire/fdt_frag.h"

/* The node and all below it. 0, negative errno; free the fragment in any case. */
int tree_read(const struct kern_root *root, const char *node, struct fdt_frag *frag);
