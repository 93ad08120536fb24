// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "libdrmgr/types/numa_score.h"
#include "kern/text.h"
#include "wire/ranges.h"

#define NODE_DIR "sys/devices/system/node"

/* The largest number of nodes in Linux (CONFIG_NODES_SHIFT). */
enum { NODES_MAX = 1 << 11 };

struct tally {
	uint64_t n, bad;
};

static int tally_percentage(const struct tally *t)
{
	return t->n ? (int)(100 * (t->n - t->bad) / t->n) : NUMA_SCORE_NONE;
}

/* ---- Processors ---- */

/* Add the processors of one of Linux's nodes to the map from processor to node. */
static int numa_add_cpus(struct number_map *map, const struct kern_root *root,
			 const char *name)
{
	_cleanup_free_ char *path = text_of(NODE_DIR "/%s/cpulist", name), *text = NULL;
	uint32_t first, last, next = 0;
	const char *at;
	size_t len;
	int err = path ? kern_read(root, path, &text, &len) : -ENOMEM;

	at = text;
	while (!err && ranges_next_below(&at, LINUX_CPUS_MAX, &next, &first, &last) > 0)
		for (uint32_t n = first; !err && n <= last; n++)
			err = number_map_add(map, n, strtoul(name + 4, NULL, 10));
	return err == -ENOMEM ? err : 0;
}

static int numa_read_cpus(struct number_map *map, const struct kern_root *root)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(root, NODE_DIR, KERN_LIST_ALL, &names);

	if (err == -ENOENT)
		return 0;
	for (size_t i = 0; !err && i < names.n; i++)
		if (!strncmp(names.name[i], "node", 4) &&
		    strspn(names.name[i] + 4, "0123456789") == strlen(names.name[i] + 4))
			err = numa_add_cpus(map, root, names.name[i]);
	number_map_sort(map);
	return err;
}

static const struct linux_cpu *cpu_first_online(const struct cpu *cpu)
{
	for (size_t i = 0; i < cpu->n_threads; i++)
		if (cpu->threads[i].cpu && cpu->threads[i].cpu->is_online)
			return cpu->threads[i].cpu;
	return NULL;
}

int numa_score_cpus(const struct cpu_list *list, const struct dr_ctx *dr, int *score)
{
	struct number_map nodes = { 0 };
	struct tally tally = { 0 };
	int err = numa_read_cpus(&nodes, dr->root);
	size_t node;

	for (size_t i = 0; !err && i < list->n; i++) {
		const struct cpu *cpu = &list->cpus[i];
		const struct linux_cpu *first = cpu_first_online(cpu);

		if (cpu->numa_node == AFFINITY_NO_NODE || !first ||
		    !number_map_find(&nodes, first->number, &node))
			continue;
		tally.n += cpu->n_threads;
		if (node != cpu->numa_node)
			tally.bad += cpu->n_threads;
	}
	*score = tally_percentage(&tally);
	number_map_free(&nodes);
	return err;
}

/* ---- Memory ---- */

/* The memory blocks of one of Linux's nodes. */
struct node_blocks {
	uint32_t node;
	struct number_set blocks;
};

struct all_nodes {
	struct node_blocks *list;
	size_t n;
};

/* Return the blocks of a node; read them at the first call. NULL: no memory. */
static const struct node_blocks *numa_blocks(struct all_nodes *all,
					     const struct kern_root *root, uint32_t node)
{
	_cleanup_free_ char *folder = text_of(NODE_DIR "/node%u", node);
	struct node_blocks *list;
	int err;

	for (size_t i = 0; i < all->n; i++)
		if (all->list[i].node == node)
			return &all->list[i];
	list = reallocarray(all->list, all->n + 1, sizeof(*list));
	if (!list || !folder)
		return NULL;
	all->list = list;
	list[all->n] = (struct node_blocks){ .node = node };
	err = number_set_read(&list[all->n].blocks, root, folder, "memory");
	all->n++;
	return err == -ENOMEM ? NULL : &list[all->n - 1];
}

static int tally_count_lmb(struct tally *tally, struct lmb_list *list,
			   struct all_nodes *all, const struct lmb_row *row)
{
	uint32_t node = lmb_numa_node(list, row);
	const struct node_blocks *of_node;
	struct block_range range;
	int err;

	if (row->state != LMB_OWNED || node >= NODES_MAX)
		return 0;
	err = lmb_blocks(list, row, &range);
	of_node = err ? NULL : numa_blocks(all, list->dr->root, node);
	if (!of_node)
		return err ? err : -ENOMEM;
	for (uint64_t n = range.first; n < range.end; n++) {
		if (!memory_blocks_has(&list->blocks, n))
			continue;
		tally->n++;
		tally->bad += !number_set_has(&of_node->blocks, n);
	}
	return 0;
}

int numa_score_memory(struct lmb_list *list, int *score)
{
	struct all_nodes all = { 0 };
	struct tally tally = { 0 };
	struct lmb_iter it;
	struct lmb_row row;
	int more = 0;

	*score = NUMA_SCORE_NONE;
	if (!kern_exists(list->dr->root, NODE_DIR))
		return 0;
	for (more = lmb_list_begin(&it, list);
	     !more && (more = lmb_list_next(&it, &row)) > 0;)
		more = tally_count_lmb(&tally, list, &all, &row);
	for (size_t i = 0; i < all.n; i++)
		number_set_free(&all.list[i].blocks);
	free(all.list);
	if (!more)
		*score = tally_percentage(&tally);
	return more;
}
