// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "proto.h"
#include "vm.h"

#define TAIL_BYTES 8192
#define TAIL_LINES 60

/* Neither line is a PCI device, which would be in one of the slots under test. The
 * console is first: firmware and kernel choose the lowest unit address. */
// clang-format off
static const char *const qemu_options[] = {
	"-chardev", "socket,id=guestctl-qmp,fd=3",
	"-mon",     "chardev=guestctl-qmp,mode=control",
	"-chardev", "file,id=guestctl-console,path=/dev/fd/5",
	"-device",  "spapr-vty,chardev=guestctl-console",
	"-chardev", "socket,id=guestctl-agent,fd=4",
	"-device",  "spapr-vty,chardev=guestctl-agent",
};
// clang-format on

static char **command_line(char **argv, bool bare)
{
	size_t extra = bare ? 0 : sizeof(qemu_options) / sizeof(*qemu_options), n = 0;
	char **all;

	while (argv[n])
		n++;
	all = calloc(n + extra + 1, sizeof(*all));
	if (!all)
		err(EXIT_HARNESS, "command line");
	memcpy(all, argv, n * sizeof(*all));
	memcpy(all + n, qemu_options, extra * sizeof(*all));

	return all;
}

static void vm_exec(char **argv, const int fds[3], pid_t parent)
{
	sigset_t none;
	int high[3], i;

	/* Move them first, because one of them may have the number of another one. */
	for (i = 0; i < 3; i++)
		high[i] = fcntl(fds[i], F_DUPFD, 16);
	for (i = 0; i < 3; i++)
		dup2(high[i], VM_FD_QMP + i);
	close_range(VM_FD_CONSOLE + 1, ~0U, 0);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_HARNESS);

	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	err(EXIT_HARNESS, "%s", argv[0]);
}

int vm_start(struct vm *vm, int dir, char **argv, bool bare)
{
	pid_t parent = getpid();
	int qmp[2], agent[2], console;
	char **all;

	console = openat(dir, "console.log", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			 0600);
	if (console < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, qmp) < 0 ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, agent) < 0)
		return -errno;

	all = command_line(argv, bare);
	vm->pid = fork();
	if (!vm->pid)
		vm_exec(all, (int[3]){ qmp[1], agent[1], console }, parent);
	free(all);
	if (vm->pid < 0)
		return -errno;

	vm->pidfd = pidfd_open(vm->pid, 0);
	if (vm->pidfd < 0)
		return -errno;
	vm->qmp = qmp[0];
	vm->agent = agent[0];
	close(qmp[1]);
	close(agent[1]);
	close(console);
	return 0;
}

void vm_kill(struct vm *vm)
{
	if (vm->pidfd >= 0)
		kill(vm->pid, SIGKILL);
}

void vm_reap(struct vm *vm)
{
	int status = 0;

	if (vm->pidfd < 0)
		return;

	waitpid(vm->pid, &status, 0);
	if (WIFSIGNALED(status))
		snprintf(vm->end, sizeof(vm->end), "killed by signal %d",
			 WTERMSIG(status));
	else
		snprintf(vm->end, sizeof(vm->end), "exit status %d", WEXITSTATUS(status));
	close(vm->pidfd);
	vm->pidfd = -1;
}

char *vm_tail(int dir, const char *name)
{
	char buf[TAIL_BYTES + 1], *p, *text = NULL;
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC), lines = 0;
	struct stat st;
	ssize_t n = 0;

	if (fd >= 0 && fstat(fd, &st) == 0) {
		off_t from = st.st_size > TAIL_BYTES ? st.st_size - TAIL_BYTES : 0;

		n = pread(fd, buf, TAIL_BYTES, from);
	}
	if (fd >= 0)
		close(fd);
	if (n <= 0)
		return strdup("");

	for (p = buf + n; p > buf && lines <= TAIL_LINES; p--)
		lines += p[-1] == '\n';
	buf[n] = '\0';
	/* Firmware clears its screen with NULs and escapes, at which %s would stop. */
	while (n--) {
		if (!buf[n] || buf[n] == '\r' || buf[n] == '\033')
			buf[n] = ' ';
	}
	if (asprintf(&text, "\n--- end of %s ---\n%s", name, p) < 0)
		err(EXIT_HARNESS, "%s", name);
	return text;
}
