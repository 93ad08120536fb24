// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "cli/resource_text.h"
#include "kern/text.h"

char *resource_devices_text(const struct dr_resource *resource)
{
	const char *name = dr_resource_get_device(resource, 0);
	char *text = NULL;
	size_t size;
	FILE *out = name ? open_memstream(&text, &size) : NULL;

	if (!out)
		return NULL;
	for (size_t i = 0; (name = dr_resource_get_device(resource, i)); i++) {
		fprintf(out, "%s%s", i ? ", " : "", name);
		name = dr_resource_get_driver(resource, i);
		if (name)
			fprintf(out, " %s", name);
		for (size_t n = 0; (name = dr_resource_get_interface(resource, i, n));
		     n++)
			fprintf(out, " %s", name);
	}
	return text_close(out, &text);
}
