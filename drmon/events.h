/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * events.h - the newest events, one line each
 *
 * Memory:  a ring of lines of a fixed length.
 */
#pragma once

#include <stddef.h>

enum { EVENTS_KEPT = 200, EVENT_TEXT_MAX = 200 };

struct event {
	char clock[9]; /* "12:03:41"; empty: before drmon started */
	char text[EVENT_TEXT_MAX];
};

struct events {
	struct event ring[EVENTS_KEPT];
	size_t n; /* number of all events so far */
};

/* Add an event. clock NULL: now. */
void events_add(struct events *events, const char *clock, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Return the i-th newest event, 0 for the newest, or NULL if it does not exist. */
const struct event *events_last(const struct events *events, size_t i);
