// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "proto.h"

enum { EVENTS_MAX = 4096 };

struct event {
	struct event *next; /* the next younger one */
	json_object *json;
};

/* Unlink the one after "before", or with NULL the oldest. The caller owns it. */
static json_object *unlink_event(struct events *events, struct event *before)
{
	struct event **link = before ? &before->next : &events->oldest, *e = *link;
	json_object *json = e->json;

	*link = e->next;
	if (events->youngest == e)
		events->youngest = before;
	events->n--;
	free(e);
	return json;
}

void events_add(struct events *events, json_object *json)
{
	struct event *e = calloc(1, sizeof(*e));

	if (!e)
		err(EXIT_HARNESS, "an event");
	e->json = json;
	if (events->youngest)
		events->youngest->next = e;
	else
		events->oldest = e;
	events->youngest = e;
	if (++events->n > EVENTS_MAX)
		json_object_put(unlink_event(events, NULL));
}

void events_free(struct events *events)
{
	while (events->oldest)
		json_object_put(unlink_event(events, NULL));
}

/* Compare strings without their quotes, other values as JSON. */
static bool has_value(json_object *data, const char *condition)
{
	const char *equals = strchr(condition, '=');
	json_object *value;
	bool same = false;
	char *key;

	if (!equals)
		return false;
	key = strndup(condition, equals - condition);
	if (!key)
		err(EXIT_HARNESS, "%s", condition);
	if (json_object_object_get_ex(data, key, &value))
		same = !strcmp(json_object_get_string(value), equals + 1);
	free(key);

	return same;
}

static bool matches(json_object *json, char **strings)
{
	json_object *name, *data = NULL;

	if (!json_object_object_get_ex(json, "event", &name) ||
	    strcmp(json_object_get_string(name), strings[0]))
		return false;

	json_object_object_get_ex(json, "data", &data);
	for (strings++; *strings; strings++) {
		if (!has_value(data, *strings))
			return false;
	}
	return true;
}

json_object *events_take(struct events *events, char **strings)
{
	struct event *before = NULL, *e = events->oldest;

	while (e && !matches(e->json, strings)) {
		before = e;
		e = e->next;
	}
	return e ? unlink_event(events, before) : NULL;
}
