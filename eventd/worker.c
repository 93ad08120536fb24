// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "eventd/worker.h"

enum {
	START_MS = 1000, /* from the end of a worker to the next one */
	CHANGE_MS =
		30 * 60 * 1000, /* a change has limits of its own, which are shorter */
};

static const struct worker_process no_process = { 0, -1, -1, -1, WORKER_IDLE };

void worker_init(struct worker *worker, struct logger *log, struct event_log *events)
{
	*worker = (struct worker){
		.log = log,
		.events = events,
		.now = no_process,
		.start = deadline_in_ms(0),
	};
	for (int i = 0; i < WORKERS_ASIDE; i++)
		worker->aside[i] = no_process;
}

static void worker_close_process(struct worker_process *p)
{
	if (p->fd >= 0)
		close(p->fd);
	if (p->end >= 0)
		close(p->end);
	if (p->stop >= 0)
		close(p->stop);
	*p = no_process;
}

void worker_close(struct worker *worker)
{
	worker_close_process(&worker->now);
	for (int i = 0; i < WORKERS_ASIDE; i++)
		worker_close_process(&worker->aside[i]);
}

/* ---- Process ---- */

/* In the worker: keep the standard descriptors and these two. */
static void worker_close_others(int a, int b)
{
	unsigned int low = (unsigned int)(a < b ? a : b),
		     high = (unsigned int)(a < b ? b : a);

	close_range(STDERR_FILENO + 1, low - 1, 0);
	close_range(low + 1, high - 1, 0);
	close_range(high + 1, ~0U, 0);
}

static _Noreturn void worker_main(struct worker *worker, int fd, int stop_fd)
{
	worker_close_others(fd, stop_fd);
	logger_open(worker->log, worker->log->is_verbose);
	work_run(fd, stop_fd, worker->log, worker->events);
}

/* Return 0 or a negative errno. */
static int worker_fork(struct worker *worker, const int ends[2], const int stop[2])
{
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid)
		worker_main(worker, ends[1], stop[0]);
	worker->now = (struct worker_process){ pid, ends[0], child_open_end(pid), stop[1],
					       WORKER_IDLE };
	return 0;
}

static int worker_start(struct worker *worker)
{
	int ends[2], stop[2], err;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	if (pipe2(stop, O_CLOEXEC)) {
		err = -errno;
		close(ends[0]);
		close(ends[1]);
		return err;
	}
	err = worker_fork(worker, ends, stop);
	close(ends[1]);
	close(stop[0]);
	if (err) {
		close(ends[0]);
		close(stop[1]);
	}
	return err;
}

/* ---- Jobs ---- */

static void worker_end_job(struct worker *worker, enum work_kind kind, int slot)
{
	worker->jobs[kind][slot] = (struct worker_job){ .state = JOB_NONE };
	event_log_put(worker->events, slot);
}

void worker_add(struct worker *worker, enum work_kind kind, int slot)
{
	event_log_get(worker->events, slot);
	worker->jobs[kind][slot].state = JOB_WAITING;
}

size_t worker_count(const struct worker *worker, enum work_kind kind, int *first)
{
	const struct event_slot *slots = worker->events->file->slots;
	size_t n = 0;

	for (int slot = 0; slot < EVENT_SLOTS; slot++) {
		if (worker->jobs[kind][slot].state == JOB_NONE)
			continue;
		if (!n++ || slots[slot].order < slots[*first].order)
			*first = slot;
	}
	return n;
}

