// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/process.h"
#include "vmm/server/ctl_server.h"
#include "vmm/sim/ids.h"
#include "vmm/sim/init.h"
#include "vmm/sim/link.h"
#include "vmm/sim/root.h"
#include "vmm/sim/trap.h"

#define OOM_SCORE "500"

enum { JOBS_MAX = 64 };

/* The guest's own namespaces, in the order in which a command enters them */
static const struct namespace
{
	const char *name;
	int flag;
}
namespaces[] = {
	{ "user", CLONE_NEWUSER }, { "mnt", CLONE_NEWNS },  { "net", CLONE_NEWNET },
	{ "ipc", CLONE_NEWIPC },   { "uts", CLONE_NEWUTS },
};

enum { NAMESPACES = sizeof(namespaces) / sizeof(*namespaces) };

struct init {
	int link, signals;
	int namespaces[NAMESPACES];
	int files; /* root of the kernel's files, including those without a path here */
	pid_t mirror; /* serves this computer's files */
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

static void send_kind(int link, enum link_kind kind, const int *fds, int n_fds)
{
	const struct link_head head = { .kind = kind };

	if (link_send(link, &head, NULL, 0, fds, n_fds))
		_exit(1);
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd >= 0)
		ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
}

/* ---- The first process that the guest sees ----------------------------------------- */

/* Be process 1 of the guest: only receive its orphans, and end it when this process ends.
 * It starts as a copy of the agent, so it closes everything first. Then it creates the
 * guest's namespaces. Their user namespace is below the agent's, which locks all mounts:
 * the guest's root cannot remove or change them. */
static _Noreturn void keeper_main(int link)
{
	int fds[2] = { -1, -1 }, err;

	if (dup2(link, 0) < 0)
		fail(link, -errno, "open files");
	err = process_close_from(1, -1);
	link = 0;
	if (err)
		fail(link, err, "open files");
	err = root_mount_fuse(&fds[0]);
	if (err)
		fail(link, err, "/dev/fuse");
	err = root_mount_proc();
	if (err)
		fail(link, err, "procfs");
	send_kind(link, LINK_READY, fds, 1);
	close(fds[0]);

	expect(link, LINK_SERVED);
	if (unshare(INIT_NAMESPACES))
		fail(link, -errno, "the guest's own namespaces");
	send_kind(link, LINK_READY, NULL, 0);

	expect(link, LINK_MAPPED);
	loopback_up();
	fds[0] = open("/dev", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fds[1] = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	if (fds[0] < 0 || fds[1] < 0)
		fail(link, -errno, "netlink");
	send_kind(link, LINK_FILES, fds, 2);
	expect(link, LINK_SERVED);

	prctl(PR_SET_DUMPABLE, 0);
	signal(SIGCHLD, SIG_IGN); /* the kernel reaps */
	close(fds[0]);
	close(fds[1]);
	close(link); /* the agent waits for this */
	for (;;)
		pause();
}

/* Wait for this message of the keeper, and forward its failure. */
static void keeper_expect(int keeper, int link, enum link_kind kind, int *fds, int n_fds)
{
	struct link_message m;

	if (link_receive(keeper, &m, 0) != 1)
		fail(link, -EPIPE, "the guest's process 1");
	if (m.head.kind == LINK_FAILED)
		fail(link, -m.head.value, m.bytes);
	if (m.head.kind != kind || m.n_fds != n_fds)
		fail(link, -EPROTO, "the guest's process 1");
	for (int i = 0; i < n_fds; i++)
		fds[i] = m.fds[i];
	m.n_fds = 0;
	link_done(&m);
}

/* Start the keeper. All later children of this process are in its process namespace. *fuse:
 * /dev/fuse, which it mounted there. */
static int keeper_start(int link, int *fuse)
{
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ||
	    unshare(CLONE_NEWPID))
		fail(link, -errno, "process namespace");
	pid = fork();
	if (!pid)
		keeper_main(ends[1]);
	close(ends[1]);
	if (pid < 0)
		fail(link, -errno, "the guest's process 1");
	keeper_expect(ends[0], link, LINK_READY, fuse, 1);
	return ends[0];
}

/* Let the keeper create the guest's namespaces. Fill the descriptors of READY, except that
 * of the trap. */
