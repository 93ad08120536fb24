// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "cli/connectors.h"
#include "drmon/devices.h"

/* Append a word that the text does not contain yet. */
static void devices_append_word(char **text, const char *word)
{
	char *longer;

	if (!*text || !*word || strstr(*text, word))
		return;
	longer = text_of("%s%s%s", *text, **text ? " " : "", word);
	free(*text);
	*text = longer;
}

char *drivers_text(const struct dr_connector *connector)
{
	char *text = strdup("");
	struct dr_value devices;

	connector_items(connector, "devices", &devices);
	for (size_t i = 0; i < devices.n; i++) {
		const char *driver = item_text(&devices, i, "driver");

		devices_append_word(&text, driver ? driver : "");
	}
	return text;
}

/* Append the interfaces and disks of a device, or its name if it has none. */
static void devices_append_device(char **text, const struct dr_value *devices, size_t i)
{
	const char *name = item_text(devices, i, "linux");
	struct dr_value interfaces;

	if (dr_value_get(devices, i, "interfaces", &interfaces))
		interfaces.n = 0;
	for (size_t n = 0; n < interfaces.n; n++)
		devices_append_word(text, item_text(&interfaces, n, NULL));
	if (!interfaces.n)
		devices_append_word(text, name ? name : "");
}

/* Return "cpu0-7". */
static char *devices_threads_text(const struct dr_value *threads)
{
	int64_t first = -1, last = -1;

	for (size_t i = 0; i < threads->n; i++) {
		int64_t id = item_number(threads, i, "id");

		if (id >= 0 && first < 0)
			first = id;
		last = id > last ? id : last;
	}
	if (first < 0)
		return strdup("");
	return last > first ? text_of("cpu%lld-%lld", (long long)first, (long long)last)
			    : text_of("cpu%lld", (long long)first);
}

char *devices_text(const struct dr_connector *connector)
{
	struct dr_value devices;
	char *text;

	connector_items(connector, "threads", &devices);
	if (devices.items)
		return devices_threads_text(&devices);
	text = strdup("");
	connector_items(connector, "devices", &devices);
	for (size_t i = 0; i < devices.n; i++)
		devices_append_device(&text, &devices, i);
	return text;
}
