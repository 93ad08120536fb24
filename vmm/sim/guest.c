// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pwd.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/server/loop.h"
#include "vmm/sim/guest.h"
#include "vmm/sim/init.h"
#include "vmm/sim/link.h"
#include "vmm/sim/text.h"

struct guest {
	struct loop *loop;
	struct guest_config config;
	pid_t pid;
	int link;
	int fds[LINK_FILE_COUNT], ready[LINK_READY_COUNT];
};

static int write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd, err = 0;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* Read the range of /etc/subuid (or subgid) that this user may map. Return its size, or 0
 * without one. */
static unsigned long subordinate(const char *file, unsigned long *first)
{
	const struct passwd *user = getpwuid(geteuid());
	char line[256], name[128];
	unsigned long count = 0;
	FILE *f = user ? fopen(file, "re") : NULL;

	while (f && !count && fgets(line, sizeof(line), f))
		if (sscanf(line, "%127[^:]:%lu:%lu", name, first, &count) != 3 ||
		    strcmp(name, user->pw_name) != 0)
			count = 0;
	if (f)
		fclose(f);
	return count;
}

static int spawn_map(const char *program, pid_t pid, unsigned int own,
		     unsigned long first, unsigned long count)
{
	char text[4][24], zero[] = "0", one[] = "1", next[] = "1", name[32];
	char *argv[] = {
		name, text[0], zero, text[1], one, next, text[2], text[3], NULL
	};
	char *no_env[] = { NULL };
	pid_t child;
	int status = 0;

	snprintf(name, sizeof(name), "%s", program);
	snprintf(text[0], sizeof(text[0]), "%d", (int)pid);
	snprintf(text[1], sizeof(text[1]), "%u", own);
	snprintf(text[2], sizeof(text[2]), "%lu", first);
	snprintf(text[3], sizeof(text[3]), "%lu", count);
	if (posix_spawnp(&child, program, NULL, NULL, argv, no_env) ||
	    waitpid(child, &status, 0) < 0)
		return -EPERM;
	return status ? -EPERM : 0;
}

/* Map a range of subordinate ids, so that an ordinary user's guest has users besides
 * root. -ENOENT: no range, or no newuidmap. */
static int map_range(pid_t pid)
{
	unsigned long uid, gid, uids, gids;

	uids = subordinate("/etc/subuid", &uid);
	gids = subordinate("/etc/subgid", &gid);
	if (!uids || !gids || access("/usr/bin/newuidmap", X_OK) ||
	    access("/usr/bin/newgidmap", X_OK))
		return -ENOENT;
	if (spawn_map("/usr/bin/newuidmap", pid, geteuid(), uid, uids))
		return -EPERM;
	return spawn_map("/usr/bin/newgidmap", pid, getegid(), gid, gids);
}

static int map_ids(pid_t pid)
{
	char text[64];
	int err;

	if (!geteuid()) {
		err = write_file(pid, "uid_map", "0 0 4294967295");
		return err ? err : write_file(pid, "gid_map", "0 0 4294967295");
	}
	if (!map_range(pid))
		return 0;
	snprintf(text, sizeof(text), "0 %u 1", geteuid());
	err = write_file(pid, "setgroups", "deny");
	if (!err)
		err = write_file(pid, "uid_map", text);
	snprintf(text, sizeof(text), "0 %u 1", getegid());
	return err ? err : write_file(pid, "gid_map", text);
}

static int start(struct guest *guest)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
			 CLONE_NEWIPC | CLONE_NEWUTS,
		.exit_signal = SIGCHLD,
	};
	struct init_config init = { .memory_bytes = guest->config.memory_bytes,
				    .papr_devices = guest->config.papr_devices,
				    .ctl = guest->config.ctl };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends))
		return -errno;
	init.link = ends[1];
	fflush(NULL);
	guest->pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (!guest->pid)
		init_main(&init);
	close(ends[1]);
	guest->link = ends[0];
	return guest->pid < 0 ? -errno : 0;
}

static void say(char error[256], const char *what, int err)
{
	snprintf(error, 256, "%s: %s", what, strerror(-err));
}

