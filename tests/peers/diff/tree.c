// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/text.h"
#include "tests/peers/diff/tree.h"

enum { DRCS_MAX = 16384, PROP_MAX = 1 << 20, RECORDED_MAX = 1200, NAME_AT = 0x14 };

/* ---- Connectors --------------------------------------------------------------------- */

struct drc {
	uint32_t index, domain;
	const char *name, *type;
};

static uint32_t be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

static size_t take(json_object *props, const char *name, uint8_t **bytes)
{
	const char *hex = json_text(props, name, "");
	size_t room = strlen(hex) / 2;

	*bytes = calloc(1, room + 4);
	if (!*bytes)
		err(1, "property");
	return hex_bytes(hex, *bytes, room);
}

static int by_index(const void *a, const void *b)
{
	uint32_t x = ((const struct drc *)a)->index, y = ((const struct drc *)b)->index;

	return x < y ? -1 : x > y;
}

static void put_sorted(json_object *props, const struct drc *drcs, uint32_t n)
{
	json_object *list = json_object_new_array();
	char *line;
	uint32_t i;

	for (i = 0; i < n; i++) {
		line = text_of("%08x %s %s %08x", drcs[i].index, drcs[i].name,
			       drcs[i].type, drcs[i].domain);
		json_object_array_add(list, json_object_new_string(line));
		free(line);
	}
	json_object_object_add(props, "drcs", list);
	json_object_object_del(props, "ibm,drc-indexes");
	json_object_object_del(props, "ibm,drc-names");
	json_object_object_del(props, "ibm,drc-types");
	json_object_object_del(props, "ibm,drc-power-domains");
}

static int by_cell(const void *a, const void *b)
{
	return memcmp(a, b, 4);
}

static int by_string(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void sort_strings(uint8_t *bytes, size_t len)
{
	const char **all = calloc(DRCS_MAX, sizeof(*all));
	char *copy = malloc(len + 1);
	size_t n = 0, at, i;

	if (!all || !copy)
		err(1, "property");
	memcpy(copy, bytes, len);
	copy[len] = '\0';
	for (at = 4; at < len && n < DRCS_MAX; at += strlen(copy + at) + 1)
		all[n++] = copy + at;
	qsort(all, n, sizeof(*all), by_string);
	for (i = 0, at = 4; i < n; at += strlen(all[i]) + 1, i++)
		memcpy(bytes + at, all[i], strlen(all[i]) + 1);
	free(all);
	free(copy);
}

void tree_sort_drc_value(const char *name, uint8_t *bytes, size_t len)
{
	if (len < 4)
		return;
	if (strcmp(name, "ibm,drc-indexes") == 0)
		qsort(bytes + 4, len / 4 - 1, 4, by_cell);
	else if (strcmp(name, "ibm,drc-names") == 0 || strcmp(name, "ibm,drc-types") == 0)
		sort_strings(bytes, len);
}

/* If one of the four is missing, sort each one alone. */
static void sort_alone(json_object *props)
{
	static const char *const names[] = { "ibm,drc-indexes", "ibm,drc-names",
					     "ibm,drc-types" };
	uint8_t *bytes;
	size_t i, len;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		len = take(props, names[i], &bytes);
		tree_sort_drc_value(names[i], bytes, len);
		if (len)
			json_put_hex(props, names[i], bytes, len);
		free(bytes);
	}
}

void tree_sort_drcs(json_object *props)
{
	uint8_t *indexes, *names, *types, *domains;
	size_t len = take(props, "ibm,drc-indexes", &indexes);
	size_t names_len = take(props, "ibm,drc-names", &names), name_at = 4;
	size_t types_len = take(props, "ibm,drc-types", &types), type_at = 4;
	size_t domains_len = take(props, "ibm,drc-power-domains", &domains);
	uint32_t n = len >= 4 ? be32(indexes) : 0, i;
	struct drc *drcs = calloc(DRCS_MAX, sizeof(*drcs));

	if (drcs && n && n <= DRCS_MAX && len == 4 + 4 * n && domains_len == len) {
		for (i = 0; i < n && name_at < names_len && type_at < types_len; i++) {
			drcs[i].index = be32(indexes + 4 + 4 * i);
			drcs[i].domain = be32(domains + 4 + 4 * i);
			drcs[i].name = (char *)names + name_at;
			drcs[i].type = (char *)types + type_at;
			name_at += strlen(drcs[i].name) + 1;
			type_at += strlen(drcs[i].type) + 1;
		}
		if (i == n && name_at == names_len && type_at == types_len) {
			qsort(drcs, n, sizeof(*drcs), by_index);
			put_sorted(props, drcs, n);
		}
	}
	if (!json_object_object_get_ex(props, "drcs", NULL))
		sort_alone(props);
	free(drcs);
	free(indexes);
	free(names);
	free(types);
	free(domains);
}

static void sort_all(json_object *tree)
{
	json_object_object_foreach(tree, path, props)
	{
		(void)path;
		tree_sort_drcs(props);
	}
}

/* ---- Configurations
 * --------------------------------------------------------------------- */