static void keeper_finish(struct init *init, int keeper, int proc, const struct ids *ids,
			  int fds[LINK_READY_COUNT])
{
	const char *what = "user ids of the guest's root";
	char name[16];
	int err;

	send_kind(keeper, LINK_SERVED, NULL, 0);
	keeper_expect(keeper, init->link, LINK_READY, NULL, 0);
	err = ids_write(proc, 1, ids);
	for (int i = 0; !err && i < NAMESPACES; i++) {
		what = namespaces[i].name;
		snprintf(name, sizeof(name), "1/ns/%s", what);
		init->namespaces[i] = openat(proc, name, O_RDONLY | O_CLOEXEC);
		if (init->namespaces[i] < 0)
			err = -errno;
	}
	if (err)
		fail(init->link, err, what);
	send_kind(keeper, LINK_MAPPED, NULL, 0);
	keeper_expect(keeper, init->link, LINK_FILES, fds + LINK_DEV, 2);
	fds[LINK_USER_NS] = init->namespaces[0];
	send_kind(keeper, LINK_SERVED, NULL, 0);
	/* From here on the keeper cannot be examined. It has closed its end. */
	while (link_receive(keeper, &(struct link_message){ 0 }, 0) == 1)
		;
	close(keeper);
}

/* ---- The host's socket ------------------------------------------------------------- */

