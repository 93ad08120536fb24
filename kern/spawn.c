// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/wait.h>

#include "kern/spawn.h"

int spawn_wait(const char *const argv[])
{
	static char *const no_environment[] = { NULL };
	posix_spawnattr_t attr;
	sigset_t none, all;
	int err, status;
	pid_t pid;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &all);
	err = posix_spawn(&pid, argv[0], NULL, &attr, (char *const *)(uintptr_t)argv,
			  no_environment);
	posix_spawnattr_destroy(&attr);
	if (err)
		return -err;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
