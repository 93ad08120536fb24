// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "events.h"
#include "proto.h"

struct event {
	struct event *next; /* younger */
	json_object *json;
};

void events_add(struct event **events, json_object *json)
{
	struct event *e = calloc(1, sizeof(*e));

	if (!e)
		err(EXIT_HARNESS, "an event");
	e->json = json;
	while (*events)
		events = &(*events)->next;
	*events = e;
}

void events_free(struct event **events)
{
	struct event *e;

	while ((e = *events)) {
		*events = e->next;
		json_object_put(e->json);
		free(e);
	}
}

/* Strings are compared without their quotes, all else as JSON. */
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

json_object *events_take(struct event **events, char **strings)
{
	struct event *e;
	json_object *json;

	while (*events && !matches((*events)->json, strings))
		events = &(*events)->next;
	e = *events;
	if (!e)
		return NULL;

	json = e->json;
	*events = e->next;
	free(e);
	return json;
}
