/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.h - what has happened to the machine since its start (QMP events)
 *
 * An event waits here until somebody asks for it; who gets it consumes it. Of very many that
 * nobody asks for, the oldest are dropped.
 */
#pragma once
#include <json-c/json.h>
#include <stddef.h>

struct event;

struct events {
	struct event *oldest, *youngest;
	size_t n;
};

/* Takes the caller's reference. */
void events_add(struct events *events, json_object *event);

void events_free(struct events *events);

/* The oldest that has the name strings[0] and in its data each key=value of the others;
 * the caller owns it. NULL if there is none. */
json_object *events_take(struct events *events, char **strings);
