// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/numa/numa.h"
#include "libdrmgr/types/cpu/cpu_score.h"
#include "kern/text.h"
#include "wire/ranges.h"

/* Add the processors of one of Linux's nodes to the map from processor to node. */
static int numa_add_cpus(struct mem *m, struct number_map *map,
			 const struct kern_root *root, const char *name)
{
	_cleanup_free_ char *path = text_of(NUMA_NODE_DIR "/%s/cpulist", name),
			    *text = NULL;
	uint32_t first, last, next = 0;
	const char *at;
	size_t len;
	int err = path ? kern_read(root, path, &text, &len) : -ENOMEM;

	at = text;
	while (!err && ranges_next_below(&at, LINUX_CPUS_MAX, &next, &first, &last) > 0)
		for (uint32_t n = first; n <= last; n++)
			number_map_add(m, map, n, strtoul(name + 4, NULL, 10));
	return err == -ENOMEM ? err : 0;
}

static int numa_read_cpus(struct mem *m, struct number_map *map,
			  const struct kern_root *root)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = kern_list(root, NUMA_NODE_DIR, KERN_LIST_ALL, &names);

	if (err == -ENOENT)
		return 0;
	for (size_t i = 0; !err && i < names.n; i++)
		if (!strncmp(names.name[i], "node", 4) &&
		    strspn(names.name[i] + 4, "0123456789") == strlen(names.name[i] + 4))
			err = numa_add_cpus(m, map, root, names.name[i]);
	number_map_sort(map);
	return err ? err : mem_check(m);
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
	_cleanup_mem_ struct mem m = { 0 };
	struct number_map nodes = { 0 };
	struct numa_tally tally = { 0 };
	int err = numa_read_cpus(&m, &nodes, dr->root);
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
	*score = numa_tally_score(&tally);
	return err;
}
