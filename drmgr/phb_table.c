// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "cli/connectors.h"
#include "drmgr/table.h"

static void phb_print(const struct dr_connector *c)
{
	struct dr_value devices, slots;

	connector_items(c, "devices", &devices);
	printf("%-10s%-20s ", dr_connector_get_name(c), item_text(&devices, 0, "node"));
	connector_items(c, "slots", &slots);
	if (!slots.n)
		putchar('\n');
	for (size_t i = 0; i < slots.n; i++) {
		if (i)
			printf("%-30s ", "");
		puts(item_text(&slots, i, NULL));
	}
	putchar('\n');
}

/* The host bridges of this partition. */
int table_print_phbs(const struct table *table, struct dr_list *list)
{
	const struct dr_connector *c;

	(void)table;
	printf("%-10s%-20s %s\n", "PHB name", "OFDT Name", "Slot(s) Connected");
	dr_foreach_connector(list, c)
		phb_print(c);
	return dr_list_get_errno(list);
}
