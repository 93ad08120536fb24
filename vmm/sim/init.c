// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/process.h"
#include "vmm/sim/init.h"
#include "vmm/sim/link.h"
#include "vmm/sim/root.h"
#include "vmm/sim/trap.h"

enum { JOBS_MAX = 64 };

struct init {
	int link, signals;
	int files; /* root of the kernel's files, including those without a path here */
	struct job {
		pid_t pid; /* 0: unused */
		uint32_t id;
	} jobs[JOBS_MAX];
};

static _Noreturn void fail(int link, int err, const char *what)
{
	const struct link_head head = { .kind = LINK_FAILED, .value = -err };

	link_send(link, &head, what, strlen(what), NULL, 0);
	_exit(1);
}

static void expect(int link, enum link_kind kind)
{
	struct link_message m;

	if (link_receive(link, &m, 0) != 1 || m.head.kind != kind)
		_exit(1);
	link_done(&m);
}

/* Close papr-vmm's own descriptors, which are all close-on-exec. Descriptors that it
 * inherited for the command are not, and stay open. */
static void close_others(int link)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *entry;
	int fd, flags;

	while (dir && (entry = readdir(dir))) {
		fd = (int)strtol(entry->d_name, NULL, 10);
		flags = fcntl(fd, F_GETFD);
		if (fd > 2 && fd != link && fd != dirfd(dir) && flags >= 0 &&
		    (flags & FD_CLOEXEC))
			close(fd);
	}
	if (dir)
		closedir(dir);
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

static void set_up(const struct init_config *config, int *kernel_files)
{
	const struct link_head files = { .kind = LINK_FILES },
			       ready = { .kind = LINK_READY };
	struct root_fds root;
	int fds[LINK_FILE_COUNT], trap, err;
	const char *what = "";

	err = root_build(&root, config->memory_bytes, config->papr_devices, &what);
	if (err)
		fail(config->link, err, what);
	loopback_up();
	fds[LINK_FUSE] = root.fuse;
	fds[LINK_MEMORY] = root.memory;
	fds[LINK_DEV] = root.dev;
	fds[LINK_PROC] = root.proc;
	fds[LINK_UEVENT] =
		socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (fds[LINK_UEVENT] < 0)
		fail(config->link, -errno, "netlink");
	err = link_send(config->link, &files, NULL, 0, fds, LINK_FILE_COUNT);
	for (int i = 0; i < LINK_FILE_COUNT; i++)
		close(fds[i]);
	if (err)
		_exit(1);
	expect(config->link, LINK_SERVED);

	err = root_enter(config->folder, kernel_files, &what);
	if (err)
		fail(config->link, err, what);
	err = trap_install(*config->papr_devices, &trap);
	if (err)
		fail(config->link, err, "seccomp user notification");
	link_send(config->link, &ready, NULL, 0, &trap, 1);
	close(trap);
}

static void exec_command(const char *file, char **argv, char **env)
{
	int saved;

	environ = env;
	execvp(file, argv);
	saved = errno;
	fprintf(stderr, "papr-vmm: %s: %s\n", file, strerror(saved));
	_exit(saved == ENOENT ? 127 : 126);
}

static void start_child(struct link_message *m, char **strings,
			const struct link_run *run)
{
	sigset_t none;
	int i;

	for (i = 0; i < m->n_fds; i++)
		m->fds[i] = fcntl(m->fds[i], F_DUPFD, 16);
	for (i = 0; i < m->n_fds; i++)
		dup2(m->fds[i], i);
	if (m->n_fds) {
		/* A later command, not the first: it inherits no other descriptors. A
		 * terminal of its own becomes its controlling terminal. */
		close_range((unsigned int)m->n_fds, ~0U, 0);
		setsid();
		if (isatty(0))
			ioctl(0, TIOCSCTTY, 0);
		if (chdir(strings[0]) && chdir("/"))
			_exit(126);
	}
	process_reset_child();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	exec_command(strings[1], strings + 1, strings + 1 + run->n_args + 1);
}

