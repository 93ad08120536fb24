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
		.start = deadline_in_ms(0),
	};
	for (int i = 0; i < WORKERS; i++)
		worker->all[i] = no_process;
}

static void worker_close_process(struct worker_process *p)
{
	cleanup_close(&p->fd);
	cleanup_close(&p->end);
	cleanup_close(&p->stop);
	*p = no_process;
}

void worker_close(struct worker *worker)
{
	for (int i = 0; i < WORKERS; i++)
		worker_close_process(&worker->all[i]);
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
static int worker_start(struct worker *worker)
{
	struct worker_process p = no_process;
	int ends[2] = { -1, -1 }, stop[2] = { -1, -1 }, err = 0;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ||
	    pipe2(stop, O_CLOEXEC) || (p.pid = fork()) < 0)
		err = -errno;
	else if (!p.pid)
		worker_main(worker, ends[1], stop[0]);
	else
		p.end = child_open_end(p.pid);
	p.fd = ends[0];
	p.stop = stop[1];
	cleanup_close(&ends[1]);
	cleanup_close(&stop[0]);
	if (err)
		worker_close_process(&p);
	worker->all[0] = p;
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
	return send(worker->all[0].fd, job, sizeof(*job), MSG_DONTWAIT | MSG_NOSIGNAL) >=
	       0;
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
		worker->jobs[job.kind][job.slot].pid = worker->all[0].pid;
	}
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
	return worker->all[0].pid && !worker->is_ending &&
	       worker->all[0].slot == WORKER_IDLE;
}

/* Return a place for a worker that is left to its change; NULL: none is free. */
static struct worker_process *worker_free_place(struct worker *worker)
{
	for (int i = 1; i < WORKERS; i++)
		if (!worker->all[i].pid)
			return &worker->all[i];
	return NULL;
}

void worker_change(struct worker *worker, int slot, const struct queue_request *request)
{
	struct work_job job = { .kind = request ? WORK_REQUEST : WORK_ALL,
				.slot = slot,
				.may_wait = worker_free_place(worker) };

	if (request)
		job.request = *request;
	if (!worker_send(worker, &job))
		return;
	worker->all[0].slot = slot;
	worker->limit = deadline_in_ms(CHANGE_MS);
}

/* Reap a worker that has ended. Return true if it was making a change. */
static bool worker_reap(struct worker *worker, struct worker_process *p,
			struct work_answer *answer)
{
	bool is_aside = p != worker->all;
	int slot = p->slot, status, pid = p->pid;
	char how[64];

	if (!pid || waitpid(pid, &status, WNOHANG) != pid)
		return false;
	worker_close_process(p);
	if (!is_aside)
		worker->start = deadline_in_ms(START_MS);
	if (worker->is_ending)
		return false;
	worker_renew_jobs(worker, pid);
	if (is_aside && slot == WORKER_IDLE)
		return false;
	snprintf(how, sizeof(how),
		 WIFSIGNALED(status) ? "was ended by signal %d"
				     : "has exited with status %d",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	logger_print(worker->log, LOGGER_ERROR,
		     "the worker (PID %d) %s: another one starts", pid, how);
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
	struct worker_process *place = worker_free_place(worker);

	if (!place)
		return;
	*place = worker->all[0];
	worker->all[0] = no_process;
	worker->start = deadline_in_ms(0);
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
		else if (p == worker->all)
			worker_put_aside(worker);
		return true;
	}
	return worker_reap(worker, p, answer);
}

bool worker_receive(struct worker *worker, struct work_answer *answer)
{
	for (int i = WORKERS - 1; i >= 0; i--)
		if (worker_receive_from(worker, &worker->all[i], answer))
			return true;
	return false;
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
	if (worker->all[0].slot == WORKER_IDLE || !deadline_has_passed(&worker->limit))
		return;
	logger_print(worker->log, LOGGER_ERROR, "the worker (PID %d) hangs: it is killed",
		     worker->all[0].pid);
	kill(worker->all[0].pid, SIGKILL);
	worker->limit = deadline_never();
}

void worker_continue(struct worker *worker)
{
	if (worker->is_ending)
		return;
	if (!worker->all[0].pid)
		worker_start_in_time(worker);
	if (!worker->all[0].pid)
		return;
	worker_send_jobs(worker);
	worker_limit_change(worker);
}

void worker_poll(const struct worker *worker, struct pollfd fds[WORKER_POLLS])
{
	struct work_job job;

	for (int i = 0; i < WORKERS; i++) {
		fds[2 * i] = (struct pollfd){ worker->all[i].fd, POLLIN, 0 };
		fds[2 * i + 1] = (struct pollfd){ worker->all[i].end, POLLIN, 0 };
	}
	if (worker_next_job(worker, &job))
		fds[0].events |= POLLOUT;
}

int worker_wait_ms(const struct worker *worker)
{
	if (worker->is_ending)
		return -1;
	if (!worker->all[0].pid)
		return deadline_left_ms(&worker->start);
	return worker->all[0].slot == WORKER_IDLE ? -1 : deadline_left_ms(&worker->limit);
}

void worker_stop(struct worker *worker)
{
	worker->is_ending = true;
	for (const struct worker_process *p = worker->all; p < worker->all + WORKERS; p++)
		if (p->pid) {
			(void)!write(p->stop, "", 1);
			shutdown(p->fd, SHUT_WR);
		}
}

pid_t worker_remains(const struct worker *worker)
{
	for (int i = 0; i < WORKERS; i++)
		if (worker->all[i].pid)
			return worker->all[i].pid;
	return 0;
}
