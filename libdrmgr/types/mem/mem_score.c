// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>

#include "libdrmgr/numa/numa.h"
#include "libdrmgr/types/mem/mem_score.h"
#include "kern/text.h"

/* The largest number of nodes in Linux (CONFIG_NODES_SHIFT). */
enum { NODES_MAX = 1 << 11 };

/* The memory blocks of one of Linux's nodes. */
struct node_blocks {
	uint32_t node;
	struct number_set blocks;
};

struct all_nodes {
	struct mem mem;
	struct node_blocks *list;
	size_t n;
};

/* Find the blocks of a node; read them at the first call. */
static int numa_blocks(struct all_nodes *all, const struct kern_root *root, uint32_t node,
		       const struct node_blocks **blocks)
{
	_cleanup_free_ char *folder = text_of(NUMA_NODE_DIR "/node%u", node);
	struct node_blocks added = { .node = node };
	int err;

	for (size_t i = 0; i < all->n; i++)
		if (all->list[i].node == node) {
			*blocks = &all->list[i];
			return 0;
		}
	if (!folder)
		return -ENOMEM;
	err = kern_read_failure(
		number_set_read(&added.blocks, &all->mem, root, folder, "memory"));
	*vec_add(&all->mem, all->list, all->n) = added;
	*blocks = &all->list[all->n - 1];
	return err ? err : mem_check(&all->mem);
}

static int tally_count_lmb(struct numa_tally *tally, struct lmb_list *list,
			   struct all_nodes *all, const struct lmb_row *row)
{
	uint32_t node = lmb_numa_node(list, row);
	const struct node_blocks *of_node;
	struct block_range range;
	int err;

	if (row->state != LMB_OWNED || node >= NODES_MAX)
		return 0;
	err = lmb_blocks(list, row->lmb.address, &range);
	if (!err)
		err = numa_blocks(all, list->dr->root, node, &of_node);
	if (err)
		return err;
	for (uint64_t n = range.first; n < range.end; n++) {
		if (!number_set_has(&list->blocks.present, n))
			continue;
		tally->n++;
		tally->bad += !number_set_has(&of_node->blocks, n);
	}
	return 0;
}

int numa_score_memory(struct lmb_list *list, int *score)
{
	struct all_nodes all = { 0 };
	struct numa_tally tally = { 0 };
	struct lmb_iter it;
	struct lmb_row row;
	int more = 0;

	*score = NUMA_SCORE_NONE;
	more = kern_exists(list->dr->root, NUMA_NODE_DIR);
	if (more <= 0)
		return more;
	for (more = lmb_list_begin(&it, list);
	     !more && (more = lmb_list_next(&it, &row)) > 0;)
		more = tally_count_lmb(&tally, list, &all, &row);
	mem_end(&all.mem);
	if (!more)
		*score = numa_tally_score(&tally);
	return more;
}