/* Listen at the path where the guest's programs find their host. papr-vmm accepts. */
static int listen_ctl(int *fd)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX,
					     .sun_path = CTL_HOST_SOCKET };
	mode_t before;
	int err;

	if (mkdir(CTL_HOST_FOLDER, 0755))
		return -errno;
	*fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (*fd < 0)
		return -errno;
	before = umask(0177); /* only the guest's root can connect */
	err = bind(*fd, (const struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	umask(before);
	return !err && listen(*fd, 16) ? -errno : err;
}

/* ---- The agent --------------------------------------------------------------------- */

static void set_up(const struct init_config *config, struct init *init)
{
	int fds[LINK_FILE_COUNT], ready[LINK_READY_COUNT], keeper, err;
	struct ids ids;
	const char *what = "user ids";

	err = ids_read(&ids);
	if (!err)
		err = root_build(&fds[LINK_MEMORY], config->memory_bytes,
				 config->papr_devices, &init->mirror, &what);
	if (err)
		fail(init->link, err, what);
	keeper = keeper_start(init->link, &fds[LINK_FUSE]);
	fds[LINK_PROC] = root_open_proc();
	if (fds[LINK_PROC] < 0)
		fail(init->link, fds[LINK_PROC], "procfs");
	send_kind(init->link, LINK_FILES, fds, LINK_FILE_COUNT);
	expect(init->link, LINK_SERVED);

	err = root_enter(&init->files, &what);
	if (err)
		fail(init->link, err, what);
	keeper_finish(init, keeper, fds[LINK_PROC], &ids, ready);
	for (int i = 0; i < LINK_FILE_COUNT; i++)
		close(fds[i]);
	err = trap_install(*config->papr_devices, &ready[LINK_TRAP]);
	if (err)
		fail(init->link, err, "seccomp user notification");
	if (config->ctl) {
		err = listen_ctl(&ready[LINK_CTL]);
		if (err)
			fail(init->link, err, CTL_HOST_SOCKET);
	}
	send_kind(init->link, LINK_READY, ready, LINK_READY_COUNT - !config->ctl);
	if (config->ctl)
		close(ready[LINK_CTL]);
	close(ready[LINK_TRAP]);
	close(ready[LINK_DEV]);
	close(ready[LINK_UEVENT]);
}

static void exec_command(const char *file, char **argv, char **env)
{
	int saved;

	/* FIFOs of a guest are its own: make, since GNU Make 4.4, would wait for the other end
	 * of its job server's forever. */
	for (char **word = env; *word; word++) {
		char *fifo = strstr(*word, "--jobserver-auth=fifo:");

		if (fifo && strncmp(*word, "MAKEFLAGS=", 10) == 0)
			memset(fifo, ' ', strcspn(fifo, " "));
	}
	environ = env;
	execvp(file, argv);
	saved = errno;
	fprintf(stderr, "papr-vmm: %s: %s\n", file, strerror(saved));
	_exit(saved == ENOENT ? 127 : 126);
}

/* Enter the guest. Until it executes its program, the child cannot be examined there, and
 * it has no descriptor of the agent. */
static void enter(const struct init *init)
{
	int score = open("/proc/.kernel/self/oom_score_adj", O_WRONLY | O_CLOEXEC);

	/* Without memory, the guest's processes are killed first. */
	if (score >= 0)
		(void)!write(score, OOM_SCORE, sizeof(OOM_SCORE) - 1);
	close(score);
	for (int i = 0; i < NAMESPACES; i++)
		if (setns(init->namespaces[i], namespaces[i].flag)) {
			fprintf(stderr,
				"papr-vmm: the guest cannot be entered: %s; "
				"see papr-vmm doctor\n",
				strerror(errno));
			_exit(125);
		}
	for (int i = 0; i < NAMESPACES; i++)
		close(init->namespaces[i]);
	close(init->files);
	close(init->signals);
	close(init->link);
}

static void start_child(const struct init *init, struct link_message *m, char **strings,
			const struct link_run *run)
{
	sigset_t none;
	int i;

	enter(init);
	for (i = 0; i < m->n_fds; i++)
		m->fds[i] = fcntl(m->fds[i], F_DUPFD, 16);
	for (i = 0; i < m->n_fds; i++)
		if (dup2(m->fds[i], i) < 0)
			_exit(125);
	if (m->n_fds) {
		/* A later command, not the first: it inherits no other descriptors. A
		 * terminal of its own becomes its controlling terminal. */
		i = process_close_from(m->n_fds, -1);
		if (i) {
			fprintf(stderr, "papr-vmm: open files: %s\n", strerror(-i));
			_exit(125);
		}
		setsid();
		if (isatty(0))
			ioctl(0, TIOCSCTTY, 0);
	}
	if (chdir(strings[0])) {
		fprintf(stderr, "papr-vmm: the guest has no folder %s: %s\n", strings[0],
			strerror(errno));
		_exit(125);
	}
	process_reset_child();
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	exec_command(strings[1], strings + 1, strings + 1 + run->n_args + 1);
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
	char **strings = link_split(m, &counts);

	while (job < init->jobs + JOBS_MAX && job->pid)
		job++;
	errno = EAGAIN; /* too many */
	if (strings && job < init->jobs + JOBS_MAX)
		job->pid = fork();
	else
		job = NULL;
	if (job && !job->pid)
		start_child(init, m, strings, &counts);
	if (!job || job->pid < 0) {
		dprintf(m->n_fds == 3 ? m->fds[2] : 2,
			"papr-vmm: the command cannot be started: %s; see papr-vmm doctor\n",
			strerror(errno));
		if (job)
			job->pid = 0;
		tell(init, LINK_ENDED, m->head.id, 125 << 8);
	} else {
		job->id = m->head.id;
		tell(init, LINK_STARTED, job->id, job->pid);
	}
	free(strings);
}

/* Open a file for papr-vmm, which serves this file and so cannot open it itself. Close it
 * here before papr-vmm gives it away, so that the program's close is the last one. */
static void open_file(const struct init *init, const struct link_message *m)
{
	int fd = openat(init->files, m->bytes, O_RDONLY | O_CLOEXEC);
	const struct link_head file = { .kind = LINK_FILE }, opened = {
		.kind = LINK_OPENED, .id = m->head.id, .value = fd < 0 ? errno : 0
	};

	if (fd >= 0) {
		link_send(init->link, &file, NULL, 0, &fd, 1);
		close(fd);
	}
	link_send(init->link, &opened, NULL, 0, NULL, 0);
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
	if (waitpid(init->mirror, &status, WNOHANG) > 0)
		fail(init->link, -ESRCH,
		     "the process that serves this computer's files has ended");
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

	process_close_listed(3, config->link, true);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	expect(config->link, LINK_MAPPED);
	if (setresgid(0, 0, 0) || setresuid(0, 0, 0))
		fail(config->link, -errno, "user ids");
	/* A change of ids resets the death signal, so set it after that. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_NAME, "init");
	sigemptyset(&all);
	sigaddset(&all, SIGCHLD);
	init.signals = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
	if (init.signals < 0)
		fail(config->link, -errno, "signals");
	/* The caller's keys are not the guest's. */
	syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL);

	set_up(config, &init);
	/* The children inherit this, until they execute a program. */
	prctl(PR_SET_DUMPABLE, 0);

	for (;;)
		serve(&init);
}
