/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conn.h - a client of the daemon, and its request
 *
 * Life:    CONN_NEW until the request has arrived, then a state for each kind of wait,
 *          then CONN_DONE: the daemon's loop flushes and closes it.
 */
#pragma once
#include "chan.h"
#include "clock.h"

enum conn_state {
	CONN_NEW,
	CONN_QUEUED,  /* a guest command, which waits for earlier ones */
	CONN_RUNNING, /* the guest command */
	CONN_PING,
	CONN_QMP,   /* for the reply with its id */
	CONN_EVENT, /* for an event */
	CONN_STOP,
	CONN_DONE,
};

struct conn {
	struct conn *next; /* the next younger one */
	enum conn_state state;
	uint32_t id; /* unique, never 0 */
	struct chan chan;
	struct bytes request; /* payload */
	int64_t deadline;     /* of this state */
};

/* The list is a pointer to the oldest, NULL if it is empty. */
void conn_append(struct conn **conns, struct conn *c);
void conn_remove(struct conn **conns, const struct conn *c);

/* Return the one with this id and state, or NULL: its client may have disconnected. */
struct conn *conn_find(struct conn *conns, uint32_t id, enum conn_state state);
/* Return the oldest with this state, or NULL. */
struct conn *conn_first(struct conn *conns, enum conn_state state);

/* Print a line on the client's stdout or stderr. */
void conn_print(struct conn *c, enum frame_type stream, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void conn_exit(struct conn *c, uint32_t status);

/* Print "guestctl: why" on its stderr, with EXIT_HARNESS. */
void conn_fail(struct conn *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