/* Split the message into folder, arguments, NULL, environment, NULL. */
static char **split(struct link_message *m, struct link_run *run)
{
	size_t at = sizeof(*run), n = 0, want;
	char **strings;

	if (m->len < sizeof(*run))
		return NULL;
	memcpy(run, m->bytes, sizeof(*run));
	if (!run->n_args || run->n_args > LINK_BYTES || run->n_env > LINK_BYTES)
		return NULL;
	want = 1 + run->n_args + run->n_env;
	strings = calloc(want + 2, sizeof(*strings));
	while (strings && n < want && at < m->len) {
		strings[n < 1 + run->n_args ? n : n + 1] = m->bytes + at;
		at += strlen(m->bytes + at) + 1;
		n++;
	}
	if (n < want) {
		free(strings);
		return NULL;
	}
	return strings;
}

static void tell(const struct init *init, enum link_kind kind, uint32_t id, int value)
{
	const struct link_head head = { .kind = kind, .id = id, .value = value };

	link_send(init->link, &head, NULL, 0, NULL, 0);
}

static void run(struct init *init, struct link_message *m)
{
	struct job *job = init->jobs;
	struct link_run counts;
	char **strings = split(m, &counts);

	while (job < init->jobs + JOBS_MAX && job->pid)
		job++;
	if (strings && job < init->jobs + JOBS_MAX)
		job->pid = fork();
	else
		job = NULL;
	if (job && !job->pid)
		start_child(m, strings, &counts);
	if (!job || job->pid < 0) {
		if (job)
			job->pid = 0;
		tell(init, LINK_ENDED, m->head.id, 125 << 8);
	} else {
		job->id = m->head.id;
		tell(init, LINK_STARTED, job->id, job->pid);
	}
	free(strings);
}

/* Open a file for papr-vmm, which serves this file and so cannot open it itself. */
static void open_file(const struct init *init, const struct link_message *m)
{
	int fd = openat(init->files, m->bytes, O_RDONLY | O_CLOEXEC);
	const struct link_head head = { .kind = LINK_OPENED,
					.id = m->head.id,
					.value = fd < 0 ? errno : 0 };

	link_send(init->link, &head, NULL, 0, &fd, fd < 0 ? 0 : 1);
	if (fd >= 0)
		close(fd);
}

static void send_signal(const struct init *init, const struct link_head *head)
{
	for (int i = 0; i < JOBS_MAX; i++)
		if (init->jobs[i].pid && init->jobs[i].id == head->id)
			kill(head->id ? -init->jobs[i].pid : init->jobs[i].pid,
			     head->value);
}

static void reap(struct init *init)
{
	struct signalfd_siginfo info;
	int status;
	pid_t pid;

	while (read(init->signals, &info, sizeof(info)) > 0)
		;
	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (int i = 0; i < JOBS_MAX; i++) {
			if (init->jobs[i].pid != pid)
				continue;
			init->jobs[i].pid = 0;
			tell(init, LINK_ENDED, init->jobs[i].id, status);
		}
	}
}

static void serve(struct init *init)
{
	struct pollfd fds[] = { { .fd = init->link, .events = POLLIN },
				{ .fd = init->signals, .events = POLLIN } };
	struct link_message m;

	if (poll(fds, 2, -1) < 0)
		return;
	if (fds[1].revents)
		reap(init);
	if (!fds[0].revents)
		return;
	/* If papr-vmm has ended, end the guest. */
	if (link_receive(init->link, &m, 0) != 1)
		_exit(1);
	if (m.head.kind == LINK_RUN)
		run(init, &m);
	else if (m.head.kind == LINK_SIGNAL)
		send_signal(init, &m.head);
	else if (m.head.kind == LINK_OPEN)
		open_file(init, &m);
	link_done(&m);
}

_Noreturn void init_main(const struct init_config *config)
{
	struct init init = { .link = config->link };
	sigset_t all;

	close_others(config->link);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	expect(config->link, LINK_MAPPED);
	if (setresgid(0, 0, 0) || setresuid(0, 0, 0))
		fail(config->link, -errno, "user ids");
	/* A change of ids resets the death signal, so set it after that. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "init");

	set_up(config, &init.files);

	sigemptyset(&all);
	sigaddset(&all, SIGCHLD);
	init.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	for (;;)
		serve(&init);
}
