// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/connector_json.h"
#include "drmgr/slot_table.h"

enum { LINUX_NAME_WIDTH = 14 };

/* The widths of columns; unused if there is a delimiter. */
struct layout {
	enum slot_table_kind kind;
	char delimiter;
	int name_width, description_width;
};

static void slot_table_put_column(const struct layout *l, int width, const char *text)
{
	if (l->delimiter)
		printf("%s%c", text, l->delimiter);
	else
		printf("%-*s", width, text);
}

/* Write the text for a device: its address, or why it has none. */
static void slot_device_text(const struct slot_device *device, char *text, size_t size)
{
	if (device->linux_name)
		snprintf(text, size, "%s", device->linux_name);
	else
		snprintf(text, size, "- %s", slot_state_name(SLOT_STATE_NO_DEVICE));
}

static void slot_table_print_line(const struct layout *l, const char *name,
				  const char *description,
				  const struct slot_device *device)
{
	char text[128] = "Empty";

	slot_table_put_column(l, l->name_width, name);
	slot_table_put_column(l, l->description_width, description);
	if (l->kind == SLOT_TABLE_LOGICAL) {
		slot_table_put_column(l, LINUX_NAME_WIDTH,
				      !device		   ? ""
				      : device->linux_name ? device->linux_name
							   : "?");
		if (device)
			snprintf(text, sizeof(text), "%s",
				 device->name ? device->name : "?");
	} else if (device) {
		slot_device_text(device, text, sizeof(text));
	}
	puts(text);
}

static void slot_row_print(const struct layout *l, const struct slot_row *row)
{
	slot_table_print_line(l, row->c->drc.name, row->description,
			      row->n ? &row->devices[0] : NULL);
	for (size_t d = 1; d < row->n; d++)
		slot_table_print_line(l, "", "", &row->devices[d]);
}

static int slot_table_wider(int width, const char *text)
{
	int len = (int)strlen(text);

	return len > width ? len : width;
}

void slot_table_print(const struct slot_list *list, enum slot_table_kind kind,
		      char delimiter)
{
	static const char name_title[] = "# Slot", description_title[] = "Description";
	struct layout l = { .kind = kind, .delimiter = delimiter };

	l.name_width = slot_table_wider(0, name_title);
	l.description_width = slot_table_wider(0, description_title);
	for (size_t i = 0; i < list->n; i++) {
		l.name_width = slot_table_wider(l.name_width, list->rows[i].c->drc.name);
		l.description_width =
			slot_table_wider(l.description_width, list->rows[i].description);
	}
	l.name_width += 2;
	l.description_width += 2;

	if (!delimiter) {
		slot_table_put_column(&l, l.name_width, name_title);
		slot_table_put_column(&l, l.description_width, description_title);
		if (kind == SLOT_TABLE_LOGICAL)
			slot_table_put_column(&l, LINUX_NAME_WIDTH, "Linux Name");
		puts("Device(s)");
	}
	for (size_t i = 0; i < list->n; i++)
		slot_row_print(&l, &list->rows[i]);
}

static json_object *slot_row_object(const struct slot_row *row, const char *type)
{
	const struct connector_entry entry = {
		.type = type,
		.c = row->c,
		.description = row->description,
		.loc_code = row->n ? row->devices[0].occupant->loc_code : NULL,
		.state = row->state,
	};
	json_object *devices = json_object_new_array();

	for (size_t d = 0; d < row->n; d++)
		connector_add_device(devices, row->devices[d].occupant->path,
				     row->devices[d].linux_name,
				     *row->devices[d].driver ? row->devices[d].driver
							     : NULL);
	return connector_object(&entry, devices);
}

void slot_table_print_json(const struct slot_list *list, const char *type,
			   const struct json_sink *sink)
{
	struct json_list json;

	json_list_begin(&json, connectors_head(type), CONNECTORS_KEY, sink);
	for (size_t i = 0; i < list->n; i++)
		json_list_add(&json, slot_row_object(&list->rows[i], type));
	json_list_end(&json);
}
