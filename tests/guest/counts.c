// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * counts - count a command's requests to the kernel
 *
 *   counts COMMAND [ARGUMENT...]
 *
 * Its standard output is /dev/null. Prints one line, which includes the command's
 * children:
 *
 *   opens 62 lists 3 rtas 0 calls 279 KiB 2144 status 0
 *
 * opened files, getdents, calls of firmware, all system calls except sysinfo(), the peak of
 * memory and the exit status. Unlike times, these do not depend on the machine.
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/ptrace.h>

#include "wire/papr_sys_rtas.h"

struct counts {
	unsigned long opens, lists, rtas, calls;
};

static void note(struct counts *counts, uint64_t call)
{
	if (call == SYS_sysinfo) /* by qsort() of older C libraries */
		return;
	counts->calls++;
	switch (call) {
	case SYS_openat:
#ifdef SYS_open
	case SYS_open:
#endif
		counts->opens++;
		break;
	case SYS_getdents64:
		counts->lists++;
		break;
	case PAPR_SYS_RTAS:
		counts->rtas++;
		break;
	}
}

static void look(struct counts *counts, pid_t pid)
{
	struct ptrace_syscall_info info;
	long n = ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof(info), &info);

	if (n > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY)
		note(counts, info.entry.nr);
}

static void command(char *argv[])
{
	int null = open("/dev/null", O_WRONLY);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    ptrace(PTRACE_TRACEME, 0, NULL, NULL))
		err(125, "counts");
	raise(SIGSTOP);
	execvp(argv[0], argv);
	err(127, "%s", argv[0]);
}

/* The signal to deliver: not those of tracing itself. */
static int signal_of(int status)
{
	int signal = WSTOPSIG(status);

	return signal == SIGTRAP || signal == (SIGTRAP | 0x80) || signal == SIGSTOP ||
			       status >> 16
		       ? 0
		       : signal;
}

/* Trace until the first process ends. */
static int watch(struct counts *counts, pid_t first)
{
	int status;

	for (;;) {
		pid_t pid = waitpid(-1, &status, __WALL);

		if (pid < 0)
			err(125, "counts: wait");
		if (pid == first && !WIFSTOPPED(status))
			return WIFEXITED(status) ? WEXITSTATUS(status)
						 : 128 + WTERMSIG(status);
		if (!WIFSTOPPED(status))
			continue;
		if (WSTOPSIG(status) == (SIGTRAP | 0x80))
			look(counts, pid);
		ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal_of(status));
	}
}

int main(int argc, char *argv[])
{
	struct counts counts = { 0 };
	struct rusage usage;
	int status;
	pid_t pid;

	if (argc < 2)
		errx(125, "Usage: counts COMMAND [ARGUMENT...]");
	pid = fork();
	if (!pid)
		command(argv + 1);
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, pid, NULL,
		   (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
			    PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK)))
		err(125, "counts");
	ptrace(PTRACE_SYSCALL, pid, NULL, NULL);
	status = watch(&counts, pid);
	getrusage(RUSAGE_CHILDREN, &usage);
	printf("opens %lu lists %lu rtas %lu calls %lu KiB %ld status %d\n", counts.opens,
	       counts.lists, counts.rtas, counts.calls, usage.ru_maxrss, status);
	return 0;
}
