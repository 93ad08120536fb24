// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/types/numa_score.h"
#include "drmgr/show.h"

enum { DETAIL_ALL = 4, THREADS_WIDTH = 25 };

/* Match the key: "0x" and an index, or a name. */
static bool cpu_is_wanted(const struct show *show, const struct cpu *cpu)
{
	unsigned long index;
	char *end;

	if (!show->key)
		return true;
	if (strncmp(show->key, "0x", 2) != 0)
		return !strcmp(show->key, cpu->c->drc.name);
	index = strtoul(show->key, &end, 16);
	return !*end && index == cpu->c->drc.index;
}

/* Test whether a core is listed: an owned core. With caches, more detail or a key, any
 * core. */
static bool cpu_is_listed(const struct show *show, const struct cpu *cpu)
{
	return (cpu->node || show->with_caches || show->detail >= DETAIL_ALL) &&
	       cpu_is_wanted(show, cpu);
}

static bool cpu_list_has_wanted(const struct show *show, const struct cpu_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (cpu_is_wanted(show, &list->cpus[i]))
			return true;
	return !show->key;
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

static void cpu_table_print(const struct cpu_list *list, const struct show *show)
{
	printf("%-10s%-20s%-11s", "drc-name", "OFDT-node", "drc_index");
	if (show->with_caches)
		printf("%-25s%-15s%-15s\n", "thread id(s)", "l2-cache", "l3-cache");
	else
		printf("%-13s\n", "thread id(s)");
	for (size_t i = 0; i < list->n; i++)
		if (cpu_is_listed(show, &list->cpus[i]))
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

static int cpu_table_print_json(struct cpu_list *list, const struct show *show,
				const struct dr_ctx *dr)
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
	for (size_t i = 0; i < list->n; i++)
		if (cpu_is_wanted(show, &list->cpus[i]))
			json_list_add(&json, cpu_object(&list->cpus[i]));
	json_list_end(&json);
	return err;
}

int show_cpus(const struct show *show, const struct dr_ctx *dr)
{
	struct cpu_list list;
	int err = cpu_list_read(&list, dr), printed;

	if (!err && (show->json || show->with_caches || show->caches))
		err = cpu_list_read_caches(&list, dr);
	if (!err && !cpu_list_has_wanted(show, &list))
		err = -ENOENT;
	if (show->json) {
		printed = cpu_table_print_json(&list, show, dr);
		err = err ? err : printed;
	} else if (!err && show->caches) {
		cpu_table_print_caches(&list);
	} else if (!err) {
		cpu_table_print(&list, show);
	}
	cpu_list_free(&list);
	return err;
}
