/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.h - the processes that do jobs (work.h), as the main loop has them
 *
 * One of them waits for a job. Another is started if a job comes while all have one, and ends
 * after its job. Nothing here waits.
 */
#pragma once

#include <poll.h>

#include "cli/system.h"
#include "eventd/work.h"

/* One has hooks, one a dump, one a change, and the kernel holds the changes of the others. */
enum { WORKERS_HELD = 4, WORKERS = 3 + WORKERS_HELD, WORKER_POLLS = 2 * WORKERS };

struct worker {
	pid_t pid; /* 0: none */
	int fd;	   /* the socket */
	int end;   /* pidfd */
	enum work_kind kind;
	struct deadline limit; /* of a change; then it hangs */
	bool is_ending;
};

struct workers {
	struct logger *log;
	const struct event_log *events;
	struct worker all[WORKERS];
	struct deadline start; /* not before: a worker has ended by itself */
	int start_err;	       /* the last start failed; 0: it did not */
	bool is_ending;
};

void workers_init(struct workers *workers, struct logger *log,
		  const struct event_log *events);
/* Close descriptors. A worker that still makes a change stops and ends by itself. */
void workers_close(struct workers *workers);

/* Return a worker without a job, and start one if necessary. NULL: none can have a job now. */
struct worker *workers_get(struct workers *workers);
/* Return the time in ms until workers_get() may start one; 0: now; -1: all have jobs. */
int workers_wait_ms(struct workers *workers);

/* Give a job to a worker. Return false if the worker has ended. */
bool workers_give(struct workers *workers, struct worker *worker, struct work_job *job);

/* Return the next answer. Return false if there is no answer yet. */
bool workers_receive(struct workers *workers, struct work_answer *answer);

/* Kill those that hang. Return the time in ms until one hangs; -1: without limit. */
int workers_limit(struct workers *workers);

/* Set what to poll for. */
void workers_poll(const struct workers *workers, struct pollfd fds[WORKER_POLLS]);

/* Stop all, and start none. */
void workers_stop(struct workers *workers);
/* Return a worker that has not ended; 0: none. */
pid_t workers_remain(const struct workers *workers);
