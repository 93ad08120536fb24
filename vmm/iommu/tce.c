// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include "vmm/iommu/tce.h"

enum { TCE_BITS = 9, TCE_CHILDREN = 1 << TCE_BITS, TCE_LEVELS = 6 };

/* Level 0 has entries, the others have nodes of the level below. */
struct tce_node {
	unsigned int used; /* children that are not 0 */
	union {
		struct tce_node *node;
		uint64_t tce;
	} child[TCE_CHILDREN];
};

/* Return the number of entries below a node. */
static uint64_t tce_span(unsigned int level)
{
	return UINT64_C(1) << TCE_BITS * (level + 1);
}

static unsigned int tce_place(uint64_t index, unsigned int level)
{
	return index >> TCE_BITS * level & (TCE_CHILDREN - 1);
}

static struct tce_node *tce_node_new(struct tce_pool *pool)
{
	struct tce_node *node = NULL;

	if (pool->used + sizeof(*node) <= pool->limit)
		node = calloc(1, sizeof(*node));
	if (node)
		pool->used += sizeof(*node);
	return node;
}

static void tce_node_free(struct tce_pool *pool, struct tce_node **at)
{
	free(*at);
	*at = NULL;
	pool->used -= sizeof(struct tce_node);
}

void tce_init(struct tce_table *table, uint64_t entries)
{
	*table = (struct tce_table){ .levels = 1, .entries = entries };
	while (table->levels < TCE_LEVELS && tce_span(table->levels - 1) < entries)
		table->levels++;
}

uint64_t tce_get(const struct tce_table *table, uint64_t index)
{
	const struct tce_node *node = table->root;

	for (unsigned int level = table->levels - 1; node && level; level--)
		node = node->child[tce_place(index, level)].node;
	return node ? node->child[tce_place(index, 0)].tce : 0;
}

/* Find the way from the root to an entry, and add what is missing if tce is not 0. way has
 * the places of the nodes by their levels. Return the lowest level that exists. */
static unsigned int tce_walk(struct tce_table *table, struct tce_pool *pool,
			     uint64_t index, bool add, struct tce_node **way[TCE_LEVELS])
{
	struct tce_node **at = &table->root;
	unsigned int level = table->levels;

	while (level) {
		if (!*at) {
			*at = add ? tce_node_new(pool) : NULL;
			if (!*at)
				break;
			if (level < table->levels)
				(*way[level])->used++;
		}
		way[--level] = at;
		at = &(*at)->child[tce_place(index, level)].node;
	}
	return level;
}

int tce_set(struct tce_table *table, struct tce_pool *pool, uint64_t index, uint64_t tce)
{
	struct tce_node **way[TCE_LEVELS] = { NULL };
	unsigned int level = tce_walk(table, pool, index, tce, way);
	bool found = !level;

	if (found) {
		struct tce_node *leaf = *way[0];
		uint64_t *entry = &leaf->child[tce_place(index, 0)].tce;

		leaf->used += !*entry && tce;
		leaf->used -= *entry && !tce;
		*entry = tce;
	}
	for (; level < table->levels && !(*way[level])->used; level++) {
		tce_node_free(pool, way[level]);
		if (level + 1 < table->levels)
			(*way[level + 1])->used--;
	}
	return found || !tce ? 0 : -ENOMEM;
}

/* Clear entries first to last of the part below this node, which exists. */
static void tce_node_clear(struct tce_pool *pool, struct tce_node **at,
			   unsigned int level, uint64_t first, uint64_t last)
{
	struct tce_node *node = *at;

	for (uint64_t i = first >> TCE_BITS * level; i <= last >> TCE_BITS * level; i++) {
		uint64_t base = i << TCE_BITS * level;

		if (!level && node->child[i].tce) {
			node->child[i].tce = 0;
			node->used--;
		} else if (level && node->child[i].node) {
			uint64_t end = tce_span(level - 1) - 1;

			tce_node_clear(pool, &node->child[i].node, level - 1,
				       first > base ? first - base : 0,
				       last - base < end ? last - base : end);
			node->used -= !node->child[i].node;
		}
	}
	if (!node->used)
		tce_node_free(pool, at);
}

void tce_clear(struct tce_table *table, struct tce_pool *pool, uint64_t index,
	       uint64_t count)
{
	if (table->root && count)
		tce_node_clear(pool, &table->root, table->levels - 1, index,
			       index + count - 1);
}

bool tce_next(const struct tce_table *table, uint64_t *index, uint64_t *tce)
{
	while (table->root && *index < table->entries) {
		const struct tce_node *node = table->root;
		unsigned int level = table->levels - 1;

		while (node && level)
			node = node->child[tce_place(*index, level--)].node;
		if (!node) { /* it would be at this level */
			*index = (*index | (tce_span(level) - 1)) + 1;
			continue;
		}
		*tce = node->child[tce_place(*index, 0)].tce;
		if (*tce)
			return true;
		++*index;
	}
	return false;
}