/* Return true if this process is known to run in a chroot: its root is not the root of
 * its mount namespace. Entering the namespace again leads to that root; a child does so. */
static bool in_chroot(void)
{
	struct statx own, real;
	int fd, status = 0;
	pid_t child = fork();

	if (!child) {
		fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
		_exit(fd >= 0 && !statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &own) &&
		      !setns(fd, CLONE_NEWNS) &&
		      !statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &real) &&
		      (own.stx_mnt_id != real.stx_mnt_id || own.stx_ino != real.stx_ino));
	}
	return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
	       WEXITSTATUS(status);
}

/* Name what is wrong, and what to do. Linux returns EPERM for each of these reasons. */
static void explain_namespaces(char error[256], int err)
{
	static const char what[] = "its namespaces cannot be created";

	if (err != -EPERM)
		say(error, what, err);
	else if (in_chroot())
		snprintf(error, 256,
			 "%s: Linux permits none in a chroot; enter the directory with "
			 "pivot_root (bwrap, systemd-nspawn) instead of chroot, or run "
			 "papr-vmm outside",
			 what);
	else
		snprintf(error, 256,
			 "%s: %s: permit user namespaces (sysctl "
			 "kernel.unprivileged_userns_clone, the container's seccomp "
			 "profile); in a chroot, use pivot_root instead",
			 what, strerror(EPERM));
}

/* Wait for the guest's files: nothing else can proceed without them. */
static int receive_files(struct guest *guest, char error[256])
{
	struct link_message m;
	int n = link_receive(guest->link, &m, 0);

	if (n != 1) {
		say(error, "the guest's first process ended", n);
		return n;
	}
	if (m.head.kind != LINK_FILES || m.n_fds != LINK_FILE_COUNT) {
		n = m.head.kind == LINK_FAILED ? -m.head.value : -EPROTO;
		say(error, m.head.kind == LINK_FAILED ? m.bytes : "guest", n);
		link_done(&m);
		return n;
	}
	memcpy(guest->fds, m.fds, sizeof(guest->fds));
	m.n_fds = 0;
	link_done(&m);
	return 0;
}

static void ready(struct guest *guest, struct link_message *m)
{
	struct guest_ready parts;
	struct stat st;

	if (m->n_fds != LINK_READY_COUNT - !guest->config.ctl ||
	    fstat(m->fds[LINK_USER_NS], &st))
		return;
	memcpy(guest->ready, m->fds, (size_t)m->n_fds * sizeof(*m->fds));
	m->n_fds = 0;
	parts = (struct guest_ready){ .trap_fd = guest->ready[LINK_TRAP],
				      .dev = guest->ready[LINK_DEV],
				      .uevent = guest->ready[LINK_UEVENT],
				      .ctl = guest->ready[LINK_CTL],
				      .user_ns = st.st_ino };
	guest->ready[LINK_TRAP] = -1; /* owned by the callee */
	guest->config.ready(guest->config.arg, &parts);
}

static void message(struct guest *guest, struct link_message *m)
{
	const struct guest_config *config = &guest->config;
	char text[512];
	int fd;

	switch (m->head.kind) {
	case LINK_READY:
		ready(guest, m);
		break;
	case LINK_ENDED:
		config->ended(config->arg, m->head.id, m->head.value);
		break;
	case LINK_OPENED:
		fd = m->n_fds == 1 ? m->fds[0] : -1;
		m->n_fds = 0;
		config->opened(config->arg, m->head.id, fd,
			       fd < 0 && !m->head.value ? -EPROTO : -m->head.value);
		break;
	case LINK_FAILED:
		snprintf(text, sizeof(text), "%.400s: %s", m->bytes,
			 strerror(m->head.value));
		config->failed(config->arg, text);
		break;
	}
}

static void serve(void *arg, uint32_t events)
{
	struct guest *guest = arg;
	const struct guest_config config = guest->config;
	struct link_message m;
	int n;

	(void)events;
	n = link_receive(guest->link, &m, MSG_DONTWAIT);
	if (n == 1) {
		message(guest, &m);
		link_done(&m);
	} else if (n < 0) {
		loop_remove(guest->loop, guest->link);
		config.failed(config.arg, "the guest's first process ended");
	}
}

