// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "tests/unit/fakes/dt_text.h"
#include "wire/drc_list.h"

enum { LONG_VALUE = 128 };

/* ---- Connectors ---- */

static int by_index(const void *a, const void *b)
{
	const struct drc *x = a, *y = b;

	return (x->index > y->index) - (x->index < y->index);
}

/* Return the number at the end of a name. *prefix is the length of the part before it. */
static unsigned long split_name(const char *name, size_t *prefix)
{
	*prefix = strcspn(name, "0123456789");
	return strtoul(name + *prefix, NULL, 10);
}

/* Return true if b is the next connector after a. */
static bool follows(const struct drc *a, const struct drc *b)
{
	size_t pa, pb;
	unsigned long na = split_name(a->name, &pa), nb = split_name(b->name, &pb);

	return b->index == a->index + 1 && b->power_domain == a->power_domain &&
	       !strcmp(a->type, b->type) && pa == pb && !strncmp(a->name, b->name, pa) &&
	       nb == na + 1;
}

static void print_runs(FILE *out, const struct drc *all, size_t n)
{
	size_t last;

	for (size_t first = 0; first < n; first = last + 1) {
		last = first;
		while (last + 1 < n && follows(&all[last], &all[last + 1]))
			last++;
		fprintf(out, "    %08x..%08x \"%s\"..\"%s\" type %s power %x\n",
			(unsigned int)all[first].index, (unsigned int)all[last].index,
			all[first].name, all[last].name, all[first].type,
			(unsigned int)all[first].power_domain);
	}
}

static void print_connectors(FILE *out, const void *fdt, int node)
{
	struct cursor props[DRC_LIST_PROPS];
	struct drc_list_iter it;
	struct drc *all;
	size_t n = 0;
	int len;

	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		const void *value = fdt_getprop(fdt, node, drc_list_prop_names[i], &len);

		props[i] = cursor_of(value, value ? (size_t)len : 0);
	}
	if (drc_list_begin(&it, props)) {
		fprintf(out, "    damaged\n");
		return;
	}

	all = calloc(it.left + 1, sizeof(*all));
	while (all && drc_list_next(&it, &all[n]) > 0)
		n++;
	if (all)
		qsort(all, n, sizeof(*all), by_index);
	print_runs(out, all, n);
	free(all);
}

/* ---- Everything else ---- */

static bool is_text(const char *value, int len)
{
	int run = 0;

	if (len < 2 || value[len - 1])
		return false;
	for (int i = 0; i < len; i++) {
		if (!value[i] ? !run : value[i] < ' ' || value[i] > '~')
			return false;
		run = value[i] ? run + 1 : 0;
	}
	return true;
}

static void print_strings(FILE *out, const char *value, int len)
{
	for (const char *s = value; s < value + len; s += strlen(s) + 1)
		fprintf(out, " \"%s\"", s);
}

static void print_bytes(FILE *out, const uint8_t *value, int len)
{
	uint64_t sum = 0xcbf29ce484222325; /* FNV-1a */

	for (int i = 0; i < len; i++)
		sum = (sum ^ value[i]) * 0x100000001b3;
	if (len > LONG_VALUE) {
		fprintf(out, " %d bytes, sum %016" PRIx64, len, sum);
		return;
	}
	for (int i = 0; i < len; i++)
		fprintf(out, "%s%02x", i % 4 ? "" : " ", value[i]);
}

static void print_prop(FILE *out, const void *fdt, int node, int prop)
{
	const char *name, *value;
	int len;

	value = fdt_getprop_by_offset(fdt, prop, &name, &len);
	fprintf(out, "  %s", name);
	if (!strncmp(name, "ibm,drc-", 8)) {
		fprintf(out, "\n");
		if (!strcmp(name, drc_list_prop_names[DRC_LIST_INDEXES]))
			print_connectors(out, fdt, node);
		return;
	}

	if (!strcmp(name, "rng-seed"))
		fprintf(out, " %d random bytes", len);
	else if (is_text(value, len))
		print_strings(out, value, len);
	else
		print_bytes(out, (const uint8_t *)value, len);
	fprintf(out, "\n");
}

static void print_tree(FILE *out, const void *fdt)
{
	char path[1024];
	int node, prop;

	for (int i = 0; i < fdt_num_mem_rsv(fdt); i++) {
		uint64_t address, size;

		if (!fdt_get_mem_rsv(fdt, i, &address, &size))
			fprintf(out, "reserved %" PRIx64 " %" PRIx64 "\n", address, size);
	}
	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		if (fdt_get_path(fdt, node, path, sizeof(path)))
			continue;
		fprintf(out, "%s\n", path);
		fdt_for_each_property_offset(prop, fdt, node)
			print_prop(out, fdt, node, prop);
	}
}

char *dt_text(const void *fdt, size_t size)
{
	char *text = NULL;
	size_t len;
	FILE *out;

	if (!fdt || fdt_check_full(fdt, size))
		return NULL;
	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	print_tree(out, fdt);
	fclose(out);
	return text;
}
