// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/child.h"
#include "kern/cleanup.h"
#include "kern/spawn.h"

enum {
	FIRST_NOT_STANDARD = STDERR_FILENO + 1,
	STATUS_NOT_STARTED = 127,
};

/*
 * execve(2) changes the signal that a child sends at its end back to SIGCHLD. So the child
 * of the caller is a keeper: it starts the program, reaps it and ends in the same way. The
 * program's PID is valid until then, and the keeper forwards signals.
 */
struct program {
	const char *const *argv, *const *env;
	int standard[FIRST_NOT_STANDARD]; /* what its standard descriptors become */
	int report; /* a pipe to the caller: the PID, then a negative errno on failure */
	bool is_apart;
};

/* The queued signal by which the caller requests the keeper to forward another one. */
static int spawn_forward_signal(void)
{
	return SIGRTMIN;
}

/* ---- In the children: only functions of signal-safety(7) and system calls ---- */

static _Noreturn void spawn_fail(const struct program *program, int err)
{
	(void)!write(program->report, &err, sizeof(err)); /* the caller may be killed */
	_exit(STATUS_NOT_STARTED);
}

/* Set the standard descriptors. Close all others except the report, which becomes the
 * first of them. All are moved first, because the caller may use low numbers. */
static int spawn_set_descriptors(struct program *program)
{
	int moved[FIRST_NOT_STANDARD],
		report = fcntl(program->report, F_DUPFD_CLOEXEC, FIRST_NOT_STANDARD + 1);

	if (report < 0)
		return -errno;
	program->report = report;
	for (int fd = 0; fd < FIRST_NOT_STANDARD; fd++) {
		moved[fd] = fcntl(program->standard[fd], F_DUPFD_CLOEXEC,
				  FIRST_NOT_STANDARD + 1);
		if (moved[fd] < 0)
			return -errno;
	}
	for (int fd = 0; fd < FIRST_NOT_STANDARD; fd++)
		if (dup2(moved[fd], fd) < 0)
			return -errno;
	if (dup3(report, FIRST_NOT_STANDARD, O_CLOEXEC) < 0)
		return -errno;
	program->report = FIRST_NOT_STANDARD;
	closefrom(FIRST_NOT_STANDARD + 1);
	return 0;
}

static _Noreturn void spawn_execute(const struct program *program)
{
	pid_t self = getpid();
	sigset_t none;

	if (write(program->report, &self, sizeof(self)) < 0)
		_exit(STATUS_NOT_STARTED);
	if (program->is_apart && (chdir("/") || setpgid(0, 0)))
		spawn_fail(program, -errno);
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execve(program->argv[0], (char *const *)(uintptr_t)program->argv,
	       (char *const *)(uintptr_t)program->env);
	spawn_fail(program, -errno);
}

/* End like the program, but without a second core dump. */
static _Noreturn void spawn_end_like(int status)
{
	sigset_t set;

	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	prctl(PR_SET_DUMPABLE, 0);
	signal(WTERMSIG(status), SIG_DFL);
	kill(getpid(), WTERMSIG(status));
	sigemptyset(&set);
	sigaddset(&set, WTERMSIG(status));
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	_exit(128 + WTERMSIG(status));
}

/* Wait for the end of the program, and forward signals to its process group. */
static int spawn_wait_in_keeper(pid_t pid)
{
	siginfo_t info;
	int status;
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, spawn_forward_signal());
	for (;;) {
		int got = sigwaitinfo(&set, &info);

		if (got == spawn_forward_signal() && info.si_code == SI_QUEUE)
			kill(-pid, info.si_value.sival_int);
		if (got == SIGCHLD && child_reap(pid, WNOHANG, &status))
			return status;
	}
}

static _Noreturn void spawn_keep(struct program *program)
{
	int end, err;
	pid_t pid;

	signal(SIGCHLD, SIG_DFL); /* if it is ignored, the status would be lost */
	err = spawn_set_descriptors(program);
	pid = err ? err : child_fork(SIGCHLD, &end);
	if (!pid)
		spawn_execute(program);
	if (pid < 0)
		spawn_fail(program, pid);
	closefrom(0);
	spawn_end_like(spawn_wait_in_keeper(pid));
}

