/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lmb_tree.h - read and write an LMB in a property of the device tree
 *
 * Errors:  negative errno. -ENOENT: the property or the LMB does not exist. -EBADMSG: the
 *          property is damaged.
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "wire/dynmem.h"
#include "wire/fdt_frag.h"

int lmb_tree_read(const struct dr_ctx *dr, uint32_t drc_index, struct lmb *lmb);

/* Write the property again with another array and other flags of this LMB. */
int lmb_tree_write(const struct dr_ctx *dr, uint32_t drc_index, uint32_t array,
		   uint32_t flags);

/* Find the array with the associativity of firmware's node. If it is missing, append
 * it. */
int lmb_tree_array(const struct dr_ctx *dr, const struct fdt_frag *frag, uint32_t *array);
