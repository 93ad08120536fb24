// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: */
/*
 * kvmhost - the init of a machine whose only purpose is one guest under KVM
 *
 * It loads KVM's modules, starts papr-vmm with the arguments in /args, one a line, and
 * connects papr-vmm's descriptors with this machine's terminal lines: 3 (QMP) with hvc1, 4
 * (the guest's agent) with hvc2, 5 (its console) with the console. When papr-vmm has ended,
 * the machine is powered off.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { FD_QMP = 3, FD_AGENT = 4, FD_CONSOLE = 5, ARGS_MAX = 128 };

/* Bytes on their way from one descriptor to another */
struct way {
	int from, to;
	char bytes[4096];
	size_t start, len;
};

static _Noreturn void end(const char *what)
{
	if (what)
		warn("kvmhost: %s", what);
	fflush(NULL);
	tcdrain(STDERR_FILENO);
	reboot(RB_POWER_OFF);
	_exit(1);
}

static void load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || (syscall(SYS_finit_module, fd, "", 0) && errno != EEXIST))
		end(path);
	close(fd);
}

static int open_line(const char *path)
{
	int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	struct termios t;

	if (fd < 0 || tcgetattr(fd, &t))
		end(path);
	cfmakeraw(&t);
	t.c_cflag |= CLOCAL | CREAD;
	tcsetattr(fd, TCSANOW, &t);
	return fd;
}

static void read_args(char *argv[ARGS_MAX])
{
	static char text[16384];
	int fd = open("/args", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	size_t i = 0;

	if (n < 0)
		end("/args");
	close(fd);
	for (char *line = strtok(text, "\n"); line && i < ARGS_MAX - 1;
	     line = strtok(NULL, "\n"))
		argv[i++] = line;
	argv[i] = NULL;
}

static pid_t start(const int fds[3])
{
	char *argv[ARGS_MAX];
	pid_t pid;

	read_args(argv);
	pid = fork();
	if (pid)
		return pid;
	for (int i = 0; i < 3; i++)
		dup2(fcntl(fds[i], F_DUPFD, 16), FD_QMP + i);
	close_range(FD_CONSOLE + 1, ~0U, 0);
	execv(argv[0], argv);
	err(1, "%s", argv[0]);
}

static void set_nonblock(int fd)
{
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* Move what is possible. A way whose source has ended is closed. */
static void move(struct way *way, const struct pollfd *ready)
{
	ssize_t n;

	if (!way->len && ready->revents) {
		n = read(way->from, way->bytes, sizeof(way->bytes));
		if (!n || (n < 0 && errno != EAGAIN && errno != EINTR))
			way->from = -1;
		way->start = 0;
		way->len = n > 0 ? (size_t)n : 0;
	}
	if (!way->len)
		return;
	n = write(way->to, way->bytes + way->start, way->len);
	if (n < 0 && errno != EAGAIN && errno != EINTR)
		way->len = 0;
	else if (n > 0) {
		way->start += (size_t)n;
		way->len -= (size_t)n;
	}
}

/* Move bytes until QMP, which papr-vmm closes at its end, is closed. */
static void relay(struct way *ways, int n)
{
	struct pollfd fds[8];

	while (ways[0].from >= 0) {
		for (int i = 0; i < n; i++)
			fds[i] = ways[i].len ? (struct pollfd){ ways[i].to, POLLOUT, 0 }
					     : (struct pollfd){ ways[i].from, POLLIN, 0 };
		poll(fds, (nfds_t)n, -1);
		for (int i = 0; i < n; i++)
			if (fds[i].revents)
				move(&ways[i], &fds[i]);
	}
}

int main(void)
{
	int qmp[2], agent[2], console[2], qmp_line, agent_line, status = 0;
	pid_t pid;

	mount("dev", "/dev", "devtmpfs", 0, NULL);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sys", "/sys", "sysfs", 0, NULL);
	if (symlink("/proc/self/fd", "/dev/fd"))
		end("/dev/fd");
	load("/kvm.ko");
	load("/kvm-hv.ko");
	qmp_line = open_line("/dev/hvc1");
	agent_line = open_line("/dev/hvc2");
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, qmp) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, agent) ||
	    pipe2(console, O_CLOEXEC))
		end("descriptors");
	pid = start((int[3]){ qmp[1], agent[1], console[1] });
	close(qmp[1]);
	close(agent[1]);
	close(console[1]);
	{
		struct way ways[] = {
			{ .from = qmp[0], .to = qmp_line },
			{ .from = qmp_line, .to = qmp[0] },
			{ .from = agent[0], .to = agent_line },
			{ .from = agent_line, .to = agent[0] },
			{ .from = console[0], .to = STDOUT_FILENO },
		};

		set_nonblock(qmp_line);
		set_nonblock(agent_line);
		set_nonblock(qmp[0]);
		set_nonblock(agent[0]);
		relay(ways, 5);
		/* The last events are on their way to hvc1. */
		tcdrain(qmp_line);
	}
	waitpid(pid, &status, 0);
	printf("kvmhost: papr-vmm ended: %d\n",
	       WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status));
	end(NULL);
}
