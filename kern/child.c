// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kern/child.h"

static pid_t child_clone(int end_signal, int *end)
{
	struct clone_args args = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)end,
		.exit_signal = (unsigned int)end_signal,
	};

	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

pid_t child_fork(int end_signal, int *end)
{
	sigset_t all, before;
	pid_t pid;

	*end = -1;
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	pid = child_clone(end_signal, end);
	if (pid < 0 && (errno == ENOSYS || errno == EPERM)) {
		pid = fork();
		if (pid > 0)
			*end = child_open_end(pid);
	}
	if (pid < 0)
		pid = -errno;
	if (pid)
		pthread_sigmask(SIG_SETMASK, &before, NULL);
	return pid;
}

int child_open_end(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

bool fd_is_readable(int fd)
{
	struct pollfd in = { .fd = fd, .events = POLLIN };

	return poll(&in, 1, 0) > 0;
}

bool child_wait(int end, const struct deadline *dl)
{
	struct pollfd ended = { .fd = end, .events = POLLIN };

	while (end >= 0 && poll(&ended, 1, deadline_left_ms(dl)) <= 0)
		if (deadline_has_passed(dl))
			return false;
	return true;
}

pid_t child_reap(pid_t pid, int flags, int *status)
{
	pid_t found;

	do
		found = waitpid(pid, status, flags | __WALL);
	while (found < 0 && errno == EINTR);
	return found < 0 ? -errno : found;
}

int child_drop_descriptors(int keep, int input)
{
	enum { FIRST_FREE = STDERR_FILENO + 1 };
	/* first: they may be standard descriptors */
	int own = fcntl(input, F_DUPFD_CLOEXEC, FIRST_FREE + 1), null;

	dup2(keep, FIRST_FREE);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (int fd = 0; fd < FIRST_FREE; fd++)
		if (dup2(!fd && input >= 0 ? own : null, fd) < 0)
			close(fd);
	closefrom(FIRST_FREE + 1);
	return FIRST_FREE;
}