int guest_new(struct guest **out, struct loop *loop, const struct guest_config *config,
	      struct guest_files *files, char error[256])
{
	const struct link_head mapped = { .kind = LINK_MAPPED };
	struct guest *guest = calloc(1, sizeof(*guest));
	int err;

	if (!guest)
		return -ENOMEM;
	*guest = (struct guest){ .loop = loop, .config = *config, .link = -1 };
	memset(guest->fds, -1, sizeof(guest->fds));
	memset(guest->ready, -1, sizeof(guest->ready));

	err = start(guest);
	if (err)
		explain_namespaces(error, err);
	if (!err) {
		err = map_ids(guest->pid);
		if (err)
			say(error, "user ids of the guest", err);
	}
	if (!err)
		err = link_send(guest->link, &mapped, NULL, 0, NULL, 0);
	if (!err)
		err = receive_files(guest, error);
	if (!err)
		err = loop_add(loop, guest->link, EPOLLIN, serve, guest);
	if (err) {
		guest_kill(guest);
		guest_free(guest);
		return err;
	}
	*files = (struct guest_files){
		.fuse = guest->fds[LINK_FUSE],
		.memory = guest->fds[LINK_MEMORY],
		.proc = guest->fds[LINK_PROC],
	};
	guest->fds[LINK_FUSE] = -1; /* owned by the caller */
	*out = guest;
	return 0;
}

int guest_served(struct guest *guest)
{
	const struct link_head head = { .kind = LINK_SERVED };

	return link_send(guest->link, &head, NULL, 0, NULL, 0);
}

int guest_run_packed(struct guest *guest, uint32_t id, const void *bytes, size_t len,
		     const int *fds, int n_fds)
{
	const struct link_head head = { .kind = LINK_RUN, .id = id };

	return link_send(guest->link, &head, bytes, len, fds, n_fds);
}

int guest_run(struct guest *guest, uint32_t id, const char *folder, char *const *argv,
	      char *const *env, const int *fds)
{
	struct link_run run = { 0 };
	struct text text = { 0 };
	int err = -ENOMEM;

	while (argv[run.n_args])
		run.n_args++;
	while (env[run.n_env])
		run.n_env++;
	text_bytes(&text, &run, sizeof(run));
	text_bytes(&text, folder, strlen(folder) + 1);
	for (; *argv; argv++)
		text_bytes(&text, *argv, strlen(*argv) + 1);
	for (; *env; env++)
		text_bytes(&text, *env, strlen(*env) + 1);
	if (!text.failed)
		err = guest_run_packed(guest, id, text.buf, text.len, fds, fds ? 3 : 0);
	text_free(&text);
	return err;
}

int guest_open(struct guest *guest, uint32_t id, const char *path)
{
	const struct link_head head = { .kind = LINK_OPEN, .id = id };

	return link_send(guest->link, &head, path, strlen(path), NULL, 0);
}

void guest_signal(struct guest *guest, uint32_t id, int signal)
{
	const struct link_head head = { .kind = LINK_SIGNAL, .id = id, .value = signal };

	link_send(guest->link, &head, NULL, 0, NULL, 0);
}

void guest_kill(struct guest *guest)
{
	if (guest->link >= 0) {
		loop_remove(guest->loop, guest->link);
		close(guest->link);
		guest->link = -1;
	}
	if (guest->pid > 0)
		kill(guest->pid, SIGKILL);
}

void guest_free(struct guest *guest)
{
	if (!guest)
		return;
	if (guest->pid > 0)
		waitpid(guest->pid, NULL, 0);
	for (int i = 0; i < LINK_FILE_COUNT; i++)
		if (guest->fds[i] >= 0)
			close(guest->fds[i]);
	for (int i = 0; i < LINK_READY_COUNT; i++)
		if (guest->ready[i] >= 0)
			close(guest->ready[i]);
	free(guest);
}
