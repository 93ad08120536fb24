/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * conn.h - a client of the daemon, and the one request that it makes
 *
 * Life:    CONN_NEW until the request has come, then the state that names what it waits
 *          for, then CONN_DONE: flushed and closed by the daemon's loop.
 */
#pragma once
#include "chan.h"
#include "clock.h"

enum conn_state {
	CONN_NEW,
	CONN_QUEUED,  /* a guest command, waiting for its turn */
	CONN_RUNNING, /* the guest command */
	CONN_PING,
	CONN_QMP,   /* for the reply with its id */
	CONN_EVENT, /* for an event */
	CONN_STOP,
	CONN_DONE,
};

struct conn {
	struct conn *next; /* younger */
	enum conn_state state;
	uint32_t id; /* unique, never 0 */
	struct chan chan;
	struct bytes request; /* payload */
	int64_t deadline;     /* of this state */
};

/* A list of them is a pointer to the oldest, NULL if there is none. */
void conn_append(struct conn **conns, struct conn *c);
void conn_remove(struct conn **conns, const struct conn *c);

/* The one with that id in that state, or NULL: its client may have left. */
struct conn *conn_find(struct conn *conns, uint32_t id, enum conn_state state);
/* The oldest in that state, or NULL. */
struct conn *conn_first(struct conn *conns, enum conn_state state);

/* A line on the client's stdout or stderr. */
void conn_print(struct conn *c, enum frame_type stream, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void conn_exit(struct conn *c, uint32_t status);

/* "guestctl: why" on its stderr and EXIT_HARNESS. */
void conn_fail(struct conn *c, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
