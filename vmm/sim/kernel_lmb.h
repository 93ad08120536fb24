/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel_lmb.h - the kernel's own table of logical memory blocks
 *
 * It is read from the device tree once, at boot, and written back as a whole after each
 * successful request. The order of the entries never changes, because requests for a
 * range depend on it.
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
		flags;	      /* the index is incremented even for invalid entries */
	struct kblock *block; /* NULL: not backed by memory */
};

struct klmbs {
	enum dynmem_version version;
	uint64_t lmb_bytes;
	struct klmb *all;
	size_t n, room;
	struct klmb **by_index; /* ascending; equal indexes in table order */
};

/* Read the table from the device tree. If the tree has none, the table is empty. */
int klmbs_read(struct kernel *k, struct klmbs *lmbs);
void klmbs_free(struct klmbs *lmbs);

/* Return the first LMB with this index, or NULL. */
struct klmb *klmb_find(const struct klmbs *lmbs, uint32_t index);

/* Write the property as Linux does: in version 2, a new set begins where array or flags
 * change. No other difference begins a set. */
int klmbs_write(struct kernel *k, const struct klmbs *lmbs);

/* Find the associativity array of the connector in firmware's node of it. If
 * ibm,associativity-lookup-arrays lacks this array, append it. */
int klmb_find_array(struct kernel *k, uint32_t index, uint32_t *array);
