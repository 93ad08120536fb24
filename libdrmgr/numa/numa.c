// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/linux_cpus.h"
#include "libdrmgr/numa/numa.h"
#include "wire/ranges.h"

/* ---- Linux's nodes ---- */

/* Count the processors of a node. If the list is missing or invalid, return 0. */
static uint64_t numa_count_cpus(const struct kern_root *root, struct mem *m,
				uint32_t node)
{
	_cleanup_free_ char *text = NULL;
	uint32_t first, last, next = 0;
	uint64_t cpus = 0;
	const char *at;
	size_t len;

	if (kern_read(root, mem_text(m, NUMA_NODE_DIR "/node%u/cpulist", node), &text,
		      &len))
		return 0;
	at = text;
	while (ranges_next_below(&at, LINUX_CPUS_MAX, &next, &first, &last) > 0)
		cpus += (uint64_t)last - first + 1;
	return cpus;
}

static int numa_by_id(const void *a, const void *b)
{
	const struct numa_node *left = a, *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

static bool numa_node_number(const char *name, uint32_t *id)
{
	uint64_t n;

	if (strncmp(name, "node", 4) != 0 || !name[4] ||
	    number_read(name + 4, strlen(name + 4), 10, &n) || n >= AFFINITY_NO_NODE)
		return false;
	*id = (uint32_t)n;
	return true;
}

int numa_read(struct numa *numa, struct mem *m, const struct kern_root *root)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(root, NUMA_NODE_DIR, KERN_LIST_ALL, &names);
	uint32_t id;

	*numa = (struct numa){ 0 };
	if (err)
		return err;
	for (size_t i = 0; i < names.n; i++)
		if (numa_node_number(names.name[i], &id))
			*vec_add(m, numa->nodes, numa->n_nodes) =
				(struct numa_node){ id, numa_count_cpus(root, m, id) };
	if (!numa->n_nodes)
		return mem_check(m) ? -ENOMEM : -ENOENT;
	qsort(numa->nodes, numa->n_nodes, sizeof(*numa->nodes), numa_by_id);
	return mem_check(m);
}

/* ---- Shares ---- */

enum group { WITHOUT_CPUS, WITH_CPUS, NO_NODE, GROUPS };

struct share {
	uint32_t node;
	uint64_t cpus, lmbs; /* that were not tried */
	uint64_t weight;
	uint64_t got, rest; /* share of what is distributed; remainder of the division */
	uint64_t to_remove;
};

static uint64_t shares_divide(struct share *s, size_t n, uint64_t units, uint64_t weights)
{
	uint64_t left = units;

	for (size_t i = 0; i < n; i++) {
		uint64_t room = s[i].lmbs - s[i].got;
		uint64_t part = units * s[i].weight / weights;

		s[i].rest = room ? units * s[i].weight % weights + 1 : 0;
		if (part >= room) {
			part = room;
			s[i].rest = 0;
		}
		s[i].got += room ? part : 0;
		left -= room ? part : 0;
	}
	return left;
}

static uint64_t shares_divide_rest(struct share *s, size_t n, uint64_t left)
{
	while (left) {
		struct share *most = NULL;

		for (size_t i = 0; i < n; i++)
			if (s[i].rest && (!most || s[i].rest > most->rest))
				most = &s[i];
		if (!most)
			break;
		most->got++;
		most->rest = 0;
		left--;
	}
	return left;
}

/* Distribute units, at most the number of LMBs, by weight. No share exceeds its LMBs. */
static void shares_distribute(struct share *s, size_t n, uint64_t units)
{
	while (units) {
		uint64_t weights = 0;

		for (size_t i = 0; i < n; i++)
			weights += s[i].got < s[i].lmbs ? s[i].weight : 0;
		if (!weights)
			return;
		units = shares_divide_rest(s, n, shares_divide(s, n, units, weights));
	}
}

static void shares_weigh(struct share *s, size_t n, enum group group)
{
	uint64_t cpus = 0, lmbs = 0;

	for (size_t i = 0; i < n; i++) {
		cpus += s[i].cpus;
		lmbs += s[i].lmbs;
	}
	for (size_t i = 0; i < n; i++)
		s[i].weight = group == WITH_CPUS ? 9 * s[i].cpus * lmbs + s[i].lmbs * cpus
						 : s[i].lmbs;
}

