/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mem_state.h - every LMB that could come or go, and whether it has
 *
 * Read once; after a request that the kernel carried out (or did not) only what is owned
 * is looked at again.
 *
 * Memory:  struct mem_state owns everything; mem_state_free() accepts a zeroed one.
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/types/mem/lmb_list.h"

struct mem_lmb {
	uint64_t address, bytes;
	uint32_t drc_index;
	uint32_t node; /* AFFINITY_NO_NODE */
	enum lmb_state state;
	enum lmb_state before; /* state at the last look but one */
};

struct mem_state {
	const struct dr_ctx *dr;
	struct lmb_list list;
	struct mem_lmb *lmbs; /* as the table has them, but for those without connector */
	size_t n;
	struct number_map by_index;
};

/* 0; -ENODEV there are none, -EBADMSG, -ENOMEM. */
int mem_state_read(struct mem_state *s, const struct dr_ctx *dr);
void mem_state_free(struct mem_state *s);

/* Another look: which are owned now. */
int mem_state_refresh(struct mem_state *s);

/* The same of one LMB. */
int mem_state_refresh_one(struct mem_state *s, size_t at);

/* True, and its place, if there is one of this index. */
bool mem_state_find(const struct mem_state *s, uint32_t drc_index, size_t *at);

/* The connector of an LMB; one that the tables do not have is called "LMB". */
int mem_state_drc(struct mem_state *s, size_t at, struct drc *drc);
