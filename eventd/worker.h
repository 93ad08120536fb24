/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * worker.h - the worker as the main loop has it: its process, and the jobs that it has
 *
 * If it ends unasked, it is started again. Its jobs for slots are repeated. Its change has the
 * result ACT_AGAIN, and the next change undoes what its journal has. A job that ends the
 * worker each time is given up. Nothing here waits.
 *
 * A worker whose change the kernel makes wait is left to it, and another one takes all other
 * jobs.
 */
#pragma once

#include <poll.h>

#include "cli/system.h"
#include "eventd/work.h"

enum { WORKER_IDLE = -2, WORKER_ALL = -1, WORKERS = 5 };

struct worker_process {
	pid_t pid; /* 0: none */
	int fd;	   /* the socket */
	int end;   /* pidfd */
	int stop;  /* a pipe that stops the change */
	int slot;  /* of the request that it makes, WORKER_ALL or WORKER_IDLE */
};

struct worker_job {
	enum { JOB_NONE, JOB_WAITING, JOB_SENT } state;
	unsigned int tries; /* that ended the worker */
	pid_t pid;	    /* of the worker that has it */
};

struct worker {
	struct logger *log;
	struct event_log *events;
	struct worker_process
		all[WORKERS];  /* the first takes jobs, others have a change */
	struct deadline start; /* not before */
	int start_err;	       /* the last start failed; 0: it did not */
	struct deadline limit; /* of the change */
	bool is_ending;
	struct worker_job jobs[WORK_SLOT_KINDS][EVENT_SLOTS];
};

void worker_init(struct worker *worker, struct logger *log, struct event_log *events);
/* Close its descriptors. A worker that still makes a change stops and ends by itself. */
void worker_close(struct worker *worker);

/* Let it run the hooks, or save the dump, of an event. The slot gets a use until then. */
void worker_add(struct worker *worker, enum work_kind kind, int slot);
/* Return how many jobs of this kind it has. *first receives the slot of the oldest one. */
size_t worker_count(const struct worker *worker, enum work_kind kind, int *first);

/* Let it make a change, if worker_is_idle(): a request, or all (NULL). */
bool worker_is_idle(const struct worker *worker);
void worker_change(struct worker *worker, int slot, const struct queue_request *request);

/* Return the next answer to a change. Return false if there is no answer yet. */
bool worker_receive(struct worker *worker, struct work_answer *answer);

/* Start the process if necessary, send jobs, and kill a process that hangs. */
void worker_continue(struct worker *worker);
/* Set what to poll for. */
enum { WORKER_POLLS = 2 * WORKERS };
void worker_poll(const struct worker *worker, struct pollfd fds[WORKER_POLLS]);
/* Return how long to wait in ms; -1: without limit. */
int worker_wait_ms(const struct worker *worker);

/* Stop the changes that run, and end. */
void worker_stop(struct worker *worker);
/* Return a worker that has not ended; 0: none. */
pid_t worker_remains(const struct worker *worker);
