// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "cli/connectors.h"
#include "drmgr/table.h"

enum { LINUX_NAME_WIDTH = 14, OFFERED_WIDTH = 9 };

/* The widths of columns; unused if there is a delimiter. */
struct layout {
	const struct table *table;
	bool is_logical, shows_offers;
	char delimiter;
	size_t name_width, description_width;
	size_t len;
	char line[512]; /* a part of what is printed */
};

/* Put a text into the line. */
static void slot_table_put(struct layout *l, const char *text, size_t len)
{
	if (len > sizeof(l->line) - l->len) {
		fwrite(l->line, 1, l->len, stdout);
		l->len = 0;
	}
	if (len > sizeof(l->line)) {
		fwrite(text, 1, len, stdout);
		return;
	}
	memcpy(l->line + l->len, text, len);
	l->len += len;
}

static void slot_table_put_column(struct layout *l, size_t width, const char *text)
{
	static const char blanks[] = "                                        ";
	size_t len = strlen(text), n;

	slot_table_put(l, text, len);
	if (l->delimiter)
		slot_table_put(l, &l->delimiter, 1);
	for (; !l->delimiter && len < width; len += n) {
		n = width - len < strlen(blanks) ? width - len : strlen(blanks);
		slot_table_put(l, blanks, n);
	}
}

/* Put the last column, and print the line. */
static void slot_table_end(struct layout *l, const char *text)
{
	slot_table_put(l, text, strlen(text));
	slot_table_put(l, "\n", 1);
	fwrite(l->line, 1, l->len, stdout);
	l->len = 0;
}

/* Print the columns of a device: its name in Linux, and for logical slots that of its
 * node. */
static void slot_table_put_device(struct layout *l, const struct dr_value *devices,
				  size_t d, bool is_unknown)
{
	const char *linux_name = item_text(devices, d, "linux"),
		   *node_name = item_text(devices, d, "node_name");

	if (!l->is_logical) {
		slot_table_end(l, linux_name   ? linux_name
				  : is_unknown ? "?"
					       : "- no-device");
		return;
	}
	slot_table_put_column(l, LINUX_NAME_WIDTH, linux_name ? linux_name : "?");
	slot_table_end(l, node_name ? node_name : "?");
}

static void slot_table_put_slot(struct layout *l, const char *name,
				const char *description, const char *offer)
{
	slot_table_put_column(l, l->name_width, name);
	slot_table_put_column(l, l->description_width, description);
	if (l->shows_offers)
		slot_table_put_column(l, OFFERED_WIDTH, offer);
}

/* PCI slots are real also if they are empty, logical slots are not. */
static bool slot_is_listed(const struct layout *l, const struct dr_connector *c)
{
	return !l->is_logical || table_lists(l->table, c);
}

static void slot_print(struct layout *l, const struct dr_connector *c)
{
	struct dr_value devices;

	connector_items(c, "devices", &devices);
	slot_table_put_slot(l, dr_connector_get_name(c), connector_text(c, "description"),
			    l->shows_offers ? table_offer(c) : "");
	if (!devices.n && l->is_logical)
		slot_table_put_column(l, LINUX_NAME_WIDTH, "");
	if (!devices.n)
		slot_table_end(l, "Empty");
	for (size_t d = 0; d < devices.n; d++) {
		if (d)
			slot_table_put_slot(l, "", "", "");
		slot_table_put_device(l, &devices, d, !dr_connector_get_state(c));
	}
}

static size_t slot_table_wider(size_t width, const char *text)
{
	size_t len = strlen(text);

	return len > width ? len : width;
}

/* Set the widths of the columns. */
static void slot_table_measure(struct layout *l, struct dr_list *list)
{
	const struct dr_connector *c;

	dr_foreach_connector(list, c) {
		if (!slot_is_listed(l, c))
			continue;
		l->name_width = slot_table_wider(l->name_width, dr_connector_get_name(c));
		l->description_width = slot_table_wider(l->description_width,
							connector_text(c, "description"));
	}
	l->name_width += 2;
	l->description_width += 2;
}

int table_print_slots(const struct table *table, struct dr_list *list)
{
	static const char name_title[] = "# Slot", description_title[] = "Description";
	const struct dr_connector *c;
	struct layout l = {
		.table = table,
		.is_logical = type_is(table->type, TYPE_LOGICAL_SLOTS),
		.shows_offers = table->sense,
		.delimiter = table->delimiter,
		.name_width = strlen(name_title),
		.description_width = strlen(description_title),
	};

	slot_table_measure(&l, list);
	if (!l.delimiter) {
		slot_table_put_slot(&l, name_title, description_title, "Offered");
		if (l.is_logical)
			slot_table_put_column(&l, LINUX_NAME_WIDTH, "Linux Name");
		slot_table_end(&l, "Device(s)");
	}
	dr_list_rewind(list);
	dr_foreach_connector(list, c)
		if (slot_is_listed(&l, c))
			slot_print(&l, c);
	return dr_list_get_errno(list);
}
