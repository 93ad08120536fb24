/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.h - the machine's QMP events since its start
 *
 * An event is kept until a client reads it, once. If there are very many unread events,
 * the oldest are dropped.
 */
#pragma once
#include <json-c/json.h>
#include <stddef.h>

struct event;

struct events {
	struct event *oldest, *youngest;
	size_t n;
};

/* Add an event, with the caller's reference. */
void events_add(struct events *events, json_object *event);

void events_free(struct events *events);

/* Remove and return the oldest event with the name strings[0] and with each key=value of
 * the others in its data. The caller owns it. NULL if no event matches. */
json_object *events_take(struct events *events, char **strings);
