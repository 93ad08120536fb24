// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/fdt_names.h"

static int fdt_names_compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool fdt_names_differ(const char **names, size_t n)
{
	qsort(names, n, sizeof(*names), fdt_names_compare);
	for (size_t i = 1; i < n; i++)
		if (!strcmp(names[i - 1], names[i]))
			return false;
	return true;
}

const char *fdt_names_twins(const void *fdt, int node, const char **names)
{
	size_t n = 0;
	int at;

	fdt_for_each_subnode(at, fdt, node)
		names[n++] = fdt_get_name(fdt, at, NULL);
	if (!fdt_names_differ(names, n))
		return "two nodes of one name";

	n = 0;
	fdt_for_each_property_offset(at, fdt, node)
		fdt_getprop_by_offset(fdt, at, &names[n++], NULL);
	return fdt_names_differ(names, n) ? NULL : "two properties of one name";
}