/* The words of an answer are only the places of name and value. */
static void look_at_layout(json_object *step, json_object *odd)
{
	json_object *words = json_object_object_get(step, "wa_words");
	int status = json_number(step, "status", -1);
	const char *name = json_text(step, "name", "");
	uint32_t w[5], len = json_number(step, "len", 0);
	bool fits = true;
	size_t i;

	for (i = 0; i < 5; i++)
		w[i] = strtoul(json_object_get_string(json_at(words, i)), NULL, 16);
	if (status == 2 || status == 3)
		fits = w[2] == NAME_AT;
	if (status == 3)
		fits = fits && w[3] == len && w[4] == NAME_AT + strlen(name) + 1;
	else
		fits = fits && w[3] == 0xeeeeeeee && w[4] == 0xeeeeeeee;
	if (!fits || w[1])
		json_object_array_add(odd, json_copy(step));
}

struct walk {
	json_object *nodes, *props, *odd;
	char path[256];
	size_t len;
};

static void enter(struct walk *w, const char *name)
{
	int n = snprintf(w->path + w->len, sizeof(w->path) - w->len, "/%s", name);

	w->len += n > 0 && w->len + n < sizeof(w->path) ? n : 0;
	w->props = json_object_new_object();
	json_object_object_add(w->nodes, w->path, w->props);
}

static void leave(struct walk *w)
{
	char *slash = strrchr(w->path, '/');

	if (slash) {
		*slash = '\0';
		w->len = slash - w->path;
	}
	w->props = json_object_object_get(w->nodes, w->path);
}

static void walk_one(struct walk *w, json_object *step)
{
	const char *name = json_text(step, "name", "");

	look_at_layout(step, w->odd);
	switch (json_number(step, "status", -1)) {
	case 1:
		leave(w);
		enter(w, name);
		break;
	case 2:
		enter(w, name);
		break;
	case 3:
		/* A configuration that continues an earlier one has no node yet. */
		if (!w->props)
			enter(w, "?");
		json_object_object_add(
			w->props, name,
			json_object_new_string(json_text(step, "value", "")));
		break;
	case 4:
		leave(w);
		break;
	}
}

void tree_of_walk(json_object *reply)
{
	struct walk w = { .nodes = json_object_new_object(),
			  .odd = json_object_new_array() };
	json_object *steps = json_object_object_get(reply, "steps");
	json_object *tree = json_object_new_object();
	size_t i, n = steps ? json_object_array_length(steps) : 0;
	int end = -1;

	for (i = 0; i < n; i++) {
		walk_one(&w, json_at(steps, i));
		end = json_number(json_at(steps, i), "status", -1);
	}
	sort_all(w.nodes);
	json_object_object_add(tree, "nodes", w.nodes);
	json_object_object_add(tree, "odd", w.odd);
	json_put_int(tree, "end", end);
	json_object_object_add(reply, "steps", tree);
}

/* ---- The tree of CAS
 * ------------------------------------------------------------------- */

static bool is_kept(const char *path, const char *name, const char *hex)
{
	if (strcmp(name, "drcs") == 0)
		return true;
	if (strcmp(path, "/rtas") == 0)
		return strcmp(name, "rtas-size") == 0 ||
		       strcmp(name, "ibm,lrdr-capacity") == 0;
	return strlen(hex) / 2 < RECORDED_MAX;
}

static json_object *kept_props(const char *path, json_object *props)
{
	json_object *kept = json_object_new_object();

	json_object_object_foreach(props, name, value)
	{
		if (is_kept(path, name, json_object_get_string(value)))
			json_object_object_add(kept, name, json_object_get(value));
	}
	return kept;
}

/* Keep the recorded nodes; of the list of nodes, those outside PCI and VIO. */
static void reduce(json_object *reply, json_object *recorded)
{
	json_object *tree = json_object_object_get(reply, "fdt"), *props;
	json_object *all = json_object_object_get(reply, "fdt_nodes");
	json_object *few = json_object_new_object(), *names = json_object_new_array();
	json_object *paths = json_object_object_get(recorded, "fdt");
	size_t i, n = json_object_array_length(all);

	json_object_object_foreach(paths, path, unused)
	{
		(void)unused;
		if (json_object_object_get_ex(tree, path, &props))
			json_object_object_add(few, path, kept_props(path, props));
	}
	for (i = 0; i < n; i++) {
		const char *name = json_object_get_string(json_at(all, i));

		if (!strstr(name + 1, "/pci@") && !strstr(name, "/vdevice/"))
			json_object_array_add(names, json_object_get(json_at(all, i)));
	}
	json_object_object_add(reply, "fdt", few);
	json_object_object_add(reply, "fdt_nodes", names);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(json_object_get_string(*(json_object *const *)a),
		      json_object_get_string(*(json_object *const *)b));
}

void tree_prepare(json_object *reply, json_object *recorded)
{
	json_object *tree, *chosen;

	if (!json_object_object_get_ex(reply, "fdt", &tree))
		return;
	if (json_object_object_get_ex(tree, "/chosen", &chosen))
		json_object_object_del(chosen, "rng-seed");
	sort_all(tree);
	if (recorded)
		reduce(reply, recorded);
	json_object_array_sort(json_object_object_get(reply, "fdt_nodes"), by_text);
}
