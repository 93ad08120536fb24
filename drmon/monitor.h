/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * monitor.h - state of the screen, and its main loop
 */
#pragma once

#include "cli/system.h"
#include "libdrmgr/drmgr.h"
#include "drmon/action.h"
#include "drmon/lights.h"
#include "drmon/operation.h"
#include "drmon/options.h"
#include "drmon/quantity.h"
#include "drmon/tail.h"
#include "drmon/view.h"
#include "drmon/watch.h"
#include "drmon/window.h"

struct monitor {
	const struct options *options;
	struct dr *dr;
	int stop_fd;	     /* readable when a signal has arrived */
	const char *backend; /* NULL: none */
	struct inventory inventory;
	struct view view;
	struct events events;
	struct operation operation;
	struct watch watch;
	struct tail log;	  /* drmgr's log */
	struct spawned follower;  /* rtas-event, which reads rtas_errd's log */
	struct tail follower_out; /* fd -1: rtas-event does not run */
	struct deadline is_old;	  /* events that arrive earlier are old */
	struct action action;
	struct lights lights;
	struct quantity quantity;
	struct window window;
	bool is_filtering;  /* keys go to the filter */
	size_t number;	    /* digits typed before G */
	char message[120];  /* why the last key failed; cleared by the next key */
	const char *daemon; /* that handles plug events; NULL: none */
	bool must_quit;
	bool is_stale;	       /* the connectors must be read again */
	struct deadline stale; /* when to read them */
	size_t rows;	       /* rows of the table on the screen */
};

/* Run until the user quits or a signal arrives. Return 0 or a negative errno. */
int monitor_run(const struct options *options, struct dr *dr, int stop_fd);

/* Read the connectors again after a short delay, because more events may follow. */
void monitor_stale(struct monitor *m);

void monitor_message(struct monitor *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