static bool worker_send(const struct worker *worker, const struct work_job *job)
{
	return send(worker->now.fd, job, sizeof(*job), MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

/* Return the oldest job that was not sent. Return false if all are. */
static bool worker_next_job(const struct worker *worker, struct work_job *job)
{
	const struct event_slot *slots = worker->events->file->slots;
	bool has_job = false;

	for (int kind = 0; kind < WORK_SLOT_KINDS; kind++)
		for (int slot = 0; slot < EVENT_SLOTS; slot++) {
			if (worker->jobs[kind][slot].state != JOB_WAITING ||
			    (has_job && slots[slot].order >= slots[job->slot].order))
				continue;
			*job = (struct work_job){ .kind = (enum work_kind)kind,
						  .slot = slot };
			has_job = true;
		}
	return has_job;
}

static void worker_send_jobs(struct worker *worker)
{
	struct work_job job;

	while (worker_next_job(worker, &job) && worker_send(worker, &job)) {
		worker->jobs[job.kind][job.slot].state = JOB_SENT;
		worker->jobs[job.kind][job.slot].pid = worker->now.pid;
	}
}

static bool worker_has_jobs(const struct worker *worker, pid_t pid)
{
	for (int kind = 0; kind < WORK_SLOT_KINDS; kind++)
		for (int slot = 0; slot < EVENT_SLOTS; slot++)
			if (worker->jobs[kind][slot].state == JOB_SENT &&
			    worker->jobs[kind][slot].pid == pid)
				return true;
	return false;
}

/* A worker has ended: send its jobs again. */
static void worker_renew_jobs(struct worker *worker, pid_t pid)
{
	for (int kind = 0; kind < WORK_SLOT_KINDS; kind++)
		for (int slot = 0; slot < EVENT_SLOTS; slot++) {
			struct worker_job *job = &worker->jobs[kind][slot];

			if (job->state != JOB_SENT || job->pid != pid)
				continue;
			job->state = JOB_WAITING;
			if (++job->tries < ACT_TRIES)
				continue;
			logger_print(worker->log, LOGGER_ERROR,
				     "event #%d: %s given up: the worker ended %u times",
				     worker->events->file->slots[slot].sequence,
				     kind == WORK_HOOKS ? "hooks are" : "a dump is",
				     job->tries);
			worker_end_job(worker, (enum work_kind)kind, slot);
		}
}

/* ---- Changes ---- */

bool worker_is_idle(const struct worker *worker)
{
	return worker->now.pid && !worker->is_ending && worker->now.slot == WORKER_IDLE;
}

void worker_change(struct worker *worker, int slot, const struct queue_request *request)
{
	struct work_job job = { .kind = request ? WORK_REQUEST : WORK_ALL, .slot = slot };

	if (request)
		job.request = *request;
	for (int i = 0; request && i < WORKERS_ASIDE; i++)
		job.may_wait |= !worker->aside[i].pid;
	if (!worker_send(worker, &job))
		return;
	worker->now.slot = request ? slot : WORKER_ALL;
	worker->limit = deadline_in_ms(CHANGE_MS);
}

/* Reap a worker that has ended. Return true if it was making a change. */
static bool worker_reap(struct worker *worker, struct worker_process *p,
			struct work_answer *answer)
{
	bool is_aside = p != &worker->now;
	int slot = p->slot, status, pid = p->pid;
	char how[64];

	if (!pid || waitpid(pid, &status, WNOHANG) != pid)
		return false;
	worker_close_process(p);
	if (!is_aside)
		worker->start = deadline_in_ms(START_MS);
	if (worker->is_ending ||
	    (is_aside && slot == WORKER_IDLE && !worker_has_jobs(worker, pid)))
		return false;
	snprintf(how, sizeof(how),
		 WIFSIGNALED(status) ? "was ended by signal %d"
				     : "has exited with status %d",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	logger_print(worker->log, LOGGER_ERROR,
		     "the worker (PID %d) %s: another one starts", pid, how);
	worker_renew_jobs(worker, pid);
	if (slot == WORKER_IDLE)
		return false;
	*answer = (struct work_answer){
		.kind = slot == WORKER_ALL ? WORK_ALL : WORK_REQUEST,
		.slot = slot,
		.result = ACT_AGAIN,
	};
	snprintf(answer->why, sizeof(answer->why), "the process that made the change %s",
		 how);
	return true;
}

/* Leave a worker to its change. Another one starts at once. */
static void worker_put_aside(struct worker *worker)
{
	for (int i = 0; i < WORKERS_ASIDE; i++)
		if (!worker->aside[i].pid) {
			worker->aside[i] = worker->now;
			worker->now = no_process;
			worker->start = deadline_in_ms(0);
			return;
		}
}

static bool worker_receive_from(struct worker *worker, struct worker_process *p,
				struct work_answer *answer)
{
	while (p->fd >= 0 &&
	       recv(p->fd, answer, sizeof(*answer), MSG_DONTWAIT) == sizeof(*answer)) {
		if (answer->kind < WORK_SLOT_KINDS) {
			worker_end_job(worker, answer->kind, answer->slot);
			continue;
		}
		if (answer->kind != WORK_WAITS)
			p->slot = WORKER_IDLE;
		else if (p == &worker->now)
			worker_put_aside(worker);
		return true;
	}
	return worker_reap(worker, p, answer);
}

bool worker_receive(struct worker *worker, struct work_answer *answer)
{
	for (int i = 0; i < WORKERS_ASIDE; i++)
		if (worker_receive_from(worker, &worker->aside[i], answer))
			return true;
	return worker_receive_from(worker, &worker->now, answer);
}

/* ---- Main loop ---- */

/* Log each reason why it cannot start once. */
static void worker_start_in_time(struct worker *worker)
{
	int err;

	if (!deadline_has_passed(&worker->start))
		return;
	err = worker_start(worker);
	if (err && err != worker->start_err)
		logger_print(worker->log, LOGGER_ERROR, "the worker cannot start: %s",
			     strerror(-err));
	worker->start_err = err;
	worker->start = deadline_in_ms(START_MS);
}

static void worker_limit_change(struct worker *worker)
{
	if (worker->now.slot == WORKER_IDLE || !deadline_has_passed(&worker->limit))
		return;
	logger_print(worker->log, LOGGER_ERROR, "the worker (PID %d) hangs: it is killed",
		     worker->now.pid);
	kill(worker->now.pid, SIGKILL);
	worker->limit = deadline_never();
}

/* A worker that was left to its change ends after its hooks. */
static void worker_end_aside(const struct worker *worker)
{
	for (int i = 0; i < WORKERS_ASIDE; i++) {
		const struct worker_process *p = &worker->aside[i];

		if (p->pid && p->slot == WORKER_IDLE && !worker_has_jobs(worker, p->pid))
			shutdown(p->fd, SHUT_WR);
	}
}

void worker_continue(struct worker *worker)
{
	if (worker->is_ending)
		return;
	worker_end_aside(worker);
	if (!worker->now.pid)
		worker_start_in_time(worker);
	if (!worker->now.pid)
		return;
	worker_send_jobs(worker);
	worker_limit_change(worker);
}

void worker_poll(const struct worker *worker, struct pollfd fds[WORKER_POLLS])
{
	struct work_job job;

	for (int i = 0; i <= WORKERS_ASIDE; i++) {
		const struct worker_process *p = i ? &worker->aside[i - 1] : &worker->now;

		fds[2 * i] = (struct pollfd){ .fd = p->fd, .events = POLLIN };
		fds[2 * i + 1] = (struct pollfd){ .fd = p->end, .events = POLLIN };
	}
	if (worker_next_job(worker, &job))
		fds[0].events |= POLLOUT;
}

int worker_wait_ms(const struct worker *worker)
{
	if (worker->is_ending)
		return -1;
	if (!worker->now.pid)
		return deadline_left_ms(&worker->start);
	return worker->now.slot == WORKER_IDLE ? -1 : deadline_left_ms(&worker->limit);
}

static void worker_stop_process(const struct worker_process *p)
{
	if (!p->pid)
		return;
	(void)!write(p->stop, "", 1);
	shutdown(p->fd, SHUT_WR);
}

void worker_stop(struct worker *worker)
{
	worker->is_ending = true;
	worker_stop_process(&worker->now);
	for (int i = 0; i < WORKERS_ASIDE; i++)
		worker_stop_process(&worker->aside[i]);
}

pid_t worker_remains(const struct worker *worker)
{
	pid_t pid = worker->now.pid;

	for (int i = 0; !pid && i < WORKERS_ASIDE; i++)
		pid = worker->aside[i].pid;
	return pid;
}
