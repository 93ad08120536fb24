// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "eventd/dump.h"
#include "eventd/event_hooks.h"
#include "eventd/work.h"

#define DUMPS "/var/log/dump"

struct work {
	int fd;
	struct logger *log;
	const struct event_log *events;
	struct work_job job;
	bool is_held;
};

/* The main loop always reads. If it has ended, the answer is not needed. */
static void work_answer(const struct work *w, struct work_answer *answer)
{
	answer->pid = getpid();
	(void)send(w->fd, answer, sizeof(*answer), MSG_NOSIGNAL);
}

/* Other workers take all other jobs meanwhile. */
static void work_on_yield(void *priv)
{
	struct work *w = priv;

	if (!w->is_held && w->job.may_wait)
		work_answer(w, &(struct work_answer){ .news = WORK_HELD });
	w->is_held = true;
}

static void work_change(struct work *w)
{
	const struct work_job *job = &w->job;
	const struct act act = {
		.yield = work_on_yield,
		.priv = w,
		.may_wait = job->may_wait,
		.log = w->log,
		.stop_fd = w->fd,
	};
	struct act_outcome outcomes[ACT_CARDS] = { 0 };

	w->is_held = false;
	act_run(&act, &job->request, job->tries, job->indexes, job->n, outcomes);
	for (size_t i = 0; i < job->n; i++)
		if (outcomes[i].result != ACT_STOPPED)
			work_answer(w, &(struct work_answer){
					       .slot = job->slots[i],
					       .is_last = i + 1 == job->n,
					       .outcome = outcomes[i],
				       });
}

/* Run the hooks, or save the dump, of an event. Return 0, or -EINTR if the worker must end. */
static int work_on_event(const struct work *w)
{
	struct event_record record;
	struct rtas_event *re;
	int err = 0;

	event_log_get_record(w->events, w->job.slots[0], &record);
	re = parse_rtas_event(record.bytes, (int)record.len);
	if (!re) {
		logger_print(w->log, LOGGER_WARNING, "event #%d: %s: %s", record.sequence,
			     w->job.kind == WORK_HOOKS ? "no hook runs"
						       : "its dump is not saved",
			     strerror(ENOMEM));
	} else {
		re->event_no = record.sequence;
		err = w->job.kind == WORK_HOOKS
			      ? event_hooks_run(w->log, EVENT_HOOKS, re, w->fd)
			      : dump_save(w->log, DUMPS, rtas_get_dump_scn(re), w->fd);
	}
	cleanup_rtas_event(re);
	return err;
}

_Noreturn void work_run(int fd, struct logger *log, const struct event_log *events)
{
	struct work w = { .fd = fd, .log = log, .events = events };

	while (recv(fd, &w.job, sizeof(w.job), 0) == sizeof(w.job)) {
		if (w.job.kind == WORK_CHANGE)
			work_change(&w);
		else if (!work_on_event(&w))
			work_answer(&w, &(struct work_answer){ .slot = w.job.slots[0],
							       .is_last = true });
	}
	_exit(0);
}
