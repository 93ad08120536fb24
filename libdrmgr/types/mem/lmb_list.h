/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lmb_list.h - the logical memory blocks of this machine, and those it could get
 *
 * They stand in ibm,dynamic-memory or its second version, as sets that are taken apart
 * only while one goes through them; or, in the older form, each that is owned is a node
 * memory@ADDRESS with a connector, and the others are connectors of "/" alone. Nodes
 * without a connector are memory that stays.
 *
 * Names of connectors, and what Linux has of an LMB, are looked up when first asked for.
 *
 * Memory:  struct lmb_list owns everything; pointers into it live as long.
 * Source:  PAPR+ B.6.4, C.6.6, Linux 6.1 arch/powerpc/mm/drmem.c
 */
#pragma once

#include "libdrmgr/types/affinity.h"
#include "libdrmgr/core/connector.h"
#include "libdrmgr/types/mem/memory_blocks.h"
#include "libdrmgr/core/number_map.h"
#include "wire/dynmem.h"

struct memory_node {
	char *path;
	uint32_t drc_index;
	uint64_t address, bytes;
};

struct lmb_list {
	const struct dr_ctx *dr;
	bool is_dynamic; /* the property is there */
	struct dynmem dm;
	struct prop raw;
	uint64_t lmb_bytes;
	struct memory_node *nodes; /* by path */
	size_t n_nodes;
	struct number_map by_node; /* by connector: places in nodes */
	struct affinity affinity;
	bool has_connectors, has_blocks;
	struct connectors connectors;
	struct number_map by_index; /* places in connectors.list */
	struct memory_blocks blocks;
};

/* One LMB, as one comes to it. */
struct lmb_row {
	struct lmb lmb;
	uint64_t bytes;
	enum lmb_state state;
	const struct memory_node *node; /* NULL: it has none */
	bool has_address;		/* one that is only a connector has not */
};

struct lmb_iter {
	const struct lmb_list *list;
	struct dynmem_iter sets;
	struct lmb_set set;
	uint32_t n;	/* of the set, the next one */
	size_t node, c; /* likewise */
	int part;
};

/* "MEM" */
bool connector_is_memory(const char *type);

/* 0, -ENOMEM; -ENODEV there is no such memory, -EBADMSG the property is damaged: with a
 * warning. Free in any case. */
int lmb_list_read(struct lmb_list *list, const struct dr_ctx *dr);
void lmb_list_free(struct lmb_list *list);

/* In the order of the property, then that of the nodes, then (where there is no property)
 * that of the connectors. 1: *row is the next. 0: no more. Negative errno. */
int lmb_list_begin(struct lmb_iter *it, struct lmb_list *list);
int lmb_list_next(struct lmb_iter *it, struct lmb_row *row);

/* The connector of an LMB; *c NULL: the tables have none. 0, -ENOMEM. */
int lmb_connector(struct lmb_list *list, uint32_t drc_index, const struct connector **c);

/* The node of an LMB that has one of its own; NULL: it has none. */
const char *lmb_node(const struct lmb_list *list, uint32_t drc_index);

/* The NUMA node that firmware has it in; AFFINITY_NO_NODE. */
uint32_t lmb_numa_node(const struct lmb_list *list, const struct lmb_row *row);

/* The memory blocks that an LMB is, there or not: from first to before end. None, both
 * 0, where Linux does not say how large they are, or they are larger than an LMB. */
struct block_range {
	uint64_t first, end;
};
int lmb_blocks(struct lmb_list *list, const struct lmb_row *row,
	       struct block_range *range);

/* Owned, and every block that Linux has of it could go. 0, -ENOMEM. */
int lmb_is_removable(struct lmb_list *list, const struct lmb_row *row, bool *removable);