/* Compare shares: the smallest weight first, then the highest node number. */
static int share_by_weight(const void *a, const void *b)
{
	const struct share *left = a, *right = b;

	if (left->weight != right->weight)
		return left->weight < right->weight ? -1 : 1;
	return left->node > right->node ? -1 : left->node < right->node;
}

/* Decide how many LMBs each node must lose. */
static void shares_decide(struct share *s, size_t n, enum group group, uint64_t lmbs,
			  uint64_t count)
{
	bool is_kept = group == WITH_CPUS;

	shares_weigh(s, n, group);
	shares_distribute(s, n, is_kept ? lmbs - count : count);
	for (size_t i = 0; i < n; i++)
		s[i].to_remove = is_kept ? s[i].lmbs - s[i].got : s[i].got;
	qsort(s, n, sizeof(*s), share_by_weight);
}

/* ---- Places ---- */

static const struct numa_node *numa_node_of(const struct numa *numa, uint32_t id)
{
	const struct numa_node key = { .id = id };

	return bsearch(&key, numa->nodes, numa->n_nodes, sizeof(key), numa_by_id);
}

static enum group numa_group_of(const struct numa *numa, uint32_t id)
{
	const struct numa_node *node = numa_node_of(numa, id);

	if (!node)
		return NO_NODE;
	return node->cpus ? WITH_CPUS : WITHOUT_CPUS;
}

/* Make one share for each node of this group; LMBs without a node make one share. Return
 * the number of LMBs. */
static uint64_t shares_collect(const struct numa *numa, const struct numa_lmb *lmbs,
			       size_t n, enum group group, struct share *s,
			       size_t *n_shares)
{
	uint64_t all = 0;

	*n_shares = group == NO_NODE ? 1 : numa->n_nodes;
	for (size_t i = 0; i < *n_shares; i++)
		s[i] = (struct share){ 0 };
	for (size_t i = 0; i < n; i++) {
		const struct numa_node *node = numa_node_of(numa, lmbs[i].node);
		size_t at = group == NO_NODE ? 0 : (size_t)(node - numa->nodes);

		if (lmbs[i].is_tried || numa_group_of(numa, lmbs[i].node) != group)
			continue;
		s[at].node = group == NO_NODE ? AFFINITY_NO_NODE : node->id;
		s[at].cpus = group == NO_NODE ? 0 : node->cpus;
		s[at].lmbs++;
		all++;
	}
	return all;
}

static bool share_has_lmb(const struct numa *numa, const struct numa_lmb *lmb,
			  const struct share *s)
{
	if (lmb->is_tried)
		return false;
	return s->node == AFFINITY_NO_NODE ? numa_group_of(numa, lmb->node) == NO_NODE
					   : lmb->node == s->node;
}

static size_t share_choose(const struct numa *numa, const struct numa_lmb *lmbs, size_t n,
			   const struct share *s, size_t *places)
{
	size_t got = 0;

	for (size_t i = n; i-- && got < s->to_remove;)
		if (share_has_lmb(numa, &lmbs[i], s))
			places[got++] = i;
	return got;
}

int numa_next(const struct numa *numa, const struct numa_lmb *lmbs, size_t n,
	      size_t count, size_t *places, size_t *n_places)
{
	_cleanup_free_ struct share *s = calloc(numa->n_nodes + 1, sizeof(*s));
	size_t n_shares = 0;
	uint64_t all = 0;
	int group;

	*n_places = 0;
	if (!s)
		return -ENOMEM;
	for (group = 0; !all && group < GROUPS; group++)
		all = shares_collect(numa, lmbs, n, (enum group)group, s, &n_shares);
	if (!all || !count)
		return 0;

	shares_decide(s, n_shares, (enum group)(group - 1), all,
		      count < all ? count : all);
	for (size_t i = 0; i < n_shares; i++)
		*n_places += share_choose(numa, lmbs, n, &s[i], places + *n_places);
	return 0;
}
