// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/common.h"
#include "cli/connectors.h"
#include "drmon/answer.h"

enum { NAMES_MAX = 12 }; /* resources that are named one by one */

/* ---- Values ---- */

static const char *answer_get_text(json_object *object, const char *key)
{
	json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value ? json_object_get_string(value) : "";
}

static json_object *answer_get(json_object *object, const char *key)
{
	json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

static size_t answer_length(json_object *array)
{
	return json_object_is_type(array, json_type_array)
		       ? json_object_array_length(array)
		       : 0;
}

static bool answer_is(json_object *document, const char *key, const char *word)
{
	return !strcmp(answer_get_text(document, key), word);
}

json_object *answer_parse(const char *output)
{
	for (const char *at = output; at; at = strstr(at, "\n{")) {
		json_object *document;

		at += *at == '\n';
		document = *at == '{' ? json_tokener_parse(at) : NULL;
		if (json_object_is_type(document, json_type_object))
			return document;
		json_object_put(document);
	}
	return NULL;
}

const char *answer_hint(json_object *document)
{
	const char *hint = answer_get_text(answer_get(document, "error"), "hint");

	return *hint ? hint : NULL;
}

unsigned int answer_requested(json_object *document)
{
	int n = json_object_get_int(answer_get(document, "requested"));

	return n > 0 ? (unsigned int)n : 0;
}

/* ---- Consequences ---- */

static const struct conn *answer_find(const struct inventory *inv,
				      const struct dr_type *type, const char *index)
{
	uint32_t number = (uint32_t)strtoul(index, NULL, 16);

	for (size_t i = 0; i < inv->n; i++)
		if (inv->list[i].index == number && inv->list[i].type == type)
			return &inv->list[i];
	return NULL;
}

/* Print the devices of a resource: those of the document, or those on the screen. */
static void answer_print_devices(FILE *out, json_object *resource, const struct conn *c)
{
	json_object *names = answer_get(resource, "linux");
	size_t n = answer_length(names);

	for (size_t i = 0; i < n; i++)
		fprintf(out, " %s",
			json_object_get_string(json_object_array_get_idx(names, i)));
	if (!n && c && *c->devices)
		fprintf(out, " %s", c->devices);
	if (c && *c->driver)
		fprintf(out, ", driver %s", c->driver);
}

/* Print one line for each resource with devices. */
static void answer_print_resources(FILE *out, json_object *document,
				   const struct inventory *inv,
				   const struct dr_type *type)
{
	json_object *resources = answer_get(document, "resources");
	size_t n = answer_length(resources);

	for (size_t i = 0; i < n && i < NAMES_MAX; i++) {
		json_object *resource = json_object_array_get_idx(resources, i);
		const struct conn *c =
			answer_find(inv, type, answer_get_text(resource, "index"));

		fprintf(out, "  %s:", answer_get_text(resource, "name"));
		answer_print_devices(out, resource, c);
		fputc('\n', out);
	}
	if (n > NAMES_MAX)
		fprintf(out, "  and %zu more\n", n - NAMES_MAX);
}

/* Print one line for all LMBs: their size and their names. */
static void answer_print_memory(FILE *out, json_object *document,
				const struct inventory *inv, const struct dr_type *type)
{
	json_object *resources = answer_get(document, "resources");
	size_t n = answer_length(resources);
	bool is_add = answer_is(document, "action", "add");
	char size[32], all[32], of[40] = "";
	uint64_t bytes = 0, owned = 0;

	for (size_t i = 0; i < n; i++) {
		json_object *resource = json_object_array_get_idx(resources, i);
		const struct conn *c =
			answer_find(inv, type, answer_get_text(resource, "index"));

		bytes += c ? c->bytes : 0;
	}
	for (size_t i = 0; i < inv->n; i++)
		if (inv->list[i].type == type &&
		    strcmp(inv->list[i].state, "not-owned") != 0)
			owned += inv->list[i].bytes;
	size_format(bytes, size, sizeof(size));
	size_format(owned, all, sizeof(all));
	snprintf(of, sizeof(of), "of %s ", all);
	fprintf(out, "  %s %smemory:", size, is_add ? "" : of);
	for (size_t i = 0; i < n && i < NAMES_MAX; i++)
		fprintf(out, "%s %s", i ? "," : "",
			answer_get_text(json_object_array_get_idx(resources, i), "name"));
	if (n > NAMES_MAX)
		fprintf(out, ", and %zu more", n - NAMES_MAX);
	fputc('\n', out);
}

/* Print what drmgr found that uses the devices. */
static void answer_print_impact(FILE *out, json_object *document)
{
	json_object *list = answer_get(document, "impact");

	for (size_t i = 0; i < answer_length(list); i++) {
		json_object *impact = json_object_array_get_idx(list, i);

		fprintf(out, "  %s%s\n",
			json_object_get_boolean(answer_get(impact, "fatal"))
				? "THE SYSTEM NEEDS IT: "
				: "in use: ",
			answer_get_text(impact, "text"));
	}
}

static void answer_print_consequences(FILE *out, json_object *document,
				      const struct inventory *inv)
{
	const struct dr_type *type = dr_type_by_name(answer_get_text(document, "type"));
	bool has_devices = !type_is(type, TYPE_SHARES);
	bool is_add = answer_is(document, "action", "add");

	if ((is_add && has_devices) || !answer_length(answer_get(document, "resources")))
		return;
	fputs(is_add ? "\nLinux gets:\n" : "\nLinux loses:\n", out);
	if (type_is(type, TYPE_MEMORY))
		answer_print_memory(out, document, inv, type);
	else
		answer_print_resources(out, document, inv, type);
	answer_print_impact(out, document);
	if (has_devices && !answer_length(answer_get(document, "impact")))
		fputs("  no mount, swap space, address, route or console uses it\n", out);
}

/* ---- Steps ---- */

static void answer_print_steps(FILE *out, json_object *document)
{
	json_object *resources = answer_get(document, "resources");

	for (size_t i = 0; i < answer_length(resources); i++) {
		json_object *resource = json_object_array_get_idx(resources, i),
			    *steps = answer_get(resource, "steps");
		const char *index = answer_get_text(resource, "index");

		if (!answer_length(steps)) /* a step of another one makes it */
			continue;
		fprintf(out, "\n%s%s%s%s:\n", answer_get_text(resource, "name"),
			*index ? " (" : "", index, *index ? ")" : "");
		for (size_t k = 0; k < answer_length(steps); k++)
			fprintf(out, "  %s\n",
				answer_get_text(json_object_array_get_idx(steps, k),
						"args"));
	}
}

const char **answer_steps(json_object *document, size_t *n)
{
	json_object *resources = answer_get(document, "resources");
	const char **list = NULL, **more;

	*n = 0;
	for (size_t i = 0; i < answer_length(resources); i++) {
		json_object *steps =
			answer_get(json_object_array_get_idx(resources, i), "steps");
		size_t len = answer_length(steps);

		more = reallocarray(list, *n + len + 1, sizeof(*more));
		if (!more)
			break;
		list = more;
		for (size_t k = 0; k < len; k++)
			list[(*n)++] = answer_get_text(
				json_object_array_get_idx(steps, k), "args");
	}
	return list;
}

/* ---- Texts ---- */

static void answer_print_warnings(FILE *out, json_object *document)
{
	json_object *list = answer_get(document, "warnings");

	for (size_t i = 0; i < answer_length(list); i++)
		fprintf(out, "warning: %s\n",
			json_object_get_string(json_object_array_get_idx(list, i)));
}

char *answer_plan_text(json_object *document, const char *command,
		       const struct inventory *inv)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s\n", command);
	answer_print_consequences(out, document, inv);
	answer_print_warnings(out, document);
	answer_print_steps(out, document);
	if (!answer_length(answer_get(document, "resources")))
		fputs("\nThere is nothing to do.\n", out);
	return text_close(out, &text);
}

