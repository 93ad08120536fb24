/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_lmb.h - the kernel's own table of logical memory blocks
 *
 * It is read from the device tree once, at boot, and written back whole after each
 * request that succeeded. Entries keep their place: requests go by it.
 *
 * Memory:  a table owns its entries; a zeroed one is empty.
 * Errors:  negative errno.
 * Source:  Linux 6.1 arch/powerpc/mm/drmem.c, platforms/pseries/hotplug-memory.c
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include "vmm/sim/kernel.h"
#include "wire/dynmem.h"

struct kblock;

struct klmb {
	uint64_t address;
	uint32_t index, array,
		flags;	      /* index counts on where the flags call it invalid */
	struct kblock *block; /* NULL: no memory is there */
};

struct klmbs {
	enum dynmem_version version;
	uint64_t lmb_bytes;
	struct klmb *all;
	size_t n, room;
	struct klmb **by_index; /* ascending; of one index the first of the table first */
};

/* Nothing in the tree is an empty table. */
int klmbs_read(struct kernel *k, struct klmbs *lmbs);
void klmbs_free(struct klmbs *lmbs);

/* The first with this index; NULL: none. */
struct klmb *klmb_find(const struct klmbs *lmbs, uint32_t index);

/* The property as the kernel makes it: in version 2 a set begins where array or flags are
 * others than before, whatever else is. */
int klmbs_write(struct kernel *k, const struct klmbs *lmbs);

/* The array that firmware's node of the connector is in, which becomes one more of
 * ibm,associativity-lookup-arrays if it is none of those. */
int klmb_find_array(struct kernel *k, uint32_t index, uint32_t *array);
