// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/cpu/cpu_list.h"
#include "wire/cells.h"

/* Processors have up to 8 threads. The limit keeps damaged lists small. */
enum { THREADS_MAX = 256 };

bool connector_is_cpu(const char *type)
{
	return !strcmp(type, "CPU");
}

const char *cpu_node_name(const struct cpu *cpu)
{
	return strrchr(cpu->node->path, '/') + 1;
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
	if (!ids.n)
		return 0;

	cpu->threads = calloc(ids.n, sizeof(*cpu->threads));
	if (!cpu->threads)
		return -ENOMEM;
	cpu->n_threads = ids.n;
	for (size_t i = 0; i < ids.n; i++) {
		cpu->threads[i].hardware = cells_at(&ids, i);
		cpu->threads[i].cpu =
			linux_cpus_find(&list->linux_cpus, cpu->threads[i].hardware);
	}
	return 0;
}

/* Warn of nodes without a connector. They are ignored. */
static int cpu_list_warn_strays(const struct cpu_list *list, const struct dr_ctx *dr)
{
	struct number_map known = { 0 };
	int err = 0;
	size_t at;

	for (size_t i = 0; !err && i < list->connectors.n; i++)
		err = number_map_add(&known, list->connectors.list[i].drc.index, i);
	number_map_sort(&known);
	for (size_t i = 0; !err && i < list->connectors.n_occupants; i++) {
		const struct occupant *o = &list->connectors.occupants[i];

		if (!number_map_find(&known, o->index, &at))
			dr_warn(dr, "%s: connector 0x%08x is unknown, ignored", o->path,
				o->index);
	}
	number_map_free(&known);
	return err;
}

static int cpu_list_fill(struct cpu_list *list, const struct dr_ctx *dr)
{
	const struct connectors *cs = &list->connectors;
	int err = 0;

	for (size_t i = cs->n; !err && i-- > 0;) {
		struct cpu *cpu = &list->cpus[list->n++];
		size_t first = 0;

		cpu->c = &cs->list[i];
		cpu->numa_node = AFFINITY_NO_NODE;
		cpu->node = connector_occupant(cs, cpu->c, &first);
		if (cpu->node)
			err = cpu_read_threads(cpu, list, dr);
	}
	return err;
}

int cpu_list_read(struct cpu_list *list, const struct dr_ctx *dr)
{
	int err;

	*list = (struct cpu_list){ 0 };
	err = connectors_read_node(&list->connectors, dr, "/cpus", connector_is_cpu);
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	if (!list->connectors.n)
		return -ENODEV;

	list->cpus = calloc(list->connectors.n, sizeof(*list->cpus));
	if (!list->cpus)
		return -ENOMEM;
	err = linux_cpus_read(&list->linux_cpus, dr->root);
	if (!err)
		err = cpu_list_fill(list, dr);
	return err ? err : cpu_list_warn_strays(list, dr);
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
	struct cache *caches =
		reallocarray(list->caches, list->n_caches + 1, sizeof(*caches));
	_cleanup_free_ char *path = node_join("/cpus", name);
	struct cache *cache;
	int err;

	if (caches)
		list->caches = caches;
	if (!caches || !path)
		return -ENOMEM;
	cache = &caches[list->n_caches];
	*cache = (struct cache){ 0 };
	err = cache_next(dr, path, &cache->next);
	if (err)
		return err;
	err = prop_u32(dr->root, path, "ibm,phandle", &cache->phandle);
	if (err) {
		if (!kern_read_failure(err))
			dr_warn(dr, "%s: no phandle, ignored", path);
		return kern_read_failure(err);
	}
	cache->name = strdup(name);
	if (!cache->name)
		return -ENOMEM;
	list->n_caches++;
	return 0;
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
		err = number_map_add(&phandles, list->caches[i].phandle, i);
	number_map_sort(&phandles);
	if (!err && list->n_caches)
		err = cpu_list_set_caches(list, dr, &phandles);
	number_map_free(&phandles);
	return err;
}

void cpu_list_free(struct cpu_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->cpus[i].threads);
	for (size_t i = 0; i < list->n_caches; i++)
		free(list->caches[i].name);
	free(list->cpus);
	free(list->caches);
	linux_cpus_free(&list->linux_cpus);
	connectors_free(&list->connectors);
	*list = (struct cpu_list){ 0 };
}
