// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/cpu/cpu_list.h"
#include "wire/cells.h"

/* Processors have up to 8 threads. The limit keeps damaged lists small. */
enum { THREADS_MAX = 256 };

static bool connector_is_cpu(const char *type)
{
	return !strcmp(type, "CPU");
}

static int cpu_read_threads(struct cpu *cpu, const struct cpu_list *list,
			    const struct dr_ctx *dr)
{
	_cleanup_prop_ struct prop prop = { 0 };
	struct cells ids;
	int err = prop_read(dr->root, cpu->node->path, CELLS_THREADS_PROP, &prop);

	if (err)
		return kern_read_failure(err);
	if (cells_read(&ids, prop.data, prop.len) || ids.n > THREADS_MAX) {
		dr_warn(dr, "%s/%s: damaged, ignored", cpu->node->path,
			CELLS_THREADS_PROP);
		return 0;
	}
	for (size_t i = 0; i < ids.n; i++) {
		uint32_t hardware = cells_at(&ids, i);

		*vec_add(list->connectors.mem, cpu->threads, cpu->n_threads) =
			(struct cpu_thread){ hardware, linux_cpus_find(&list->linux_cpus,
								       hardware) };
	}
	return 0;
}

/* Warn of nodes without a connector. They are ignored. */
static void cpu_list_warn_strays(const struct cpu_list *list, const struct dr_ctx *dr)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct number_map known = { 0 };
	size_t at;

	for (size_t i = 0; i < list->connectors.n; i++)
		number_map_add(&m, &known, list->connectors.list[i].drc.index, i);
	number_map_sort(&known);
	for (size_t i = 0; !mem_check(&m) && i < list->connectors.n_occupants; i++) {
		const struct occupant *o = &list->connectors.occupants[i];

		if (!number_map_find(&known, o->index, &at))
			dr_warn(dr, "%s: connector 0x%08x is unknown, ignored", o->path,
				o->index);
	}
}

static int cpu_list_fill(struct cpu_list *list, const struct dr_ctx *dr)
{
	const struct connectors *cs = &list->connectors;
	int err = 0;

	for (size_t i = cs->n; !err && i-- > 0;) {
		struct cpu cpu = { .c = &cs->list[i], .numa_node = AFFINITY_NO_NODE };
		size_t first = 0;

		cpu.node = connector_occupant(cs, cpu.c, &first);
		if (cpu.node)
			err = cpu_read_threads(&cpu, list, dr);
		*vec_add(cs->mem, list->cpus, list->n) = cpu;
	}
	return err;
}

int cpu_list_read(struct cpu_list *list, struct mem *m, const struct dr_ctx *dr)
{
	int err;

	*list = (struct cpu_list){ 0 };
	err = connectors_read_node(&list->connectors, m, dr, "/cpus", connector_is_cpu);
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	if (!list->connectors.n)
		return -ENODEV;

	err = linux_cpus_read(&list->linux_cpus, m, dr->root);
	if (!err)
		err = cpu_list_fill(list, dr);
	if (!err)
		cpu_list_warn_strays(list, dr);
	return err ? err : mem_check(m);
}

void cpu_list_read_numa(struct cpu_list *list, const struct dr_ctx *dr,
			const struct affinity *affinity)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->cpus[i].node)
			list->cpus[i].numa_node =
				affinity_of_path(affinity, dr, list->cpus[i].node->path);
}

/* ---- Caches ---- */

/* Read the phandle of the next cache level, or 0. Firmware has two names for it. */
static int cache_next(const struct dr_ctx *dr, const char *path, uint32_t *phandle)
{
	int err = prop_u32(dr->root, path, "l2-cache", phandle);

	if (err == -ENOENT)
		err = prop_u32(dr->root, path, "next-level-cache", phandle);
	if (err)
		*phandle = 0;
	return kern_read_failure(err);
}

static int cpu_list_add_cache(struct cpu_list *list, const struct dr_ctx *dr,
			      const char *name)
{
	struct mem *m = list->connectors.mem;
	struct cache cache = { .name = mem_copy(m, name) };
	const char *path = mem_text(m, "/cpus/%s", name);
	int err = cache_next(dr, path, &cache.next);

	if (err)
		return err;
	err = prop_u32(dr->root, path, "ibm,phandle", &cache.phandle);
	if (err) {
		if (!kern_read_failure(err))
			dr_warn(dr, "%s: no phandle, ignored", path);
		return kern_read_failure(err);
	}
	*vec_add(m, list->caches, list->n_caches) = cache;
	return mem_check(m);
}

static const struct cache *cpu_list_find_cache(const struct cpu_list *list,
					       const struct number_map *phandles,
					       uint32_t phandle)
{
	size_t at;

	return phandle && number_map_find(phandles, phandle, &at) ? &list->caches[at]
								  : NULL;
}

static int cpu_list_set_caches(struct cpu_list *list, const struct dr_ctx *dr,
			       const struct number_map *phandles)
{
	uint32_t next;
	int err = 0;

	for (size_t i = 0; !err && i < list->n; i++) {
		struct cpu *cpu = &list->cpus[i];

		if (!cpu->node)
			continue;
		err = cache_next(dr, cpu->node->path, &next);
		cpu->l2 = cpu_list_find_cache(list, phandles, next);
		if (cpu->l2)
			cpu->l3 = cpu_list_find_cache(list, phandles, cpu->l2->next);
	}
	return err;
}

int cpu_list_read_caches(struct cpu_list *list, const struct dr_ctx *dr)
{
	_cleanup_names_ struct kern_names names = { 0 };
	struct number_map phandles = { 0 };
	int err = node_children(dr->root, "/cpus", &names);

	for (size_t i = 0; !err && i < names.n; i++)
		if (strstr(names.name[i], "-cache@"))
			err = cpu_list_add_cache(list, dr, names.name[i]);
	for (size_t i = 0; !err && i < list->n_caches; i++)
		number_map_add(list->connectors.mem, &phandles, list->caches[i].phandle,
			       i);
	number_map_sort(&phandles);
	if (!err && list->n_caches)
		err = cpu_list_set_caches(list, dr, &phandles);
	return err ? err : mem_check(list->connectors.mem);
}
