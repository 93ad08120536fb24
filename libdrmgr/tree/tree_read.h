/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree_read.h - read a part of the live device tree as a fragment, so that it can be
 * restored
 */
#pragma once

#include "kern/root.h"
#include "wire/fdt_frag.h"

/* Return 1 if the nodes of this fragment are below the parent ("" is the root) with the same
 * properties, 0 if not, or the errno of the reading. */
int tree_matches(const struct kern_root *root, const char *parent,
		 const struct fdt_frag *frag);

/* Read n nodes of one parent as top nodes, with all nodes below them. Return 0 or a
 * negative errno. The caller frees the fragment in any case. */
int tree_read(const struct kern_root *root, const char *const *nodes, size_t n,
	      struct fdt_frag *frag);
