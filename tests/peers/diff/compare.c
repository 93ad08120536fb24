// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/compare.h"
#include "tests/peers/diff/step.h"
#include "tests/peers/diff/text.h"
#include "tests/peers/diff/tree.h"

/* Positions in an event log. */
enum { LOG_DATE = 32, LOG_DATE_LEN = 8, LOG_PLID = 64, LOG_PLID_LEN = 4 };
/* Results of get-time-of-day that change during the comparison. */
enum { TIME_SECONDS = 6, TIME_NS = 7 };
enum { EXCERPT = 3000, RECORDED_EVENTS = 9 };

static const char *const fields[] = {
	"hcall", "rets",    "wa_out", "buf_out", "steps", "r3",	    "r4",
	"reply", "mem_out", "value",  "len",	 "fdt",	  "events", "fdt_nodes",
};

/* ---- Changing values ------------------------------------------------------------- */

static void blank_hex(json_object *reply, const char *field, size_t at, size_t len)
{
	char *hex = text_of("%s", json_text(reply, field, ""));
	size_t n = strlen(hex) / 2, i;

	for (i = at; i < at + len && i < n; i++)
		hex[2 * i] = hex[2 * i + 1] = '*';
	if (n)
		json_object_object_add(reply, field, json_object_new_string(hex));
	free(hex);
}

static void blank_time(json_object *reply)
{
	json_object *rets = json_object_object_get(reply, "rets");
	size_t i;

	for (i = TIME_SECONDS; i <= TIME_NS && i < json_object_array_length(rets); i++)
		json_object_array_put_idx(rets, i, json_object_new_string("*"));
}

/* The value that one step of a configuration left in the work area. */
static void sort_area(json_object *reply)
{
	enum { NAME = 0x14, AREA = 8192 };
	uint8_t *area = calloc(1, AREA + 1);
	size_t n = hex_bytes(json_text(reply, "wa_out", ""), area, AREA), len;
	const char *name = (const char *)area + NAME;

	len = n > NAME ? NAME + strlen(name) + 1 : AREA;
	if (len < n)
		tree_sort_drc_value(name, area + len, n - len);
	if (n)
		json_put_hex(reply, "wa_out", area, n);
	free(area);
}

static void prepare_rtas(json_object *step, json_object *reply)
{
	const char *call = json_text(step, "call", "");

	if (strcmp(call, "check-exception") == 0) {
		blank_hex(reply, "buf_out", LOG_DATE, LOG_DATE_LEN);
		blank_hex(reply, "buf_out", LOG_PLID, LOG_PLID_LEN);
	}
	if (strcmp(call, "ibm,configure-connector") == 0)
		sort_area(reply);
	if (strcmp(call, "get-time-of-day") == 0 && json_count(reply, "rets"))
		blank_time(reply);
}

/* ---- CAS --------------------------------------------------------------------------- */

static bool is_cas(json_object *step)
{
	json_object *in = json_object_object_get(step, "in");

	return in && strcmp(json_object_get_string(json_at(in, 0)), "f002") == 0;
}

/* Of the header, compare the magic number and, where it is, the size of the structure. */
static void blank_header(json_object *reply)
{
	enum { STRUCT_SIZE = 2 * (4 + 36), DIGITS = 8 };
	json_object *range, *ranges = json_object_object_get(reply, "mem_out");
	const char *bytes;
	char *hex;

	if (!ranges || json_number(reply, "r3", -1) != 0)
		return;
	range = json_at(ranges, 0);
	bytes = json_object_get_string(json_at(range, 1));
	hex = text_of("%.16s %.*s", bytes, DIGITS,
		      strlen(bytes) > STRUCT_SIZE ? bytes + STRUCT_SIZE : "");
	json_object_array_put_idx(range, 1, json_object_new_string(hex));
	free(hex);
}

/* ---- Events ------------------------------------------------------------------------ */

/* Objects are deleted when the last reference is released: in any order. */
static int by_text(const void *a, const void *b)
{
	return strcmp(json_line(*(json_object *const *)a),
		      json_line(*(json_object *const *)b));
}

static void sort_events(json_object *reply)
{
	json_object *events = json_object_object_get(reply, "events");

	if (events)
		json_object_array_sort(events, by_text);
}

/* For hundreds of events, only the last one was recorded. */
static void prepare_events(json_object *reply, json_object *recorded)
{
	size_t n = json_count(reply, "events");
	json_object *events, *last;

	if (!n) {
		json_object_object_del(reply, "events");
		return;
	}
	if (!recorded)
		sort_events(reply);
	if (!recorded || n <= RECORDED_EVENTS || json_count(recorded, "events") != 1)
		return;
	last = json_object_get(json_at(json_object_object_get(reply, "events"), n - 1));
	events = json_object_new_array();
	json_object_array_add(events, last);
	json_object_object_add(reply, "events", events);
}

void compare_prepare(json_object *step, json_object *reply, json_object *recorded)
{
	const char *kind = json_text(step, "kind", "");

	if (strcmp(kind, "rtas") == 0)
		prepare_rtas(step, reply);
	if (strcmp(kind, "cc-walk") == 0)
		tree_of_walk(reply);
	if (is_cas(step)) {
		blank_header(reply);
		tree_prepare(reply, recorded);
	}
	prepare_events(reply, recorded);
}

json_object *compare_fields(json_object *reply)
{
	json_object *some = json_object_new_object(), *value;
	size_t i;

	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		if (json_object_object_get_ex(reply, fields[i], &value))
			json_object_object_add(some, fields[i], json_object_get(value));
	}
	return some;
}

const char *compare_next(json_object *want, json_object *got, unsigned int *n)
{
	while (*n < sizeof(fields) / sizeof(*fields)) {
		const char *field = fields[(*n)++];

		if (!json_object_equal(json_object_object_get(want, field),
				       json_object_object_get(got, field)))
			return field;
	}
	return NULL;
}

/* ---- Words ------------------------------------------------------------------------- */

char *compare_explain(const char *field, json_object *want, json_object *got)
{
	json_object *a = json_object_object_get(want, field);
	json_object *b = json_object_object_get(got, field);
	bool both = json_object_is_type(a, json_type_object) &&
		    json_object_is_type(b, json_type_object);
	json_object *only_a = both ? json_difference(b, a) : json_object_get(a);
	json_object *only_b = both ? json_difference(a, b) : json_object_get(b);
	char *text = text_of("%s\n  want %.*s\n  got  %.*s", field, EXCERPT,
			     json_line(only_a), EXCERPT, json_line(only_b));

	json_object_put(only_a);
	json_object_put(only_b);
	return text;
}
