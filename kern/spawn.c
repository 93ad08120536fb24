// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "kern/cleanup.h"
#include "kern/spawn.h"

enum { FIRST_NOT_STANDARD = STDERR_FILENO + 1 };

static const char null_file[] = "/dev/null";

static int spawn_start(const char *const argv[], const char *const env[], short flags,
		       const posix_spawn_file_actions_t *actions, pid_t *pid)
{
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(
		&attr, (short)(flags | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF));
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	err = posix_spawn(pid, argv[0], actions, &attr, (char *const *)(uintptr_t)argv,
			  (char *const *)(uintptr_t)env);
	posix_spawnattr_destroy(&attr);
	return -err;
}

/* Return true if a child can write to stderr. A pipe without a reader would kill a child
 * with the default for SIGPIPE. */
static bool spawn_stderr_is_usable(void)
{
	struct pollfd out = { .fd = STDERR_FILENO };

	return poll(&out, 1, 0) >= 0 && !(out.revents & (POLLERR | POLLNVAL)) &&
	       (fcntl(STDERR_FILENO, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

/* Start a program without input and output. It shares our stderr if that is usable, else
 * it gets /dev/null. */
static int spawn_start_quiet(const char *const argv[], const char *const env[],
			     pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int err;

	posix_spawn_file_actions_init(&actions);
	err = -posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, null_file,
						O_RDONLY, 0);
	if (!err)
		err = -posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO,
							null_file, O_WRONLY, 0);
	if (!err && !spawn_stderr_is_usable())
		err = -posix_spawn_file_actions_addopen(&actions, STDERR_FILENO,
							null_file, O_WRONLY, 0);
	if (!err)
		err = -posix_spawn_file_actions_addclosefrom_np(&actions,
								FIRST_NOT_STANDARD);
	if (!err)
		err = spawn_start(argv, env, 0, &actions, pid);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

int spawn_wait(const char *const argv[])
{
	static const char *const no_environment[] = { NULL };
	int err, status;
	pid_t pid;

	err = spawn_start_quiet(argv, no_environment, &pid);
	if (err)
		return err;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int spawn_start_apart(const char *const argv[], const char *const env[],
			     int output, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int err;

	posix_spawn_file_actions_init(&actions);
	err = -posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, null_file,
						O_RDONLY, 0);
	if (!err)
		err = -posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (!err)
		err = -posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO);
	if (!err)
		err = -posix_spawn_file_actions_addclosefrom_np(&actions,
								FIRST_NOT_STANDARD);
	if (!err)
		err = -posix_spawn_file_actions_addchdir_np(&actions, "/");
	if (!err)
		err = spawn_start(argv, env, POSIX_SPAWN_SETPGROUP, &actions, pid);
	posix_spawn_file_actions_destroy(&actions);
	return err;
}

static int spawn_open_pidfd(struct spawned *child)
{
	int err;

	child->end = (int)syscall(SYS_pidfd_open, child->pid, 0);
	if (child->end >= 0)
		return 0;
	err = -errno;
	spawned_signal(child, SIGKILL);
	waitpid(child->pid, NULL, 0);
	return err;
}

int spawn_apart(const char *const argv[], const char *const env[], struct spawned *child)
{
	int ends[2], err;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	/* Only for our end: a program expects its own output to block. */
	err = fcntl(ends[0], F_SETFL, O_NONBLOCK) ? -errno : 0;
	if (!err)
		err = spawn_start_apart(argv, env, ends[1], &child->pid);
	close(ends[1]);
	if (!err)
		err = spawn_open_pidfd(child);
	if (err)
		close(ends[0]);
	else
		child->output = ends[0];
	return err;
}

int spawn_apart_into(const char *const argv[], const char *const env[], int file,
		     struct spawned *child)
{
	int err = spawn_start_apart(argv, env, file, &child->pid);

	child->output = -1;
	return err ? err : spawn_open_pidfd(child);
}

void spawned_signal(const struct spawned *child, int signal)
{
	kill(-child->pid, signal);
}

int spawned_status(struct spawned *child)
{
	int status;
	pid_t pid = waitpid(child->pid, &status, WNOHANG);

	if (!pid)
		return -EAGAIN;
	close(child->end);
	if (child->output >= 0)
		close(child->output);
	if (pid < 0)
		return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -EINTR;
}
