// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * odd - run a command in an unusual process state
 *
 *   odd [-c FDS] [-d SIGNALS] [-i SIGNALS] [-b SIGNALS] [-t MS] [-T MS] [-f BYTES] [-p] [-P]
 *       COMMAND [ARGUMENT...]
 *
 *   -c FDS      close these descriptors: 0,1,2
 *   -d SIGNALS  give these signals their defaults: INT in the background of a shell
 *   -i SIGNALS  ignore these signals: CHLD,HUP or numbers, "all" for all
 *   -b SIGNALS  block them
 *   -t MS       start the interval timer REAL (SIGALRM), with this interval
 *   -T MS       start the interval timers VIRTUAL and PROF
 *   -f BYTES    limit the size of files, soft and hard
 *   -p          standard output is a pipe without a reader, and SIGPIPE is default
 *   -P          so is standard error
 *
 * Exit status: the command's own; 125 trouble, 127 the command cannot be started.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

enum { TROUBLE = 125, NOT_STARTED = 127 };

static int usage(void)
{
	fputs("Usage: odd [-c FDS] [-d SIGNALS] [-i SIGNALS] [-b SIGNALS] [-t MS] [-T MS] [-f BYTES]\n"
	      "           [-p] [-P] COMMAND [ARGUMENT...]\n",
	      stderr);
	return TROUBLE;
}

static int fail(const char *what)
{
	perror(what);
	return TROUBLE;
}

/* Return the number of a signal, 0 if it is unknown. */
static int signal_number(const char *word)
{
	char *end;
	long n = strtol(word, &end, 10);

	if (*word && !*end)
		return n > 0 && n < NSIG ? (int)n : 0;
	for (int i = 1; i < NSIG; i++)
		if (sigabbrev_np(i) && !strcasecmp(sigabbrev_np(i), word))
			return i;
	return 0;
}

/* Put the signals of a list into *set. */
static int signal_set(char *list, sigset_t *set)
{
	char *save = NULL;

	if (!strcmp(list, "all"))
		return sigfillset(set);
	sigemptyset(set);
	for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save)) {
		int n = signal_number(w);

		if (!n)
			return usage();
		sigaddset(set, n);
	}
	return 0;
}

static int handle_signals(char *list, sighandler_t handler)
{
	sigset_t set;
	int status = signal_set(list, &set);

	for (int i = 1; !status && i < NSIG; i++)
		if (sigismember(&set, i) == 1 && i != SIGKILL && i != SIGSTOP)
			signal(i, handler);
	return status;
}

static int block_signals(char *list)
{
	sigset_t set;
	int status = signal_set(list, &set);

	return !status && sigprocmask(SIG_BLOCK, &set, NULL) ? fail("sigprocmask")
							     : status;
}

static int start_timer(enum __itimer_which which, const char *ms)
{
	long n = strtol(ms, NULL, 10);
	const struct timeval every = { .tv_sec = n / 1000, .tv_usec = n % 1000 * 1000 };
	const struct itimerval timer = { every, every };

	return setitimer(which, &timer, NULL) ? fail("setitimer") : 0;
}

static int limit_files(const char *bytes)
{
	rlim_t n = strtoull(bytes, NULL, 10);
	const struct rlimit limit = { n, n };

	return setrlimit(RLIMIT_FSIZE, &limit) ? fail("setrlimit") : 0;
}

static int break_pipe(int fd)
{
	int ends[2];

	if (pipe(ends) || dup2(ends[1], fd) < 0)
		return fail("pipe");
	close(ends[0]);
	close(ends[1]);
	signal(SIGPIPE, SIG_DFL);
	return 0;
}

static void close_all(char *list)
{
	char *save = NULL;

	for (char *w = strtok_r(list, ",", &save); w; w = strtok_r(NULL, ",", &save))
		close((int)strtol(w, NULL, 10));
}

/* -i after -p: a pipe sets SIGPIPE. -c last: messages of this program need stderr. */
struct state {
	char *closed, *defaults, *ignored, *blocked;
	const char *real_ms, *other_ms, *file_bytes;
	bool breaks_stdout, breaks_stderr;
};

static int set_state(const struct state *s)
{
	int status = 0;

	if (s->breaks_stdout)
		status = break_pipe(STDOUT_FILENO);
	if (!status && s->breaks_stderr)
		status = break_pipe(STDERR_FILENO);
	if (!status && s->defaults)
		status = handle_signals(s->defaults, SIG_DFL);
	if (!status && s->ignored)
		status = handle_signals(s->ignored, SIG_IGN);
	if (!status && s->blocked)
		status = block_signals(s->blocked);
	if (!status && s->file_bytes)
		status = limit_files(s->file_bytes);
	if (!status && s->other_ms)
		status = start_timer(ITIMER_VIRTUAL, s->other_ms);
	if (!status && s->other_ms)
		status = start_timer(ITIMER_PROF, s->other_ms);
	if (!status && s->real_ms)
		status = start_timer(ITIMER_REAL, s->real_ms);
	if (!status && s->closed)
		close_all(s->closed);
	return status;
}

int main(int argc, char *argv[])
{
	struct state s = { 0 };
	int option, status;

	while ((option = getopt(argc, argv, "+c:d:i:b:t:T:f:pP")) != -1)
		switch (option) {
		case 'c':
			s.closed = optarg;
			break;
		case 'd':
			s.defaults = optarg;
			break;
		case 'i':
			s.ignored = optarg;
			break;
		case 'b':
			s.blocked = optarg;
			break;
		case 't':
			s.real_ms = optarg;
			break;
		case 'T':
			s.other_ms = optarg;
			break;
		case 'f':
			s.file_bytes = optarg;
			break;
		case 'p':
			s.breaks_stdout = true;
			break;
		case 'P':
			s.breaks_stderr = true;
			break;
		default:
			return usage();
		}
	if (optind >= argc)
		return usage();
	status = set_state(&s);
	if (status)
		return status;
	execvp(argv[optind], argv + optind);
	perror(argv[optind]);
	return NOT_STARTED;
}
