/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_hooks.h - programs of the administrator for events other than hotplug
 *
 * Each executable file in /etc/papr/event.d runs for each event (kern/hook.h). Its standard
 * input is the event as a document of papr.rtas-event/1, and its environment is EVENT_TYPE
 * alone, the number of the type. Its output goes to the log.
 *
 * After a kill of the daemon, or of its worker, all hooks of the event run again.
 */
#pragma once

#include "eventd/logger.h"
#include "librtas/librtasevent.h"

#define EVENT_HOOKS "/etc/papr/event.d"

/* Run the hooks of a folder for an event. Return 0, or -EINTR: stop_fd was readable, so they
 * have not all run. */
int event_hooks_run(struct logger *log, const char *folder, struct rtas_event *event,
		    int stop_fd);
