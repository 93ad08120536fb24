// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/types/cpu/cpu_score.h"
#include "libdrmgr/types/partition/entitlement.h"
#include "libdrmgr/types/runs.h"
#include "libdrmgr/types/types.h"

#define CPU_SMT "smt_threads"

struct cpu_rows {
	const struct dr_ctx *dr;
	struct cpu_list list;
	const struct connector *only; /* the one of the key; NULL: no key */
	size_t next;
};

static int cpu_rows_read_details(struct cpu_rows *rows, unsigned int flags)
{
	struct affinity affinity;
	int err = 0;

	if (flags & (DR_LIST_DETAILS | DR_LIST_CACHES))
		err = cpu_list_read_caches(&rows->list, rows->dr);
	if (err || !(flags & DR_LIST_DETAILS))
		return err;
	err = connectors_read_loc_codes(&rows->list.connectors, rows->dr);
	if (err)
		return err;
	affinity_read(&affinity, rows->list.connectors.mem, rows->dr);
	cpu_list_read_numa(&rows->list, rows->dr, &affinity);
	return 0;
}

static int cpu_rows_open(struct dr_list *list)
{
	struct cpu_rows *rows = list->rows;
	int err;

	rows->dr = list->dr;
	err = cpu_list_read(&rows->list, &list->mem, list->dr);
	if (!err)
		err = cpu_rows_read_details(rows, list->flags);
	if (err)
		dr_error_read(&list->error, list->dr->root, DR_FAULT_NO_SLOTS, err);
	else if (list->key)
		err = connectors_find(&rows->list.connectors, list->dr, list->key,
				      RESOLVE_NO_DIGITS, &rows->only, &list->error);
	return err;
}

static int cpu_rows_next(struct dr_list *list)
{
	struct cpu_rows *rows = list->rows;

	while (rows->next < rows->list.n) {
		const struct cpu *cpu = &rows->list.cpus[rows->next++];

		if (rows->only && cpu->c != rows->only)
			continue;
		list->current = (struct dr_connector){
			.c = cpu->c,
			.loc_code = cpu->node ? cpu->node->loc_code : NULL,
			.state = cpu->node ? CONNECTOR_OWNED : CONNECTOR_NOT_OWNED,
			.row = cpu,
		};
		return 1;
	}
	return 0;
}

static void cpu_rows_rewind(struct dr_list *list)
{
	struct cpu_rows *rows = list->rows;

	rows->next = 0;
}

static const struct dr_list_ops cpu_list_ops = {
	.rows_bytes = sizeof(struct cpu_rows),
	.open = cpu_rows_open,
	.next = cpu_rows_next,
	.rewind = cpu_rows_rewind,
};

/* ---- Members of a core ---- */

static void cpu_get_devices(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	(void)i;
	value_set_node(value, cpu->node ? cpu->node->path : NULL);
}

static void cpu_get_threads(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	(void)i;
	value_set_list(value, cpu->n_threads);
}

static void thread_get_id(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	if (cpu->threads[i].cpu)
		value_set_number(value, cpu->threads[i].cpu->number);
}

static void thread_get_hardware_id(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	value_set_number(value, cpu->threads[i].hardware);
}

static void thread_get_online(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	if (cpu->threads[i].cpu && !cpu->threads[i].cpu->is_unknown)
		value_set_number(value, cpu->threads[i].cpu->is_online);
}

static const struct dr_member thread_members[] = {
	{ .key = "id", .kind = DR_KIND_NUMBER, .get = thread_get_id },
	{ .key = "hardware_id", .kind = DR_KIND_NUMBER, .get = thread_get_hardware_id },
	{ .key = "online", .kind = DR_KIND_BOOL, .get = thread_get_online },
	{ 0 },
};

/* Return the i-th cache of a core. */
static const struct cache *cpu_cache(const struct cpu *cpu, size_t i)
{
	return i || !cpu->l2 ? cpu->l3 : cpu->l2;
}

static void cpu_get_caches(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	(void)i;
	value_set_list(value, (size_t)(cpu->l2 != NULL) + (cpu->l3 != NULL));
}

static void cpu_cache_get_name(const void *object, size_t i, struct dr_value *value)
{
	value_set_text(value, cpu_cache(object, i)->name);
}

static void cpu_cache_get_phandle(const void *object, size_t i, struct dr_value *value)
{
	value_set_number(value, cpu_cache(object, i)->phandle);
}