/* ---- In the caller ---- */

/* Read a number from the report. Return false at its end. */
static bool spawn_read_report(int report, int *number)
{
	ssize_t n;

	do
		n = read(report, number, sizeof(*number));
	while (n < 0 && errno == EINTR);
	return n == sizeof(*number);
}

/* Start the keeper, and wait until the program runs. */
static int spawn_start(struct program *program, struct spawned *child)
{
	int ends[2], err = 0;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	program->report = ends[1];
	child->keeper = child_fork(0, &child->end);
	if (!child->keeper)
		spawn_keep(program);
	close(ends[1]);
	if (child->keeper < 0)
		err = child->keeper;
	else if (!spawn_read_report(ends[0], &child->pid))
		err = -EIO; /* the keeper was killed */
	else if (child->pid < 0)
		err = child->pid;
	else
		spawn_read_report(ends[0], &err);
	close(ends[0]);
	if (!err || child->keeper < 0)
		return err;
	child_reap(child->keeper, 0, &(int){ 0 });
	if (child->end >= 0)
		close(child->end);
	return err;
}

static int spawn_open_null(void)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Return true if a child can write to stderr. A pipe without a reader would kill a child
 * with the default for SIGPIPE. */
static bool spawn_stderr_is_usable(void)
{
	struct pollfd out = { .fd = STDERR_FILENO };

	return poll(&out, 1, 0) >= 0 && !(out.revents & (POLLERR | POLLNVAL)) &&
	       (fcntl(STDERR_FILENO, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

/* The program shares our stderr if that is usable, else it gets /dev/null. */
int spawn_wait(const char *const argv[])
{
	static const char *const no_environment[] = { NULL };
	_cleanup_close_ int null = spawn_open_null();
	struct program program = {
		.argv = argv,
		.env = no_environment,
		.standard = { null, null,
			      spawn_stderr_is_usable() ? STDERR_FILENO : null },
	};
	struct spawned child;
	int err, status;

	if (null < 0)
		return null;
	err = spawn_start(&program, &child);
	if (err)
		return err;

	err = child_reap(child.keeper, 0, &status);
	if (child.end >= 0)
		close(child.end);
	if (err < 0)
		return err;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int spawn_apart_between(const char *const argv[], const char *const env[], int input,
			int output, struct spawned *child)
{
	struct program program = {
		.argv = argv,
		.env = env,
		.standard = { input, output, output },
		.is_apart = true,
	};
	int err = spawn_start(&program, child);

	child->output = -1;
	if (err || child->end >= 0)
		return err;
	spawned_signal(child, SIGKILL);
	child_reap(child->keeper, 0, &(int){ 0 });
	return -ENOSYS; /* no pidfd: Linux before 5.3 */
}

int spawn_apart_from(const char *const argv[], const char *const env[], int input,
		     struct spawned *child)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	/* Only for our end: a program expects its own output to block. */
	err = fcntl(ends[0], F_SETFL, O_NONBLOCK) ? -errno : 0;
	if (!err)
		err = spawn_apart_between(argv, env, input, ends[1], child);
	close(ends[1]);
	if (err)
		close(ends[0]);
	else
		child->output = ends[0];
	return err;
}

int spawn_apart(const char *const argv[], const char *const env[], struct spawned *child)
{
	_cleanup_close_ int null = spawn_open_null();

	return null < 0 ? null : spawn_apart_from(argv, env, null, child);
}

/* If the queue of signals is full, send the signal without the keeper. */
void spawned_signal(const struct spawned *child, int signal)
{
	if (sigqueue(child->keeper, spawn_forward_signal(),
		     (union sigval){ .sival_int = signal }))
		kill(-child->pid, signal);
}

int spawned_status(struct spawned *child)
{
	int status;
	pid_t pid = child_reap(child->keeper, WNOHANG, &status);

	if (!pid)
		return -EAGAIN;
	close(child->end);
	if (child->output >= 0)
		close(child->output);
	if (pid < 0)
		return pid;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}
