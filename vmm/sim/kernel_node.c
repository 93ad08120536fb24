// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NUMA nodes, and /sys/devices/system/node. A node exists while it has memory or present
 * processors. Node 0 always exists.
 *
 * Source:  Linux 6.1 arch/powerpc/mm/numa.c, drivers/base/node.c
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/assoc.h"
#include "wire/dynmem.h"

enum {
	NODES_MAX = 256, /* CONFIG_NODES_SHIFT=8 */
	LEVELS_MAX = 4,	 /* reference points that Linux uses */
	LOCAL_DISTANCE = 10,
};

struct knode {
	struct kernel *k;
	unsigned int id;
	unsigned int blocks, cpus; /* memory blocks, present processors */
	uint32_t domains[LEVELS_MAX];
	struct pfs_node *dir; /* NULL: does not exist */
};

struct knodes {
	struct pfs_node *dir;
	unsigned int levels; /* number of reference points */
	uint32_t depths[LEVELS_MAX];
	bool form2;
	struct knode all[NODES_MAX];
};

/* ---- Files ---- */

static bool node_exists(const struct knodes *nodes, unsigned int id)
{
	return nodes->all[id].dir;
}

/* Return true if the list of this name has the node. */
static bool node_is_in(const struct knodes *nodes, const char *list, unsigned int id)
{
	if (!strcmp(list, "online"))
		return node_exists(nodes, id);
	return strcmp(list, "has_cpu") ? nodes->all[id].blocks : nodes->all[id].cpus;
}

/* Write the numbers of the list's nodes: "0-1,3". */
static int list_show(struct pfs_node *file, struct text *out)
{
	const struct knodes *nodes = file->priv;
	const char *sep = "";

	for (unsigned int i = 0, last; i < NODES_MAX; i = last + 1) {
		last = i;
		if (!node_is_in(nodes, file->name, i))
			continue;
		while (last + 1 < NODES_MAX && node_is_in(nodes, file->name, last + 1))
			last++;
		text_add(out, last == i ? "%s%u" : "%s%u-%u", sep, i, last);
		sep = ",";
	}
	text_add(out, "\n");
	return 0;
}

static int cpus_show(struct pfs_node *file, struct text *out)
{
	const struct knode *node = file->priv;

	return kcpu_list_of(node->k, node->id, !strcmp(file->name, "cpumap"), out);
}

/* All memory is free: nothing runs here. */
static int meminfo_show(struct pfs_node *file, struct text *out)
{
	const struct knode *node = file->priv;
	unsigned long long kib = kmem_bytes_of(node->k, node->id) / 1024;

	text_add(out,
		 "Node %u MemTotal:       %8llu kB\nNode %u MemFree:        %8llu kB\n"
		 "Node %u MemUsed:        %8u kB\n",
		 node->id, kib, node->id, kib, node->id, 0);
	return 0;
}

static unsigned int distance_by_levels(const struct knode *from, const struct knode *to)
{
	unsigned int levels = from->k->nodes->levels, distance = LOCAL_DISTANCE;

	for (unsigned int i = 0; i < levels && from->domains[i] != to->domains[i]; i++)
		distance *= 2;
	return distance;
}

static unsigned int distance_of(const struct knode *from, const struct knode *to)
{
	const struct dt_node *rtas = ktree_find(from->k, "/rtas");
	struct assoc_distances d;
	size_t n_index, n_table;
	const void *index = ktree_get(rtas, ASSOC_INDEX_TABLE_PROP, &n_index);
	const void *table = ktree_get(rtas, ASSOC_DISTANCE_TABLE_PROP, &n_table);
	uint8_t distance;

	if (from == to)
		return LOCAL_DISTANCE;
	if (from->k->nodes->form2 && index && table &&
	    !assoc_distances_read(&d, index, n_index, table, n_table) &&
	    !assoc_distance(&d, from->id, to->id, &distance))
		return distance;
	return distance_by_levels(from, to);
}

static int distance_show(struct pfs_node *file, struct text *out)
{
	const struct knode *node = file->priv;
	const char *sep = "";

	for (unsigned int i = 0; i < NODES_MAX; i++)
		if (node_exists(node->k->nodes, i)) {
			text_add(out, "%s%u", sep,
				 distance_of(node, &node->k->nodes->all[i]));
			sep = " ";
		}
	text_add(out, "\n");
	return 0;
}

static void node_show(struct knode *node)
{
	static const struct pfs_ops cpus = { .show = cpus_show },
				    meminfo = { .show = meminfo_show },
				    distance = { .show = distance_show };
	char name[16];

	snprintf(name, sizeof(name), "node%u", node->id);
	node->dir = pfs_dir(node->k->nodes->dir, name);
	kernel_attr(node->k, node->dir, "cpulist", 0444, &cpus, node);
	kernel_attr(node->k, node->dir, "cpumap", 0444, &cpus, node);
	kernel_attr(node->k, node->dir, "meminfo", 0444, &meminfo, node);
	kernel_attr(node->k, node->dir, "distance", 0444, &distance, node);
}

/* Remove an empty node. Processors that were removed stay linked with it in Linux, too,
 * until they get another node. */
static void node_leave(struct knode *node)
{
	if (!node->id || node->blocks || node->cpus || !node->dir)
		return;
	pfs_remove(node->dir);
	node->dir = NULL;
}

/* ---- Members ---- */

