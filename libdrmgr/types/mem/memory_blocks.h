/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * memory_blocks.h - Linux's memory blocks ("sections"); an LMB has one or more
 *
 * Only the names of folders are read: a machine has tens of thousands of blocks.
 *
 * Memory:  that of the caller's list.
 * Source:  Linux 6.1 drivers/base/memory.c, drivers/base/node.c
 */
#pragma once

#include "base/mem.h"
#include "kern/root.h"

#define MEMORY_DIR "sys/devices/system/memory"

/* Bit n is 1 if number n is in the set. */
struct number_set {
	uint64_t *words;
	size_t n_words;
};

struct memory_blocks {
	uint64_t bytes; /* of each; 0: sysfs has no size, and there are no blocks */
	struct number_set present;
	/* Since 5.7 Linux reports the same "removable" for all blocks: all_removable.
	 * Older kernels test each block. */
	bool is_removable_alike;
	int all_removable; /* 1 or 0 */
};

/* Read the size of a block without reading the blocks. *bytes is 0 if sysfs has no size.
 * Return 0 or the errno of the reading. */
int memory_block_bytes(const struct kern_root *root, uint64_t *bytes);

/* Read the blocks. Return 0 or the errno of the reading. */
int memory_blocks_read(struct memory_blocks *mb, struct mem *m,
		       const struct kern_root *root);

/* Return 1, 0, or the errno of the reading. */
int memory_blocks_is_removable(const struct memory_blocks *mb,
			       const struct kern_root *root, uint64_t number);

/* Read the numbers after a word in the names of a folder: "memory4" has 4 after "memory".
 * Names with other characters are ignored. Return 0 or -ENOENT. */
int number_set_read(struct number_set *set, struct mem *m, const struct kern_root *root,
		    const char *folder, const char *word);
bool number_set_has(const struct number_set *set, uint64_t number);
