// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmon/devices.h"
#include "kern/cleanup.h"
#include "kern/pci.h"
#include "kern/text.h"

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

static json_object *devices_of_object(json_object *object)
{
	json_object *devices = NULL;

	json_object_object_get_ex(object, "devices", &devices);
	return devices;
}

char *drivers_text(json_object *object)
{
	json_object *devices = devices_of_object(object);
	char *text = strdup("");

	for (size_t i = 0; devices && i < json_object_array_length(devices); i++)
		devices_append_word(
			&text,
			conn_text(json_object_array_get_idx(devices, i), "driver"));
	return text;
}

/* Append the interfaces and disks of a PCI function, or its address if it has none. */
static void devices_append_function(char **text, const struct kern_root *root,
				    const char *address)
{
	_cleanup_names_ struct kern_names names = { 0 };

	pci_interfaces(root, address, &names);
	for (size_t i = 0; i < names.n; i++)
		devices_append_word(text, names.name[i]);
	if (!names.n)
		devices_append_word(text, address);
}

/* Return "cpu0-7". */
static char *devices_threads_text(json_object *object)
{
	int64_t first = -1, last = -1;
	json_object *threads = NULL;

	json_object_object_get_ex(object, "threads", &threads);
	for (size_t i = 0; threads && i < json_object_array_length(threads); i++) {
		int64_t id = conn_number(json_object_array_get_idx(threads, i), "id");

		if (id >= 0 && first < 0)
			first = id;
		last = id > last ? id : last;
	}
	if (first < 0)
		return strdup("");
	return last > first ? text_of("cpu%lld-%lld", (long long)first, (long long)last)
			    : text_of("cpu%lld", (long long)first);
}

char *devices_text(const struct dr_ctx *dr, enum conn_type type, json_object *object)
{
	json_object *devices = devices_of_object(object);
	char *text;

	if (type == CONN_CPU)
		return devices_threads_text(object);
	text = strdup("");
	for (size_t i = 0; devices && i < json_object_array_length(devices); i++) {
		const char *name =
			conn_text(json_object_array_get_idx(devices, i), "linux");

		if (type == CONN_PCI && *name)
			devices_append_function(&text, dr->root, name);
		else
			devices_append_word(&text, name);
	}
	return text;
}
