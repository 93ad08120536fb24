/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mem_state.h - every LMB that can be added or removed, and its state
 *
 * The table is read once. After a request, whether it succeeded or not, only the
 * ownership is read again. If the kernel could not write the property, its memory blocks tell.
 *
 * Memory:  that of the caller.
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "libdrmgr/types/mem/lmb_list.h"

struct mem_lmb {
	uint64_t address;
	uint32_t drc_index;
	uint32_t node; /* or AFFINITY_NO_NODE */
	enum lmb_state state;
	enum lmb_state before; /* state at the previous refresh */
	bool is_left;	       /* an earlier run left it incomplete: not changed */
};

struct mem_state {
	const struct dr_ctx *dr;
	struct lmb_list list;
	struct mem_lmb *lmbs; /* as in the table, without LMBs that have no connector */
	size_t n;
	struct number_map by_index;
};

/* Read the LMBs. Return 0, -ENODEV if the machine has none, or -EBADMSG. */
int mem_state_read(struct mem_state *s, struct mem *m, const struct dr_ctx *dr);

/* Read again which LMBs are owned. */
int mem_state_refresh(struct mem_state *s);

/* Return 1 if Linux has a memory block of the LMB now, 0, -ENODATA if it does not tell, or
 * another negative errno. */
int mem_state_has_block(struct mem_state *s, size_t at);
/* Sense an LMB, apart from the run's own steps. is_walking: neither a signal nor the limit
 * ends it. Return 0 or a negative errno: under lockdown only the kernel's answer is
 * available. */
int mem_state_sense(const struct mem_state *s, struct xact *x, size_t at, bool is_walking,
		    int32_t *sense);

/* Linux changes memory before it writes the property. If that fails (EPERM), nothing is
 * undone: an LMB with a memory block is owned; one without a block, whose connector is unusable,
 * is free. Correct the state of one LMB, or of all. Return 0 or a negative errno.
 * Source: Linux 6.6 dlpar_memory(), drmem_update_dt() */
int mem_state_correct_one(struct mem_state *s, struct xact *x, size_t at);
int mem_state_correct(struct mem_state *s, struct xact *x);

/* Find the LMB with this index. Return true and its place in *at. */
bool mem_state_find(const struct mem_state *s, uint32_t drc_index, size_t *at);

/* Get the connector of an LMB. A connector that is not in the tables gets the name
 * "LMB". */
int mem_state_drc(struct mem_state *s, size_t at, struct drc *drc);
