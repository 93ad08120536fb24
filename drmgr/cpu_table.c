// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/connectors.h"
#include "drmgr/table.h"

enum { THREADS_WIDTH = 25 };

/* Test whether a core is listed: an owned core. With caches or more detail, any core. */
static bool cpu_is_listed(const struct table *table, const struct dr_connector *c)
{
	return table->all || table->with_caches || table->detail >= TABLE_DETAIL_ALL ||
	       !strcmp(dr_connector_get_state(c), "owned");
}

static void cpu_table_print_caches(const struct table *table, const struct dr_list *list)
{
	struct dr_value caches;

	puts("cache-name              phandle");
	if (dr_list_get(table->type, list, "all_caches", &caches))
		return;
	for (size_t i = 0; i < caches.n; i++)
		printf("%-21s%-8" PRIx64 "\n", item_text(&caches, i, "name"),
		       (uint64_t)item_number(&caches, i, "phandle"));
}

/* Print the processor numbers of Linux; "?" for each if the capture has none. Return the
 * width. */
static int cpu_print_threads(const struct dr_connector *c, bool is_missing)
{
	struct dr_value threads;
	int width = 0;

	connector_items(c, "threads", &threads);
	for (size_t i = 0; i < threads.n; i++) {
		int64_t id = item_number(&threads, i, "id");

		if (id >= 0)
			width += printf("%-2" PRIx64 " ", (uint64_t)id);
		else if (is_missing)
			width += printf("%-2s ", "?");
	}
	return width;
}

/* Return the name of the core's node: the last part of its path. */
static const char *cpu_row_node(const struct dr_connector *c)
{
	struct dr_value devices;
	const char *path;

	connector_items(c, "devices", &devices);
	path = item_text(&devices, 0, "node");
	return path ? strrchr(path, '/') + 1 : "--";
}

static void cpu_print(const struct dr_connector *c, bool with_caches, bool is_missing)
{
	const char *l2 = connector_text(c, "l2_cache"),
		   *l3 = connector_text(c, "l3_cache");
	int width;

	printf("%-10s%-20s%-11x", dr_connector_get_name(c), cpu_row_node(c),
	       dr_connector_get_index(c));
	width = cpu_print_threads(c, is_missing);
	if (with_caches)
		printf("%*s%-15s%-15s", width < THREADS_WIDTH ? THREADS_WIDTH - width : 0,
		       "", l2 ? l2 : "N/A", l3 ? l3 : "N/A");
	putchar('\n');
}

int table_print_cpus(const struct table *table, struct dr_list *list)
{
	const struct dr_connector *c;
	struct dr_value value;
	bool is_missing;

	if (table->caches) {
		cpu_table_print_caches(table, list);
		return 0;
	}
	is_missing =
		!dr_list_get(table->type, list, "is_missing", &value) && value.number;
	printf("%-10s%-20s%-11s", "drc-name", "OFDT-node", "drc_index");
	if (table->with_caches)
		printf("%-25s%-15s%-15s\n", "thread id(s)", "l2-cache", "l3-cache");
	else
		printf("%-13s\n", "thread id(s)");
	dr_foreach_connector(list, c)
		if (cpu_is_listed(table, c))
			cpu_print(c, table->with_caches, is_missing);
	return dr_list_get_errno(list);
}
