// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/process.h"
#include "kern/cleanup.h"

enum { FILES_MIN = 256 };

/* Open /dev/null in the wrong direction, so that a closed descriptor stays unusable:
 * reading and writing fail with EBADF. In a root without /dev, open a directory. */
static int process_open_standard(int fd)
{
	int got = open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);

	if (got < 0)
		got = open("/", O_PATH | O_DIRECTORY);
	return got < 0 ? -errno : 0;
}

/* Open all standard descriptors. Each open uses the lowest free descriptor, and all below
 * fd are open. */
static int process_open_all_standard(void)
{
	struct pollfd fds[] = { { STDIN_FILENO, 0, 0 },
				{ STDOUT_FILENO, 0, 0 },
				{ STDERR_FILENO, 0, 0 } };
	int err = poll(fds, ARRAY_SIZE(fds), 0) < 0 ? -errno : 0;

	for (int fd = STDIN_FILENO; !err && fd <= STDERR_FILENO; fd++)
		if (fds[fd].revents & POLLNVAL)
			err = process_open_standard(fd);
	return err;
}

static void process_reset_signals(void)
{
	sigset_t none;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Ask for each signal: many supplementary groups can push it out of what was read, and a
 * root may have no /proc. */
static uint64_t process_ask_ignored(void)
{
	struct sigaction act;
	uint64_t ignored = 0;

	for (int number = 1; number <= SIGRTMAX; number++)
		if (!sigaction(number, NULL, &act) && act.sa_handler == SIG_IGN)
			ignored |= UINT64_C(1) << (number - 1);
	return ignored;
}

/* Return the signals that are ignored, as the kernel prints them: bit 0 is signal 1. That is
 * one file, not one call for each. */
static uint64_t process_read_ignored(void)
{
	static const char word[] = "\nSigIgn:\t";
	_cleanup_close_ int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
	char text[4096];
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *at;

	text[n < 0 ? 0 : n] = '\0';
	at = strstr(text, word);
	/* with all its digits */
	return at && strchr(at + 1, '\n') ? strtoull(at + strlen(word), NULL, 16)
					  : process_ask_ignored();
}

/* Stop the timers. A timer's signal may be pending if the caller blocked it; ignoring it
 * discards it. */
static void process_stop_timers(void)
{
	static const struct itimerval never = { 0 };
	static const struct {
		int which, number;
	} timers[] = {
		{ ITIMER_REAL, SIGALRM },
		{ ITIMER_VIRTUAL, SIGVTALRM },
		{ ITIMER_PROF, SIGPROF },
	};
	sigset_t pending;

	for (size_t i = 0; i < ARRAY_SIZE(timers); i++)
		setitimer(timers[i].which, &never, NULL);
	sigpending(&pending);
	for (size_t i = 0; i < ARRAY_SIZE(timers); i++)
		if (sigismember(&pending, timers[i].number) &&
		    signal(timers[i].number, SIG_IGN) != SIG_IGN)
			signal(timers[i].number, SIG_DFL);
}

static bool process_remove_limit(int resource)
{
	const struct rlimit none = { RLIM_INFINITY, RLIM_INFINITY };

	return !setrlimit(resource, &none);
}

/* Remove a limit. Without that right, raise the soft limit to the hard one minus
 * `below`. */
static void process_raise_limit(int resource, rlim_t below)
{
	struct rlimit limit;

	if (process_remove_limit(resource) || getrlimit(resource, &limit) ||
	    limit.rlim_max == RLIM_INFINITY)
		return;
	limit.rlim_cur = limit.rlim_max > below ? limit.rlim_max - below : 0;
	setrlimit(resource, &limit);
}

/* Allow enough open files. With fewer, reading facts could fail during a change, which
 * would then be undone. */
static void process_allow_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur >= FILES_MIN)
		return;
	limit.rlim_cur = FILES_MIN;
	if (limit.rlim_max < FILES_MIN)
		limit.rlim_max = FILES_MIN;
	if (!setrlimit(RLIMIT_NOFILE, &limit) || getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

int process_begin(void)
{
	process_stop_timers();
	process_raise_limit(RLIMIT_FSIZE, 0);
	process_raise_limit(RLIMIT_CPU, 1); /* one second between SIGXCPU and SIGKILL */
	process_allow_files();
	return process_begin_runner();
}

int process_begin_runner(void)
{
	int err = process_open_all_standard();

	process_reset_signals();
	umask(022);
	return err;
}

void process_reset_child(void)
{
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_DFL);
}

int process_close_listed(int first, int except, bool is_own)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		int fd = (int)strtol(entry->d_name, NULL, 10);

		if (*entry->d_name != '.' && fd >= first && fd != except &&
		    fd != dirfd(dir) && (!is_own || fcntl(fd, F_GETFD) == FD_CLOEXEC))
			close(fd);
	}
	return dir && !closedir(dir) ? 0 : -errno;
}

int process_close_from(int first, int except)
{
	const int last =
		except < first ? first : except; /* those before it are separate */

	if ((last == first ||
	     !close_range((unsigned int)first, (unsigned int)last - 1, 0)) &&
	    !close_range((unsigned int)last + (last == except), ~0U, 0))
		return 0;
	return process_close_listed(first, except, false);
}

void process_ending_signals(sigset_t *set)
{
	static const int ending[] = {
		SIGHUP,	   SIGINT,  SIGQUIT,   SIGUSR1, SIGUSR2, SIGALRM,
		SIGTERM,   SIGXCPU, SIGVTALRM, SIGPROF, SIGIO,	 SIGPWR,
#ifdef SIGSTKFLT
		SIGSTKFLT,
#endif
	};

	const uint64_t ignored = process_read_ignored();

	sigemptyset(set);
	for (size_t i = 0; i < ARRAY_SIZE(ending); i++)
		if (!(ignored >> (ending[i] - 1) & 1))
			sigaddset(set, ending[i]);
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
		if (!(ignored >> (number - 1) & 1))
			sigaddset(set, number);
}
