/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree_diff.h - the difference of two device trees
 *
 * Memory:  the result is malloc'ed.
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stddef.h>

/* Build a tree of the new and changed properties of now, the new nodes of now, and the
 * ancestors of both. Names are compared with their unit addresses.
 *
 * Return 0, -ENOMEM, or -EXDEV. -EXDEV means that a node or property of before is missing
 * in now: such a tree cannot express that. */
int tree_diff(const void *before, const void *now, void **fdt, size_t *size);
