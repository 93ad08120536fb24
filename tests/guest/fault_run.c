// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands, their output, and differences. */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault.h"

enum { TROUBLE = 125, OVER_ITS_TIME = 124, LIMIT_MS = 60000, FEW = 8 };

static void become(const char *file, int fd)
{
	int opened = open(file, O_RDWR | O_CREAT | O_TRUNC, 0600);

	if (opened < 0 || dup2(opened, fd) < 0)
		err(TROUBLE, "%s", file);
}

static _Noreturn void shell(const char *command)
{
	int null = open("/dev/null", O_RDONLY);

	setpgid(0, 0);
	dup2(null, STDIN_FILENO);
	become(SAID_OUT, STDOUT_FILENO);
	become(SAID_ERR, STDERR_FILENO);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	err(TROUBLE, "sh");
}

/* Wait for its end. Meanwhile read the machine's messages, or it would block. */
static bool wait_for_end(struct machine *m, int pidfd)
{
	struct pollfd p[] = { { .fd = pidfd, .events = POLLIN },
			      { .fd = m->qmp.fd, .events = POLLIN } };

	while (poll(p, 2, LIMIT_MS) > 0) {
		if (p[0].revents)
			return true;
		if (qmp_fill(&m->qmp) == 0)
			return false;
	}
	return false;
}

int run(struct machine *m, const char *command)
{
	int pidfd;
	pid_t pid;
	int status;

	if (!strcmp(command, "true"))
		return 0;
	fflush(stdout);
	pid = fork();
	if (!pid)
		shell(command);
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (pid < 0 || pidfd < 0)
		err(TROUBLE, "fork");
	if (!wait_for_end(m, pidfd))
		kill(-pid, SIGKILL);
	close(pidfd);
	if (waitpid(pid, &status, 0) != pid)
		err(TROUBLE, "wait");
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGKILL ? OVER_ITS_TIME
						   : 128 + WTERMSIG(status);
	return WEXITSTATUS(status);
}

bool fails_memory(void)
{
	const char *kind = getenv("FAILCALL_KIND");

	return kind && !strcmp(kind, "memory");
}

int run_quickly(struct machine *m, const char *command)
{
	int status;

	/* The sanitizers' runtime must be the first library. */
	setenv("ASAN_OPTIONS", "verify_asan_link_order=0", 0);
	setenv("LD_PRELOAD",
	       fails_memory() ? "/usr/lib/guest/fastclock.so /usr/lib/guest/failalloc.so"
			      : "/usr/lib/guest/fastclock.so /usr/lib/guest/failcall.so",
	       1);
	status = run(m, command);
	unsetenv("LD_PRELOAD");
	return status;
}

int run_below(struct machine *m, const char *command, unsigned int nth, bool lasts)
{
	char position[16];
	int status;

	snprintf(position, sizeof(position), "%u", nth);
	unlink(FAILCALL_LOG);
	setenv("FAILCALL_LOG", FAILCALL_LOG, 1);
	setenv("FAILCALL_NTH", position, 1);
	if (lasts)
		setenv("FAILCALL_LASTS", "yes", 1);
	status = run_quickly(m, command);
	unsetenv("FAILCALL_LASTS");
	unsetenv("FAILCALL_NTH");
	unsetenv("FAILCALL_LOG");
	return status;
}

int run_beside(struct machine *m, const char *command)
{
	char *text;
	int status;

	if (asprintf(&text,
		     "cp %s /tmp/out; cp %s /tmp/err; { %s; }; s=$?; "
		     "cat /tmp/out; cat /tmp/err >&2; exit $s",
		     SAID_OUT, SAID_ERR, command) < 0)
		err(TROUBLE, "memory");
	status = run(m, text);
	free(text);
	return status;
}

const char *said(const char *file)
{
	static char text[1 << 20];
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* Return true if this line, up to its end, is one of the text's lines. */
static bool has_line(const char *text, const char *line, size_t len)
{
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		if (!strncmp(text, line, len) && (text[len] == '\n' || !text[len]))
			return true;
	return false;
}

static void print_lines_not_in(const char *mark, const char *text, const char *other)
{
	unsigned int shown = 0;

	for (size_t len; *text; text += len + (text[len] == '\n')) {
		len = strcspn(text, "\n");
		if (!has_line(other, text, len) && shown++ < FEW)
			fprintf(stderr, "  %s %.*s\n", mark, (int)len, text);
	}
	if (shown > FEW)
		fprintf(stderr, "  %s ... and %u more\n", mark, shown - FEW);
}

void print_difference(const char *expected, const char *now)
{
	print_lines_not_in("-", expected, now);
	print_lines_not_in("+", now, expected);
}
