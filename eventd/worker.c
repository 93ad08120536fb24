// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/process.h"
#include "eventd/worker.h"

enum {
	START_MS = 1000, /* from the end of a worker to the next one */
	CHANGE_MS =
		30 * 60 * 1000, /* a change has limits of its own, which are shorter */
};

static const struct worker no_worker = { .fd = -1, .end = -1, .limit = { INT64_MAX } };

void workers_init(struct workers *workers, struct logger *log,
		  const struct event_log *events)
{
	*workers = (struct workers){ .log = log, .events = events };
	for (int i = 0; i < WORKERS; i++)
		workers->all[i] = no_worker;
}

static void worker_close(struct worker *worker)
{
	cleanup_close(&worker->fd);
	cleanup_close(&worker->end);
	*worker = no_worker;
}

void workers_close(struct workers *workers)
{
	for (int i = 0; i < WORKERS; i++)
		worker_close(&workers->all[i]);
}

/* ---- Start ---- */

static _Noreturn void worker_main(struct workers *workers, int fd)
{
	/* copies of the daemon's sockets would hide that it closes them */
	if (process_close_from(STDERR_FILENO + 1, fd))
		_exit(EXIT_FAILURE);
	logger_open(workers->log, workers->log->is_verbose);
	work_run(fd, workers->log, workers->events);
}

static int worker_start(struct workers *workers, struct worker *worker)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	worker->fd = ends[0];
	worker->pid = fork();
	if (!worker->pid)
		worker_main(workers, ends[1]);
	close(ends[1]);
	if (worker->pid < 0) {
		int err = -errno;

		worker_close(worker);
		return err;
	}
	worker->end = child_open_end(worker->pid);
	return 0;
}

static bool worker_is_idle(const struct worker *worker)
{
	return worker->pid && !worker->kind && !worker->is_ending;
}

/* Return a worker that is idle; else a place for one; NULL: all have jobs. */
static struct worker *workers_find(struct workers *workers)
{
	struct worker *place = NULL;

	for (int i = 0; i < WORKERS; i++) {
		if (worker_is_idle(&workers->all[i]))
			return &workers->all[i];
		if (!workers->all[i].pid)
			place = &workers->all[i];
	}
	return place;
}

int workers_wait_ms(struct workers *workers)
{
	struct worker *worker = workers_find(workers);

	if (!worker || workers->is_ending)
		return -1;
	return worker->pid ? 0 : deadline_left_ms(&workers->start);
}

/* Log each reason why none can start once. */
struct worker *workers_get(struct workers *workers)
{
	struct worker *worker = workers_find(workers);
	int err;

	if (workers_wait_ms(workers))
		return NULL;
	if (worker->pid)
		return worker;
	err = worker_start(workers, worker);
	if (err && err != workers->start_err)
		logger_print(workers->log, LOGGER_ERROR, "the worker cannot start: %s",
			     strerror(-err));
	workers->start_err = err;
	if (err)
		workers->start = deadline_in_ms(START_MS);
	return err ? NULL : worker;
}

/* ---- Jobs ---- */

bool workers_give(struct workers *workers, struct worker *worker, struct work_job *job)
{
	int changes = 0;

	for (int i = 0; i < WORKERS; i++)
		changes += workers->all[i].kind == WORK_CHANGE;
	job->may_wait = changes < WORKERS_HELD;
	if (send(worker->fd, job, sizeof(*job), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return false;
	worker->kind = job->kind;
	if (job->kind == WORK_CHANGE)
		worker->limit = deadline_in_ms(CHANGE_MS);
	return true;
}

/* The job is done. One idle worker is enough. */
static void worker_end_job(struct workers *workers, struct worker *worker)
{
	const struct worker *other = workers_find(workers);

	worker->kind = WORK_NOTHING;
	worker->limit = deadline_never();
	if (!other || !worker_is_idle(other))
		return;
	worker->is_ending = true;
	shutdown(worker->fd, SHUT_WR);
}

/* Reap a worker that has ended. Return true if it had a job. */
static bool worker_reap(struct workers *workers, struct worker *worker,
			struct work_answer *answer)
{
	bool had_job = worker->kind, was_asked = worker->is_ending || workers->is_ending;
	pid_t pid = worker->pid;
	char how[64];
	int status;

	if (!pid || waitpid(pid, &status, WNOHANG) != pid)
		return false;
	worker_close(worker);
	if (was_asked)
		return false;
	workers->start = deadline_in_ms(START_MS);
	snprintf(how, sizeof(how),
		 WIFSIGNALED(status) ? "was ended by signal %d"
				     : "has exited with status %d",
		 WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	logger_print(workers->log, LOGGER_ERROR,
		     "the worker (PID %d) %s: another one starts", pid, how);
	*answer = (struct work_answer){ .news = WORK_LOST,
					.pid = pid,
					.outcome = { .result = ACT_AGAIN } };
	snprintf(answer->outcome.why, sizeof(answer->outcome.why),
		 "the process that made the change %s", how);
	return had_job;
}

bool workers_receive(struct workers *workers, struct work_answer *answer)
{
	for (struct worker *worker = workers->all; worker < workers->all + WORKERS;
	     worker++) {
		if (worker->fd < 0)
			continue;
		if (recv(worker->fd, answer, sizeof(*answer), MSG_DONTWAIT) !=
		    sizeof(*answer)) {
			if (worker_reap(workers, worker, answer))
				return true;
			continue;
		}
		if (answer->news == WORK_HELD)
			worker->limit = deadline_never();
		if (answer->is_last)
			worker_end_job(workers, worker);
		return true;
	}
	return false;
}

int workers_limit(struct workers *workers)
{
	struct deadline soonest = deadline_never();

	for (struct worker *worker = workers->all; worker < workers->all + WORKERS;
	     worker++) {
		if (deadline_has_passed(&worker->limit)) {
			logger_print(workers->log, LOGGER_ERROR,
				     "the worker (PID %d) hangs: it is killed",
				     worker->pid);
			kill(worker->pid, SIGKILL);
			worker->limit = deadline_never();
		}
		soonest = deadline_sooner(soonest, worker->limit);
	}
	return deadline_left_ms(&soonest);
}

void workers_poll(const struct workers *workers, struct pollfd fds[WORKER_POLLS])
{
	for (int i = 0; i < WORKERS; i++) {
		fds[2 * i] = (struct pollfd){ workers->all[i].fd, POLLIN, 0 };
		fds[2 * i + 1] = (struct pollfd){ workers->all[i].end, POLLIN, 0 };
	}
}

/* ---- End ---- */

void workers_stop(struct workers *workers)
{
	workers->is_ending = true;
	for (int i = 0; i < WORKERS; i++)
		shutdown(workers->all[i].fd, SHUT_WR);
}

pid_t workers_remain(const struct workers *workers)
{
	for (int i = 0; i < WORKERS; i++)
		if (workers->all[i].pid)
			return workers->all[i].pid;
	return 0;
}