static const struct dr_member cpu_cache_members[] = {
	{ .key = "name", .get = cpu_cache_get_name },
	{ .key = "phandle", .kind = DR_KIND_INDEX, .get = cpu_cache_get_phandle },
	{ 0 },
};

static void cpu_get_l2(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	(void)i;
	value_set_text(value, cpu->l2 ? cpu->l2->name : NULL);
}

static void cpu_get_l3(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	(void)i;
	value_set_text(value, cpu->l3 ? cpu->l3->name : NULL);
}

static void cpu_get_numa_node(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu *cpu = object;

	(void)i;
	if (cpu->numa_node != AFFINITY_NO_NODE)
		value_set_number(value, cpu->numa_node);
}

static const struct dr_member cpu_members[] = {
	{ .key = "devices",
	  .kind = DR_KIND_LIST,
	  .get = cpu_get_devices,
	  .items = connector_node_members },
	{ .key = "threads",
	  .kind = DR_KIND_LIST,
	  .get = cpu_get_threads,
	  .items = thread_members },
	{ .key = "caches",
	  .kind = DR_KIND_LIST,
	  .get = cpu_get_caches,
	  .items = cpu_cache_members },
	{ .key = "numa_node", .kind = DR_KIND_NUMBER, .get = cpu_get_numa_node },
	{ .key = "l2_cache", .get = cpu_get_l2, .is_internal = true },
	{ .key = "l3_cache", .get = cpu_get_l3, .is_internal = true },
	{ 0 },
};

/* ---- Members of the list ---- */

static void cpus_get_numa_score(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu_rows *rows = object;
	int score;

	(void)i;
	if (rows->list.n && !numa_score_cpus(&rows->list, rows->dr, &score) &&
	    score != NUMA_SCORE_NONE)
		value_set_number(value, score);
}

static void cpus_get_caches(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu_rows *rows = object;

	(void)i;
	value_set_list(value, rows->list.n_caches);
}

static void cache_get_name(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu_rows *rows = object;

	value_set_text(value, rows->list.caches[i].name);
}

static void cache_get_phandle(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu_rows *rows = object;

	value_set_number(value, rows->list.caches[i].phandle);
}

static const struct dr_member cache_members[] = {
	{ .key = "name", .get = cache_get_name },
	{ .key = "phandle", .kind = DR_KIND_INDEX, .get = cache_get_phandle },
	{ 0 },
};

static void cpus_get_is_missing(const void *object, size_t i, struct dr_value *value)
{
	const struct cpu_rows *rows = object;

	(void)i;
	value_set_number(value, rows->list.linux_cpus.is_missing);
}

static const struct dr_member cpus_members[] = {
	{ .key = "numa_score", .kind = DR_KIND_NUMBER, .get = cpus_get_numa_score },
	{ .key = "is_missing",
	  .kind = DR_KIND_BOOL,
	  .get = cpus_get_is_missing,
	  .is_internal = true },
	{ .key = "all_caches",
	  .kind = DR_KIND_LIST,
	  .get = cpus_get_caches,
	  .items = cache_members,
	  .is_internal = true },
	{ 0 },
};

/* ---- Requests ---- */

static int cpu_check(const struct dr_request *request, char **text)
{
	int err = request_check_action(
		request, "The '-r' or '-a' option must be specified for CPU operations.",
		text);

	if (err || request->action == DR_QUERY)
		return err;
	if (!request->parameter)
		return request_check_backend(request, "dlpar", KERNEL_CHANGES, text);
	if (strcmp(request->parameter, CPU_SMT) != 0)
		return entitlement_check(request, text);
	return request->count > 1 ? request_refuse(text, "-q is invalid with -p " CPU_SMT)
				  : 0;
}

static const struct dr_parameter cpu_parameters[] = {
	{ CPU_SMT, &run_smt },
	{ "ent_capacity", &run_share },
	{ "variable_weight", &run_share },
	{ 0 },
};

const struct dr_type type_cpu = {
	.name = "cpu",
	.title = "processor cores",
	.usage = "-c cpu {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} "
		 "[-s drc_name | drc_index]",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY,
	.check = cpu_check,
	.run = &run_cpu,
	.parameters = cpu_parameters,
	.list = &cpu_list_ops,
	.members = cpu_members,
	.list_members = cpus_members,
	.none = "There are no dynamically reconfigurable CPUs on this system.",
	.unknown = "The specified CPU was not found: specify a name such as \"CPU 8\" or "
		   "an\nindex such as 0x10000008.",
};
