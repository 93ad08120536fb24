/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.h - what the screen shows, and what it waits for
 */
#pragma once

#include "drmgr/model/session.h"
#include "drmon/action.h"
#include "drmon/operation.h"
#include "drmon/options.h"
#include "drmon/tail.h"
#include "drmon/view.h"
#include "drmon/watch.h"
#include "drmon/window.h"

struct monitor {
	const struct options *options;
	struct session *session;
	struct inventory inventory;
	struct view view;
	struct events events;
	struct operation operation;
	struct watch watch;
	struct tail log;	  /* drmgr's */
	struct spawned follower;  /* rtas-event, on rtas_errd's log */
	struct tail follower_out; /* fd -1: it does not run */
	struct deadline is_old;	  /* until then its events are from before */
	struct action action;
	struct window window;
	bool is_filtering; /* keys go to the filter */
	size_t number;	   /* typed before G */
	char message[120]; /* what a key could not do; until the next one */
	bool has_errd, must_quit;
	bool is_stale;	       /* the connectors are to be read again, */
	struct deadline stale; /* then */
	size_t rows; /* of the table, on the screen */
};

/* Until the user quits, or a signal comes. 0, negative errno. */
int monitor_run(const struct options *options, struct session *session);

/* The connectors are to be read again, soon: more news may be on their way. */
void monitor_stale(struct monitor *m);

void monitor_message(struct monitor *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