static void member_count(struct knode *node, enum knode_member kind, int change)
{
	unsigned int *n = kind == KNODE_MEMORY ? &node->blocks : &node->cpus;

	*n += (unsigned int)change;
}

void knode_count(struct kernel *k, unsigned int id, enum knode_member kind, int change)
{
	struct knode *node = &k->nodes->all[id];

	member_count(node, kind, change);
	if (change > 0 && !node->dir)
		node_show(node);
	else if (change < 0)
		node_leave(node);
}

void knode_link(struct kernel *k, unsigned int id, struct pfs_node *dir)
{
	struct knode *node = &k->nodes->all[id];

	if (!node->dir)
		node_show(node);
	pfs_link_to(node->dir, dir->name, dir);
	pfs_link_to(dir, node->dir->name, node->dir);
}

void knode_unlink(struct kernel *k, unsigned int id, struct pfs_node *dir)
{
	const struct knode *node = &k->nodes->all[id];
	struct pfs_node *link = node->dir ? pfs_find(node->dir, dir->name) : NULL;
	char name[16];

	if (link)
		pfs_remove(link);
	snprintf(name, sizeof(name), "node%u", id);
	link = pfs_find(dir, name);
	if (link)
		pfs_remove(link);
}

/* ---- Associativity ---- */

/* Return the node of the first domain, and keep all domains for the distances. 0 also for
 * what Linux does not know. */
static unsigned int learn(struct knodes *nodes, const uint32_t domains[LEVELS_MAX])
{
	uint32_t id = domains[0];

	if (id >= NODES_MAX)
		return 0;
	for (unsigned int i = 0; i < nodes->levels; i++)
		nodes->all[id].domains[i] = domains[i];
	return id;
}

unsigned int knode_of(const struct kernel *k, const struct dt_node *node)
{
	struct knodes *nodes = k->nodes;
	uint32_t domains[LEVELS_MAX] = { 0 };
	size_t len;
	const void *prop = ktree_get(node, ASSOC_PROP, &len);

	if (!prop || !nodes->levels)
		return 0;
	for (unsigned int i = 0; i < nodes->levels; i++)
		if (assoc_domain(prop, len, nodes->depths[i], &domains[i]))
			return 0;
	return learn(nodes, domains);
}

unsigned int knode_of_array(const struct kernel *k, uint32_t array)
{
	const struct dt_node *drconf = ktree_find(k, DYNMEM_NODE);
	struct knodes *nodes = k->nodes;
	uint32_t domains[LEVELS_MAX] = { 0 };
	struct assoc_arrays arrays;
	const void *prop;
	size_t len;

	prop = drconf ? ktree_get(drconf, ASSOC_ARRAYS_PROP, &len) : NULL;
	if (!prop || !nodes->levels || assoc_arrays_read(&arrays, prop, len))
		return 0;
	for (unsigned int i = 0; i < nodes->levels; i++)
		if (assoc_arrays_domain(&arrays, array, nodes->depths[i], &domains[i]))
			return 0;
	return learn(nodes, domains);
}

/* ---- Boot ---- */

static void read_points(struct kernel *k)
{
	const struct dt_node *rtas = ktree_find(k, "/rtas"),
			     *chosen = ktree_find(k, "/chosen");
	struct knodes *nodes = k->nodes;
	size_t len;
	const void *prop = rtas ? ktree_get(rtas, ASSOC_POINTS_PROP, &len) : NULL;
	unsigned int *n = &nodes->levels;

	while (prop && *n < LEVELS_MAX &&
	       !assoc_reference_point(prop, len, *n, &nodes->depths[*n]))
		++*n;
	prop = chosen ? ktree_get(chosen, ASSOC_VECTOR5_PROP, &len) : NULL;
	nodes->form2 = prop && assoc_forms(prop, len) & ASSOC_FORM2;
}

/* Return the highest number of nodes: the entry of the nodes' depth. */
static uint32_t possible_of(const struct kernel *k)
{
	const struct dt_node *rtas = ktree_find(k, "/rtas");
	size_t len;
	const void *prop =
		rtas ? ktree_get(rtas, "ibm,max-associativity-domains", &len) : NULL;
	uint32_t n = 0;

	if (prop && k->nodes->levels)
		assoc_domain(prop, len, k->nodes->depths[0], &n);
	return n < NODES_MAX ? n : NODES_MAX;
}

int knodes_boot(struct kernel *k)
{
	static const char *const lists[] = { "online", "has_cpu", "has_memory",
					     "has_normal_memory" };
	static const struct pfs_ops list = { .show = list_show };
	struct knodes *nodes = calloc(1, sizeof(*nodes));
	uint32_t possible;

	if (!nodes)
		return -ENOMEM;
	k->nodes = nodes;
	for (unsigned int i = 0; i < NODES_MAX; i++) {
		nodes->all[i].k = k;
		nodes->all[i].id = i;
	}
	nodes->dir = pfs_path(k->sys, "devices/system/node");
	if (!nodes->dir)
		return -ENOMEM;
	read_points(k);
	possible = possible_of(k);
	if (possible > 1)
		pfs_text(nodes->dir, "possible", 0444, "0-%u\n", possible - 1);
	else
		pfs_text(nodes->dir, "possible", 0444, "0\n");
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		kernel_attr(k, nodes->dir, lists[i], 0444, &list, nodes);
	node_show(&nodes->all[0]);
	return 0;
}

void knodes_free(struct kernel *k)
{
	free(k->nodes);
	k->nodes = NULL;
}
