/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tce.h - the translation control entries (TCEs) of one DMA window
 *
 * A window can have far more entries than the guest maps. So a table is a tree with 512
 * children in a node, and a node exists only while one of its entries is not 0. The guest
 * decides which entries are set, so a pool limits the memory of all tables of a machine.
 *
 * Units:   an index counts pages from the window's start.
 * Errors:  -ENOMEM: out of memory, or the pool's limit is reached.
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The memory of all tables */
struct tce_pool {
	uint64_t used, limit; /* bytes */
};

struct tce_node;

/* Zeroes are a table without entries. */
struct tce_table {
	struct tce_node *root; /* NULL: all entries are 0 */
	unsigned int levels;
	uint64_t entries;
};

/* The largest table */
#define TCE_ENTRIES_MAX (UINT64_C(1) << 54)

/* Set up a table with all entries 0. */
void tce_init(struct tce_table *table, uint64_t entries);

/* Access an entry below table->entries. */
uint64_t tce_get(const struct tce_table *table, uint64_t index);
int tce_set(struct tce_table *table, struct tce_pool *pool, uint64_t index, uint64_t tce);

/* Set count entries to 0, which must exist. The time depends on the number of entries that
 * are not 0. */
void tce_clear(struct tce_table *table, struct tce_pool *pool, uint64_t index,
	       uint64_t count);

/* Find the next entry from *index on that is not 0. Return false if none follows. */
bool tce_next(const struct tce_table *table, uint64_t *index, uint64_t *tce);
