/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * memory_blocks.h - Linux's memory blocks ("sections"), of which an LMB is one or more
 *
 * Folders are listed, not looked into: a machine has tens of thousands of blocks.
 *
 * Memory:  memory_blocks_free() accepts a zeroed one.
 * Source:  Linux 6.1 drivers/base/memory.c, drivers/base/node.c
 */
#pragma once

#include "kern/root.h"

/* Bit n: number n is one of them. */
struct number_set {
	uint64_t *words;
	size_t n_words;
};

struct memory_blocks {
	uint64_t bytes; /* of each; 0: sysfs does not say, and there are none */
	struct number_set present;
	/* Linux gives the same answer for all, and this is it. Before 5.7 it looked at
	 * each block. */
	bool is_removable_alike, all_removable;
};

/* Of each, without looking for any; 0: sysfs does not say. */
uint64_t memory_block_bytes(const struct kern_root *root);

/* 0, -ENOMEM. */
int memory_blocks_read(struct memory_blocks *mb, const struct kern_root *root);
void memory_blocks_free(struct memory_blocks *mb);

bool memory_blocks_has(const struct memory_blocks *mb, uint64_t number);
bool memory_blocks_is_removable(const struct memory_blocks *mb,
				const struct kern_root *root, uint64_t number);

/* Numbers behind a word in the names of a folder: "memory", 4 for memory4. Names with
 * anything else are none. 0, -ENOMEM, -ENOENT. */
int number_set_read(struct number_set *set, const struct kern_root *root,
		    const char *folder, const char *word);
bool number_set_has(const struct number_set *set, uint64_t number);
void number_set_free(struct number_set *set);
