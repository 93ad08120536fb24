// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/logical/phb_list.h"
#include "drmgr/show.h"

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

/* only: the host bridge to print; NULL: all. */
static int phb_table_print_text(const struct phb_list *list, const struct connector *only)
{
	bool found = !only;

	if (!list->n_owned)
		return -ENODEV;
	for (size_t i = 0; i < list->n_owned; i++)
		found = found || list->phbs[i].c == only;
	if (!found)
		return -ENOENT;

	printf("%-10s%-20s %s\n", "PHB name", "OFDT Name", "Slot(s) Connected");
	for (size_t i = 0; i < list->n_owned; i++)
		if (!only || list->phbs[i].c == only)
			phb_print(&list->phbs[i]);
	return 0;
}

/* wanted: 0, or the error of the key; then the document has no connectors. */
static void phb_table_print_json(const struct phb_list *list, const struct show *show,
				 int wanted, const struct connector *only)
{
	struct json_list json;

	json_list_begin(&json, connectors_head("phb"), CONNECTORS_KEY, show->sink);
	for (size_t i = 0; i < list->n && !wanted; i++)
		if (!only || list->phbs[i].c == only)
			json_list_add(&json, phb_object(&list->phbs[i]));
	json_list_end(&json);
}

int show_phbs(const struct show *show, const struct dr_ctx *dr)
{
	const struct connector *only = NULL;
	struct phb_list list;
	int err = phb_list_read(&list, dr);

	if (show->json || show->key)
		connectors_read_loc_codes(&list.connectors, dr);
	if (!err && show->key)
		err = connectors_find(&list.connectors, dr, show->key, RESOLVE_ALL, &only,
				      show->error);
	if (show->json)
		phb_table_print_json(&list, show, err, only);
	else if (!err)
		err = phb_table_print_text(&list, only);
	phb_list_free(&list);
	return err;
}
