// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/types/logical/phb_list.h"
#include "drmgr/show.h"

static bool phb_is_wanted(const struct show *show, const struct phb *phb)
{
	return !show->key || !strcmp(show->key, phb->c->drc.name);
}

static void phb_print(const struct phb *phb)
{
	printf("%-10s%-20s ", phb->c->drc.name, phb->node->path);
	if (!phb->n_slots)
		putchar('\n');
	for (size_t i = 0; i < phb->n_slots; i++) {
		if (i)
			printf("%-30s ", "");
		puts(phb->slots[i]->drc.name);
	}
	putchar('\n');
}

static json_object *phb_object(const struct phb *phb)
{
	const struct connector_entry entry = {
		.type = "phb",
		.c = phb->c,
		.loc_code = phb->node ? phb->node->loc_code : NULL,
		.state = phb->node ? SLOT_STATE_OWNED : SLOT_STATE_NOT_OWNED,
	};
	json_object *slots = json_object_new_array(),
		    *o = connector_object(
			    &entry,
			    phb->node ? connector_device(phb->node->path, NULL) : NULL);

	for (size_t i = 0; i < phb->n_slots; i++)
		json_append_text(slots, phb->slots[i]->drc.name);
	json_put(o, "slots", slots);
	return o;
}

/* Print the host bridges. Return 0, or -ENOENT if the key matches none. */
static int phb_table_print_text(const struct phb_list *list, const struct show *show)
{
	bool found = !show->key;

	for (size_t i = 0; i < list->n_owned; i++)
		found = found || phb_is_wanted(show, &list->phbs[i]);
	if (!found)
		return -ENOENT;

	printf("%-10s%-20s %s\n", "PHB name", "OFDT Name", "Slot(s) Connected");
	for (size_t i = 0; i < list->n_owned; i++)
		if (phb_is_wanted(show, &list->phbs[i]))
			phb_print(&list->phbs[i]);
	return 0;
}

static int phb_table_print_json(const struct phb_list *list, const struct show *show)
{
	bool found = !show->key;
	struct json_list json;

	json_list_begin(&json, connectors_head("phb"), CONNECTORS_KEY, show->sink);
	for (size_t i = 0; i < list->n; i++) {
		if (!phb_is_wanted(show, &list->phbs[i]))
			continue;
		json_list_add(&json, phb_object(&list->phbs[i]));
		found = true;
	}
	json_list_end(&json);
	return found ? 0 : -ENOENT;
}

int show_phbs(const struct show *show, const struct dr_ctx *dr)
{
	struct phb_list list;
	int err = phb_list_read(&list, dr), printed = 0;

	if (show->json) {
		connectors_read_loc_codes(&list.connectors, dr);
		printed = phb_table_print_json(&list, show);
	} else if (!err) {
		printed = list.n_owned ? phb_table_print_text(&list, show) : -ENODEV;
	}
	phb_list_free(&list);
	return err ? err : printed;
}
