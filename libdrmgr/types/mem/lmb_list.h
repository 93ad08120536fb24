/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * lmb_list.h - the logical memory blocks of this machine, owned or not
 *
 * LMBs are listed in ibm,dynamic-memory or its second version as sets, which an iteration
 * expands.
 *
 * Names of connectors and Linux's state of an LMB are read when they are first needed.
 *
 * Memory:  that of the list or run that reads it.
 * Source:  PAPR+ B.6.4, C.6.6, Linux 6.1 arch/powerpc/mm/drmem.c
 */
#pragma once

#include "libdrmgr/numa/affinity.h"
#include "libdrmgr/core/connector.h"
#include "libdrmgr/types/mem/memory_blocks.h"
#include "libdrmgr/core/number_map.h"
#include "wire/dynmem.h"

struct lmb_list {
	struct mem *mem;
	const struct dr_ctx *dr;
	struct dynmem dm;
	struct prop raw;
	struct affinity affinity;
	bool has_connectors, has_blocks;
	int connectors_err; /* of reading them */
	struct connectors connectors;
	struct number_map by_index; /* indexes of connectors.list */
	struct memory_blocks blocks;
};

/* One LMB of an iteration. */
struct lmb_row {
	struct lmb lmb;
	enum lmb_state state;
};

struct lmb_iter {
	const struct lmb_list *list;
	struct dynmem_iter sets;
	struct lmb_set set;
	uint32_t n; /* index of the next LMB in the set */
};

/* Read the LMBs. Return 0. -ENODEV: there is no such memory. -EBADMSG: the
 * property is damaged; a warning was reported. */
int lmb_list_read(struct lmb_list *list, struct mem *m, const struct dr_ctx *dr);

/* Iterate over the LMBs in the order of the property. Return 1 and the next one in *row, 0
 * at the end, or a negative errno. */
int lmb_list_begin(struct lmb_iter *it, struct lmb_list *list);
int lmb_list_next(struct lmb_iter *it, struct lmb_row *row);

/* Find the connector of an LMB; *c is NULL if the tables have none. Return 0 or
 * the errno of the reading. */
int lmb_connector(struct lmb_list *list, uint32_t drc_index, const struct connector **c);

/* Read the number of a memory block from its name: "memory5". */
bool lmb_key_is_block(const char *key, uint64_t *number);
/* Return 1 if the LMB has the block, or 0. */
int lmb_has_block(struct lmb_list *list, const struct lmb_row *row, uint64_t number);

/* Find the DRC index that a key names (core/resolve.h), which can also be the name of a
 * memory block; 0: reserved memory, which may have none. An index of digits is returned as
 * it is. Return 0, or a negative errno and *error. */
int lmb_find(struct lmb_list *list, const char *key, uint32_t *drc_index,
	     struct dr_error *error);

/* Return the NUMA node of an LMB according to firmware, or AFFINITY_NO_NODE. */
uint32_t lmb_numa_node(const struct lmb_list *list, const struct lmb_row *row);

/* The memory blocks of the LMB at an address, from first to before end; they need not exist.
 * Both are 0 if Linux does not report the block size. */
struct block_range {
	uint64_t first, end;
};
int lmb_block_range(struct lmb_list *list, uint64_t address, struct block_range *range);
/* The same, and read which blocks exist. */
int lmb_blocks(struct lmb_list *list, uint64_t address, struct block_range *range);

/* Read how much memory Linux has, also what is no LMB. Return 0, -ENODATA if its memory blocks do not
 * tell, or the errno of the reading. */
int lmb_list_total(struct lmb_list *list, uint64_t *bytes);

/* Test whether the LMB is owned and all its memory blocks are removable. Return 0 or
 * the errno of the reading. */
int lmb_is_removable(struct lmb_list *list, const struct lmb_row *row, bool *removable);
