// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <sys/signalfd.h>

#include "cli/signals.h"
#include "cli/process.h"

int signals_catch(void)
{
	sigset_t set;
	int fd;

	process_ending_signals(&set);
	if (sigprocmask(SIG_BLOCK, &set, NULL))
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? -errno : fd;
}

/* Only signals that signals_catch() blocks can be pending. */
int signals_arrived(void)
{
	sigset_t pending;

	if (sigpending(&pending))
		return 0;
	for (int i = 1; i <= SIGRTMAX; i++)
		if (sigismember(&pending, i) == 1)
			return i;
	return 0;
}
