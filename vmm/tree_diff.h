/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree_diff.h - what is new in a device tree
 *
 * Memory:  the answer is malloc'ed.
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stddef.h>

/* A tree of those properties of now that before has not, or has with another value, in
 * their nodes; of the nodes that before has not; and of the ancestors of both. Names
 * are compared with their unit addresses.
 * 0; -EXDEV something of before is gone, which such a tree cannot say; -ENOMEM. */
int tree_diff(const void *before, const void *now, void **fdt, size_t *size);
