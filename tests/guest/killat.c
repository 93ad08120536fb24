// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * killat - run a command and kill it before its nth step
 *
 *   killat [-SIGNAL] N COMMAND [ARGUMENT...]
 *
 * A step is a system call that changes something: a write, a removed name, a call into
 * firmware; those of children count. The command is killed when it is about to make the
 * nth of them, which it then does not make. Exit status: 137 if it came to that, else the
 * command's own; 125 trouble.
 *
 * With a signal (a number; of those with a name STOP alone) it gets that one there, makes
 * the step and goes on as it will: the exit status is its own, and if it came to that, one
 * line "killat: PID N" on stderr says which process it was.
 */
#include <errno.h>
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

static int fail(const char *what)
{
	perror(what);
	return TROUBLE;
}

static bool is_step(uint64_t call)
{
	switch (call) {
	case SYS_write:
	case SYS_unlinkat:
		return true;
	}
#if defined(__powerpc64__)
	return call == RTAS_CALL;
#else
	return call == SIM_RTAS_CALL;
#endif
}

/* Is this process about to make a step? */
static bool makes_step(pid_t pid)
{
	struct ptrace_syscall_info info;
	long n = ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info);

	return n > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY && is_step(info.entry.nr);
}

static int command(char *argv[])
{
	if (ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		return fail("killat: ptrace");
	raise(SIGSTOP);
	execvp(argv[0], argv);
	return fail(argv[0]);
}

/* The signal that it is to have: none of those that tracing makes. */
static int signal_of(int status)
{
	int signal = WSTOPSIG(status);
	bool is_tracing = signal == SIGTRAP || signal == (SIGTRAP | 0x80) ||
			  signal == SIGSTOP || status >> 16;

	return is_tracing ? 0 : signal;
}

/* Kills the command; children of it that are in the kernel come to their end. */
static int kill_all(pid_t first)
{
	kill(first, SIGKILL);
	while (waitpid(first, NULL, __WALL) > 0)
		;
	return KILLED;
}

/* From here on it is nobody's business what it does. */
static int signal_it(pid_t first, pid_t pid, long step, int signal)
{
	int status;

	fprintf(stderr, "killat: %d %ld\n", first, step);
	kill(first, signal);
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

static int watch(pid_t first, long step, int signal)
{
	long left = step;
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
		if (WSTOPSIG(status) == (SIGTRAP | 0x80) && makes_step(pid) && !--left)
			return signal == SIGKILL ? kill_all(first)
						 : signal_it(first, pid, step, signal);
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal_of(status));
	}
}

/* 0: it is none. */
static int signal_by_name(const char *name)
{
	long n = !strcmp(name, "STOP") ? SIGSTOP : strtol(name, NULL, 10);

	return n > 0 && n < NSIG ? (int)n : 0;
}

static int start(char *argv[], pid_t *pid)
{
	int status;

	*pid = fork();
	if (!*pid)
		_exit(command(argv));
	if (*pid < 0 || waitpid(*pid, &status, 0) != *pid || !WIFSTOPPED(status))
		return fail("killat");
	if (ptrace(PTRACE_SETOPTIONS, *pid, NULL,
		   (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
			    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK)))
		return fail("killat: ptrace");
	ptrace(PTRACE_SYSCALL, *pid, NULL, NULL);
	return 0;
}

int main(int argc, char *argv[])
{
	int signal = SIGKILL, status;
	long step;
	pid_t pid;

	if (argc > 1 && argv[1][0] == '-') {
		signal = signal_by_name(argv[1] + 1);
		argv++;
		argc--;
	}
	step = argc > 2 ? strtol(argv[1], NULL, 10) : 0;
	if (step < 1 || !signal) {
		fputs("Usage: killat [-SIGNAL] N COMMAND [ARGUMENT...]\n", stderr);
		return TROUBLE;
	}
	status = start(argv + 2, &pid);
	return status ? status : watch(pid, step, signal);
}
