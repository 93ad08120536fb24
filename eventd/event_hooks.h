/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_hooks.h - programs of the administrator for events other than hotplug
 *
 * Each executable file in /etc/papr/event.d runs for each event, one after the other, in
 * the order of versionsort(3). Files and folders that others than root can change are not
 * used, as in /etc/drmgr.d. A hook has no arguments. Its standard input is the event as a
 * document of papr.rtas-event/1, and its environment is EVENT_TYPE alone, the number of the
 * type. It has 60 s. Its output goes to the log.
 *
 * After a kill of the daemon, or of its worker, all hooks of the event run again.
 */
#pragma once

#include "cli/system.h"
#include "eventd/event_log.h"
#include "eventd/logger.h"
#include "librtas/librtasevent.h"

#define EVENT_HOOKS "/etc/papr/event.d"

enum { EVENT_HOOKS_WAITING = 32, EVENT_HOOK_LINE = 256 };

/* An event that waits for its hooks. */
struct event_hook_job {
	int slot, input; /* input: the document, in memory */
	uint32_t type;
};

struct event_hooks {
	struct logger *log;
	const char *folder;
	struct event_hook_job jobs[EVENT_HOOKS_WAITING]; /* the first one runs */
	size_t n_jobs;
	char **programs; /* for the first job */
	size_t n_programs, next;
	struct spawned child;
	bool is_running, is_signalled;
	struct deadline limit;
	char line[EVENT_HOOK_LINE];  /* of output */
	size_t line_len, output_len; /* output_len: OUTPUT_MAX + 1 and more: it was cut */
};

void event_hooks_init(struct event_hooks *hooks, struct logger *log, const char *folder);

/* Kill the hook that runs, and forget the others. */
void event_hooks_close(struct event_hooks *hooks);

/* Run the hooks for the event of a slot, later. Return false if they cannot run. */
bool event_hooks_add(struct event_hooks *hooks, int slot, struct rtas_event *event);

/* Descriptors to poll; -1: none. */
int event_hooks_end_fd(const struct event_hooks *hooks);
int event_hooks_output_fd(const struct event_hooks *hooks);
/* Return how long to wait in ms; -1: without limit. */
int event_hooks_wait_ms(const struct event_hooks *hooks);

/* Read output, reap a hook that has ended, stop one that is late, start the next. Return the
 * slot whose hooks have all ended; -1: none. */
int event_hooks_continue(struct event_hooks *hooks);
