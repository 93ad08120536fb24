/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lmb_tree.h - what the device tree says of an LMB, where it says it in a property
 *
 * Errors:  negative errno; -ENOENT there is no such property or LMB, -EBADMSG.
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "wire/dynmem.h"
#include "wire/fdt_frag.h"

int lmb_tree_read(const struct dr_ctx *dr, uint32_t drc_index, struct lmb *lmb);

/* Writes the property anew, with another array and flags of this LMB. */
int lmb_tree_write(const struct dr_ctx *dr, uint32_t drc_index, uint32_t array,
		   uint32_t flags);

/* The array that says what firmware's node says. One more is written where there is none
 * yet. */
int lmb_tree_array(const struct dr_ctx *dr, const struct fdt_frag *frag, uint32_t *array);
