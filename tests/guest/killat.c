// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * killat - run a command and kill it before its nth step
 *
 *   killat [-SIGNAL] [-c] [-a | -f] N COMMAND [ARGUMENT...]
 *   killat -r FD [-a | -f] N COMMAND [ARGUMENT...]
 *
 * A step is a system call that changes something: a write except to drmgr's log, a removed
 * name, a call of firmware; those of children count. The command is killed before it makes the nth of
 * them. Exit status: 137 if it was killed, otherwise the command's own; 125 trouble.
 *
 * With a signal (a number; STOP is the only accepted name), it receives that signal
 * there, makes the step and continues. The exit status is its own. If the signal was
 * sent, one line "killat: PID N" on stderr has the process.
 *
 * With -c and a signal, only steps of the command's children count, not of their children, and
 * the child receives the signal.
 *
 * With -r, the command's descriptor FD (1 or 2) is a pipe, which the reader closes at the
 * step; the output before it is lost. -a: every system call is a step. -f: only calls of
 * firmware and writes to files of the kernel are steps.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

enum { RTAS_CALL = 255, SIM_RTAS_CALL = 0x7072, TROUBLE = 125, KILLED = 137 };

struct plan {
	long step;
	int signal;	   /* 0: close the reader */
	int reader;	   /* our end of the command's pipe, or -1 */
	int piped;	   /* the command's descriptor that is a pipe, or 0 */
	pid_t parent;	   /* -c: only its children count; 0: all */
	bool is_any;	   /* every system call counts */
	bool is_firmwares; /* only calls into firmware and files of the kernel count */
};

static int fail(const char *what)
{
	perror(what);
	return TROUBLE;
}

/* Read the path of an open file, or its beginning. */
static void file_path(pid_t pid, uint64_t fd, char path[32])
{
	char link[64];
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/%d/fd/%u", (int)pid, (unsigned int)fd);
	n = readlink(link, path, 31);
	path[n > 0 ? n : 0] = '\0';
}

/* Return true if the file is one of the kernel's: in /proc or /sys. */
static bool is_kernel_file(pid_t pid, uint64_t fd)
{
	char path[32];

	file_path(pid, fd, path);
	return !strncmp(path, "/proc/", 6) || !strncmp(path, "/sys/", 5);
}

/* Return true for drmgr's log: a missing line changes nothing. */
static bool is_log(pid_t pid, uint64_t fd)
{
	char path[32];

	file_path(pid, fd, path);
	return !strcmp(path, "/var/log/drmgr");
}

static bool is_child(pid_t pid, pid_t parent)
{
	char path[64], line[128];
	int of = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && !of && fgets(line, sizeof(line), file))
		(void)!sscanf(line, "PPid: %d", &of);
	if (file)
		fclose(file);
	return of == parent;
}

static bool is_firmware_call(uint64_t call)
{
#if defined(__powerpc64__)
	return call == RTAS_CALL;
#else
	return call == SIM_RTAS_CALL;
#endif
}

static bool is_step(const struct plan *plan, pid_t pid, uint64_t call, uint64_t fd)
{
	bool is_write = call == SYS_write || call == SYS_writev;

	if (plan->parent && !is_child(pid, plan->parent))
		return false;
	if (plan->is_any || is_firmware_call(call))
		return true;
	if (plan->is_firmwares)
		return is_write && is_kernel_file(pid, fd);
	return (is_write && !is_log(pid, fd)) || call == SYS_unlinkat;
}

/* Return true if this process is about to make a step. */
static bool makes_step(const struct plan *plan, pid_t pid)
{
	struct ptrace_syscall_info info;
	long n = ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info);

	return n > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY &&
	       is_step(plan, pid, info.entry.nr, info.entry.args[0]);
}

static int command(char *argv[])
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		return fail("killat: ptrace");
	raise(SIGSTOP);
	execvp(argv[0], argv);
	return fail(argv[0]);
}

/* The signal to deliver: not those of tracing itself. */
static int signal_of(int status)
{
	int signal = WSTOPSIG(status);
	bool is_tracing = signal == SIGTRAP || signal == (SIGTRAP | 0x80) ||
			  signal == SIGSTOP || status >> 16;

	return is_tracing ? 0 : signal;
}

/* Kill the command. Wait for its children that are in the kernel. A child that has not
 * begun is not left stopped: it continues without a tracer. */
