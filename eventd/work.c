// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/system.h"
#include "eventd/dump.h"
#include "eventd/event_hooks.h"
#include "eventd/work.h"

#define DUMPS "/var/log/dump"

struct work {
	int fd;
	struct logger *log;
	const struct event_log *events;
	struct act act;
	struct dumps dumps;
	struct event_hooks hooks;
	struct work_job change;
	bool has_change, has_yielded, must_end;
};

/* The main loop always reads. If it has ended, the answer is not needed. */
static void work_answer(const struct work *w, const struct work_answer *answer)
{
	(void)send(w->fd, answer, sizeof(*answer), MSG_NOSIGNAL);
}

static void work_end_slot(const struct work *w, enum work_kind kind, int slot)
{
	work_answer(w, &(struct work_answer){ .kind = kind, .slot = slot });
}

/* Begin the hooks, or the dump, of an event. */
static void work_begin_slot(struct work *w, const struct work_job *job)
{
	struct event_record record;
	struct rtas_event *re;
	bool has_begun = false;

	event_log_get_record(w->events, job->slot, &record);
	re = parse_rtas_event(record.bytes, (int)record.len);
	if (!re) {
		logger_print(w->log, LOGGER_WARNING, "event #%d: %s: %s", record.sequence,
			     job->kind == WORK_HOOKS ? "no hook runs"
						     : "its dump is not saved",
			     strerror(ENOMEM));
	} else {
		re->event_no = record.sequence;
		has_begun =
			job->kind == WORK_HOOKS
				? event_hooks_add(&w->hooks, job->slot, re)
				: dumps_add(&w->dumps, job->slot, rtas_get_dump_scn(re));
		cleanup_rtas_event(re);
	}
	if (!has_begun)
		work_end_slot(w, job->kind, job->slot);
}

static void work_receive(struct work *w)
{
	struct work_job job;
	ssize_t n;

	while ((n = recv(w->fd, &job, sizeof(job), MSG_DONTWAIT)) == sizeof(job)) {
		if (job.kind < WORK_SLOT_KINDS) {
			work_begin_slot(w, &job);
		} else {
			w->change = job;
			w->has_change = true;
		}
	}
	w->must_end = n >= 0 || (errno != EAGAIN && errno != EINTR);
}

/* Another worker takes all other jobs meanwhile, and all later ones. */
static void work_on_yield(void *priv)
{
	struct work *w = priv;
	struct work_answer answer = { .kind = WORK_WAITS, .slot = w->change.slot };

	if (w->has_yielded || !w->act.may_wait)
		return;
	w->has_yielded = true;
	snprintf(answer.why, sizeof(answer.why), "PID %d waits for the kernel", getpid());
	work_answer(w, &answer);
}

static void work_change(struct work *w)
{
	const struct work_job *job = &w->change;
	struct work_answer answer = { .kind = job->kind, .slot = job->slot };

	w->act.may_wait = job->may_wait;
	answer.result =
		job->kind == WORK_ALL
			? act_run_all(&w->act, answer.why, sizeof(answer.why))
			: act_run(&w->act, &job->request, answer.why, sizeof(answer.why));
	w->has_change = false;
	if (answer.result != ACT_STOPPED)
		work_answer(w, &answer);
}

static void work_continue(struct work *w)
{
	int slot = event_hooks_continue(&w->hooks);

	if (slot >= 0)
		work_end_slot(w, WORK_HOOKS, slot);
	slot = dumps_continue(&w->dumps);
	if (slot >= 0)
		work_end_slot(w, WORK_DUMP, slot);
	if (w->has_change)
		work_change(w);
}

static void work_wait(const struct work *w)
{
	struct pollfd fds[] = {
		{ .fd = w->fd, .events = POLLIN },
		{ .fd = event_hooks_end_fd(&w->hooks), .events = POLLIN },
		{ .fd = event_hooks_output_fd(&w->hooks), .events = POLLIN },
	};

	poll(fds, ARRAY_SIZE(fds),
	     dumps_are_waiting(&w->dumps) ? 0 : event_hooks_wait_ms(&w->hooks));
}

_Noreturn void work_run(int fd, int stop_fd, struct logger *log,
			const struct event_log *events)
{
	struct work w = {
		.fd = fd,
		.log = log,
		.events = events,
		.act = { .log = log, .stop_fd = stop_fd },
	};

	w.act.yield = work_on_yield;
	w.act.priv = &w;
	dumps_init(&w.dumps, log, DUMPS);
	event_hooks_init(&w.hooks, log, EVENT_HOOKS);
	for (;;) {
		work_wait(&w);
		work_receive(&w);
		if (w.must_end)
			break;
		work_continue(&w);
		if (w.has_yielded && !w.hooks.n_jobs && !dumps_are_waiting(&w.dumps))
			break;
	}
	event_hooks_close(&w.hooks);
	dumps_close(&w.dumps);
	_exit(0);
}
