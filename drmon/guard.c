// SPDX-License-Identifier: GPL-2.0-or-later
#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "drmon/guard.h"
#include "cli/common.h"

static void guard_restore_terminal(const struct termios *settings)
{
	static const char *const words[] = { "sgr0", "cnorm", "rmkx", "rmcup" };

	if (setupterm(NULL, STDOUT_FILENO, NULL) == OK)
		for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
			char *text = tigetstr(words[i]);

			if (text && text != (char *)-1)
				putp(text);
		}
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, settings);
}

static void guard_wait(pid_t child, const sigset_t *set, const struct termios *settings)
{
	siginfo_t info;
	int status;

	for (;;) {
		int got = sigwaitinfo(set, &info);

		if (got > 0 && got != SIGCHLD)
			kill(child, got);
		if (got == SIGCHLD && waitpid(child, &status, WNOHANG) == child)
			break;
	}
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	guard_restore_terminal(settings);
	_exit(128 + WTERMSIG(status));
}

int guard_start(void)
{
	struct termios settings;
	sigset_t set, before;
	pid_t child, parent = getpid();

	if (tcgetattr(STDIN_FILENO, &settings))
		return -errno;
	process_ending_signals(&set); /* signals are forwarded to the child */
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_BLOCK, &set, &before);
	child = fork();
	if (child < 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		return -errno;
	}
	if (child)
		guard_wait(child, &set, &settings);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (getppid() != parent) /* the parent has ended already */
		raise(SIGTERM);
	return 0;
}