static int kill_all(pid_t first, pid_t pid)
{
	int status;

	kill(first, SIGKILL);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0)
		if (WIFSTOPPED(status))
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return KILLED;
}

/* From now on, the command is not traced. */
static int disturb(const struct plan *plan, pid_t first, pid_t pid)
{
	int status;

	fprintf(stderr, "killat: %d %ld\n", first, plan->step);
	if (plan->signal)
		kill(plan->parent ? pid : first, plan->signal);
	else
		close(plan->reader);
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	while ((pid = waitpid(-1, &status, __WALL)) > 0) {
		if (WIFSTOPPED(status))
			ptrace(PTRACE_DETACH, pid, NULL, NULL);
		else if (pid == first)
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : 128 + WTERMSIG(status);
	}
	return fail("killat: wait");
}

/* Empty the pipe, so that the command does not block. */
static void empty_pipe(const struct plan *plan)
{
	char bytes[4096];

	while (plan->reader >= 0 && read(plan->reader, bytes, sizeof(bytes)) > 0)
		;
}

static int watch(pid_t first, const struct plan *plan)
{
	long left = plan->step;
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0)
			return fail("killat: wait");
		if (pid == first && WIFEXITED(status))
			return WEXITSTATUS(status);
		if (pid == first && WIFSIGNALED(status))
			return 128 + WTERMSIG(status);
		if (!WIFSTOPPED(status))
			continue;
		empty_pipe(plan);
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) && makes_step(plan, pid) &&
		    !--left)
			return plan->signal == SIGKILL && !plan->parent
				       ? kill_all(first, pid)
				       : disturb(plan, first, pid);
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal_of(status));
	}
}

/* Return 0 if it is not a signal. */
static int signal_by_name(const char *name)
{
	long n = !strcmp(name, "STOP") ? SIGSTOP : strtol(name, NULL, 10);

	return n > 0 && n < NSIG ? (int)n : 0;
}

/* The command's end of the pipe replaces its descriptor. */
static int make_pipe(struct plan *plan, int *end)
{
	int ends[2];

	if (!plan->piped)
		return 0;
	if (pipe2(ends, O_CLOEXEC) || fcntl(ends[0], F_SETFL, O_NONBLOCK))
		return fail("killat: pipe");
	plan->reader = ends[0];
	*end = ends[1];
	return 0;
}

static int start(struct plan *plan, char *argv[], pid_t *pid)
{
	int end = -1, status = make_pipe(plan, &end);

	if (status)
		return status;
	*pid = fork();
	if (!*pid) {
		if (plan->piped &&
		    (signal(SIGPIPE, SIG_DFL) == SIG_ERR || dup2(end, plan->piped) < 0))
			_exit(TROUBLE);
		_exit(command(argv));
	}
	if (end >= 0)
		close(end);
	if (*pid < 0 || waitpid(*pid, &status, 0) != *pid || !WIFSTOPPED(status))
		return fail("killat");
	if (ptrace(PTRACE_SETOPTIONS, *pid, NULL,
		   (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
			    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK)))
		return fail("killat: ptrace");
	ptrace(PTRACE_SYSCALL, *pid, NULL, NULL);
	return 0;
}

static int usage(void)
{
	fputs("Usage: killat [-SIGNAL [-c] | -r FD] [-a | -f] N COMMAND [ARGUMENT...]\n",
	      stderr);
	return TROUBLE;
}

int main(int argc, char *argv[])
{
	struct plan plan = { .signal = SIGKILL, .reader = -1 };
	int status, at = 1;
	pid_t pid;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (!strcmp(argv[at], "-a")) {
			plan.is_any = true;
		} else if (!strcmp(argv[at], "-c")) {
			plan.parent = -1; /* known after the start */
		} else if (!strcmp(argv[at], "-f")) {
			plan.is_firmwares = true;
		} else if (!strcmp(argv[at], "-r") && at + 1 < argc) {
			plan.piped = signal_by_name(argv[++at]);
			plan.signal = 0;
			if (plan.piped != STDOUT_FILENO && plan.piped != STDERR_FILENO)
				return usage();
		} else if (!(plan.signal = signal_by_name(argv[at] + 1))) {
			return usage();
		}
	}
	plan.step = at + 1 < argc ? strtol(argv[at], NULL, 10) : 0;
	if (plan.step < 1)
		return usage();
	status = start(&plan, argv + at + 1, &pid);
	plan.parent = plan.parent ? pid : 0;
	return status ? status : watch(pid, &plan);
}
