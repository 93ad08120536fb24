// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "cli/connectors.h"
#include "drmgr/table.h"

static void phb_print(const struct table *table, const struct dr_connector *c)
{
	const char *name = dr_connector_get_name(c), *node;
	struct dr_value devices, slots;

	connector_items(c, "devices", &devices);
	node = item_text(&devices, 0, "node");
	printf("%-10s%-20s ", name ? name : "?", node ? node : "--");
	connector_items(c, table->all ? "slots" : "real_slots", &slots);
	if (!slots.n)
		putchar('\n');
	for (size_t i = 0; i < slots.n; i++) {
		if (i)
			printf("%-30s ", "");
		puts(item_text(&slots, i, NULL));
	}
	putchar('\n');
}

/* The host bridges of this partition, and with --all the other ones. */
int table_print_phbs(const struct table *table, struct dr_list *list)
{
	const struct dr_connector *c;

	printf("%-10s%-20s %s\n", "PHB name", "OFDT Name", "Slot(s) Connected");
	dr_foreach_connector(list, c)
		phb_print(table, c);
	return dr_list_get_errno(list);
}
