/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * epow.h - warnings about environment and power
 *
 * Each is logged. The kernel itself shuts down for all reasons but one: the machine runs on
 * its UPS (action 3, modifier 2). Then this daemon runs shutdown(8) after a delay, unless
 * the power returns: an event with action 0. The end of the delay is kept in the event log,
 * so it outlives the daemon.
 *
 * Source:  PAPR+ 10.3.2.2.8; Linux 6.1 arch/powerpc/platforms/pseries/ras.c
 */
#pragma once

#include "cli/system.h"
#include "eventd/event_log.h"
#include "eventd/logger.h"
#include "librtas/librtasevent.h"

enum { EPOW_DELAY_S = 10 * 60 };

struct epow {
	struct logger *log;
	struct event_log *events;
	unsigned int delay_s;
	bool is_running; /* shutdown(8) */
	struct spawned child;
	struct deadline limit; /* of the child */
};

void epow_init(struct epow *epow, struct logger *log, struct event_log *events,
	       unsigned int delay_s);

/* Handle an event. */
void epow_event(struct epow *epow, const struct rtas_epow_scn *scn);

/* Return the seconds until the shutdown; -1: none. */
int64_t epow_seconds_left(const struct epow *epow);
/* Return how long to wait in ms; -1: without limit. */
int epow_wait_ms(const struct epow *epow);

/* Return a descriptor to poll; -1: none. */
int epow_end_fd(const struct epow *epow);

/* Start shutdown(8) if the delay is over, and report its end. It has a minute. If it failed, it
 * is started again a minute later. */
void epow_continue(struct epow *epow);
