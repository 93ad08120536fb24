// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/cpu/cpu_score.h"
#include "drmgr/show.h"

enum { DETAIL_ALL = 4, THREADS_WIDTH = 25 };

/* Test whether a core is listed: an owned core. With caches or more detail, any core.
 * only: the core of the key, NULL without. */
static bool cpu_is_listed(const struct show *show, const struct cpu *cpu,
			  const struct connector *only)
{
	return (cpu->node || show->with_caches || show->detail >= DETAIL_ALL) &&
	       (!only || cpu->c == only);
}

/* ---- Text ---- */

static void cpu_table_print_caches(const struct cpu_list *list)
{
	puts("cache-name              phandle");
	for (size_t i = 0; i < list->n_caches; i++)
		printf("%-21s%-8x\n", list->caches[i].name, list->caches[i].phandle);
}

/* Print the processor numbers of Linux. Return the width. */
static int cpu_print_threads(const struct cpu *cpu)
{
	int width = 0;

	for (size_t i = 0; i < cpu->n_threads; i++)
		if (cpu->threads[i].cpu)
			width += printf("%-2x ", cpu->threads[i].cpu->number);
	return width;
}

static void cpu_print(const struct cpu *cpu, bool with_caches)
{
	int width;

	printf("%-10s%-20s%-11x", cpu->c->drc.name, cpu->node ? cpu_node_name(cpu) : "--",
	       cpu->c->drc.index);
	width = cpu_print_threads(cpu);
	if (with_caches)
		printf("%*s%-15s%-15s", width < THREADS_WIDTH ? THREADS_WIDTH - width : 0,
		       "", cpu->l2 ? cpu->l2->name : "N/A",
		       cpu->l3 ? cpu->l3->name : "N/A");
	putchar('\n');
}

static void cpu_table_print(const struct cpu_list *list, const struct show *show,
			    const struct connector *only)
{
	printf("%-10s%-20s%-11s", "drc-name", "OFDT-node", "drc_index");
	if (show->with_caches)
		printf("%-25s%-15s%-15s\n", "thread id(s)", "l2-cache", "l3-cache");
	else
		printf("%-13s\n", "thread id(s)");
	for (size_t i = 0; i < list->n; i++)
		if (cpu_is_listed(show, &list->cpus[i], only))
			cpu_print(&list->cpus[i], show->with_caches);
}

/* ---- Documents ---- */

static json_object *cpu_threads_array(const struct cpu *cpu)
{
	json_object *array = json_object_new_array();

	for (size_t i = 0; i < cpu->n_threads; i++) {
		const struct cpu_thread *t = &cpu->threads[i];
		json_object *o = json_object_new_object();

		if (t->cpu) {
			json_put_int(o, "id", t->cpu->number);
			json_put_int(o, "hardware_id", t->hardware);
			json_put_bool(o, "online", t->cpu->is_online);
		} else {
			json_put_text(o, "id", NULL);
			json_put_int(o, "hardware_id", t->hardware);
			json_put_text(o, "online", NULL);
		}
		json_object_array_add(array, o);
	}
	return array;
}

static void cache_append(json_object *array, const struct cache *cache)
{
	json_object *o;

	if (!cache)
		return;
	o = json_object_new_object();
	json_put_text(o, "name", cache->name);
	json_put_index(o, "phandle", cache->phandle);
	json_object_array_add(array, o);
}

static json_object *cpu_object(const struct cpu *cpu)
{
	const struct connector_entry entry = {
		.type = "cpu",
		.c = cpu->c,
		.loc_code = cpu->node ? cpu->node->loc_code : NULL,
		.state = cpu->node ? SLOT_STATE_OWNED : SLOT_STATE_NOT_OWNED,
	};
	json_object *caches = json_object_new_array(),
		    *o = connector_object(
			    &entry,
			    cpu->node ? connector_device(cpu->node->path, NULL) : NULL);

	json_put(o, "threads", cpu_threads_array(cpu));
	cache_append(caches, cpu->l2);
	cache_append(caches, cpu->l3);
	json_put(o, "caches", caches);
	connector_put_numa_node(o, cpu->numa_node);
	return o;
}

/* wanted: 0, or the error of the key; then the document has no connectors. */
static int cpu_table_print_json(struct cpu_list *list, const struct show *show,
				const struct dr_ctx *dr, int wanted,
				const struct connector *only)
{
	json_object *head = connectors_head("cpu");
	struct affinity affinity;
	struct json_list json;
	int err, score;

	connectors_read_loc_codes(&list->connectors, dr);
	affinity_read(&affinity, dr);
	cpu_list_read_numa(list, dr, &affinity);
	affinity_free(&affinity);
	err = numa_score_cpus(list, dr, &score);
	connectors_put_score(head, score);
	json_list_begin(&json, head, CONNECTORS_KEY, show->sink);
	for (size_t i = 0; i < list->n && !wanted; i++)
		if (!only || list->cpus[i].c == only)
			json_list_add(&json, cpu_object(&list->cpus[i]));
	json_list_end(&json);
	return err;
}

int show_cpus(const struct show *show, const struct dr_ctx *dr)
{
	const struct connector *only = NULL;
	struct cpu_list list;
	int err = cpu_list_read(&list, dr), printed;

	if (!err && (show->json || show->with_caches || show->caches))
		err = cpu_list_read_caches(&list, dr);
	if (!err && show->key)
		err = connectors_find(&list.connectors, dr, show->key, RESOLVE_NO_DIGITS,
				      &only, show->error);
	if (show->json) {
		printed = cpu_table_print_json(&list, show, dr, err, only);
		err = err ? err : printed;
	} else if (!err && show->caches) {
		cpu_table_print_caches(&list);
	} else if (!err) {
		cpu_table_print(&list, show, only);
	}
	cpu_list_free(&list);
	return err;
}