static void answer_print_error(FILE *out, json_object *document)
{
	json_object *error = answer_get(document, "error");
	const char *code = answer_get_text(error, "code");

	fprintf(out, "%s\n", answer_get_text(error, "message"));
	if (*code)
		fprintf(out, "code: %s\n", code);
	if (answer_hint(document))
		fprintf(out, "hint: %s\n", answer_hint(document));
}

/* Print what a run that has failed leaves. */
static void answer_print_remains(FILE *out, json_object *document)
{
	unsigned int requested = answer_requested(document);
	int done = json_object_get_int(answer_get(document, "done"));

	if (json_object_get_boolean(answer_get(document, "dry_run")))
		return;
	if (requested > 1)
		fprintf(out, "%d of %u are done\n", done, requested);
	if (!answer_is(document, "undo", "none"))
		fprintf(out, "undo: %s\n", answer_get_text(document, "undo"));
}

char *answer_failure_text(json_object *document, const char *command, const char *output)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	fprintf(out, "%s\n\n", command);
	if (answer_get(document, "error"))
		answer_print_error(out, document);
	else
		fprintf(out, "%s\n", output);
	if (document) {
		answer_print_remains(out, document);
		if (answer_length(answer_get(document, "impact")))
			fputs("\nLinux would lose:\n", out);
		answer_print_impact(out, document);
		answer_print_warnings(out, document);
	}
	return text_close(out, &text);
}
