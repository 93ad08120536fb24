// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/server/loop.h"
#include "vmm/sim/guest.h"
#include "vmm/sim/ids.h"
#include "vmm/sim/init.h"
#include "vmm/sim/link.h"
#include "vmm/sim/text.h"

struct guest {
	struct loop *loop;
	struct guest_config config;
	pid_t pid;
	int link;
	int fds[LINK_FILE_COUNT], ready[LINK_READY_COUNT], file;
};

static void say(char error[256], const char *what, int err)
{
	snprintf(error, 256, "%s: %s", what, strerror(-err));
}

static int start(struct guest *guest, char error[256])
{
	struct clone_args args = {
		.flags = GUEST_NAMESPACES,
		.exit_signal = SIGCHLD,
	};
	struct init_config init = { .memory_bytes = guest->config.memory_bytes,
				    .papr_devices = guest->config.papr_devices,
				    .ctl = guest->config.ctl };
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) {
		int err = -errno;

		say(error, "a pair of sockets", err);
		return err;
	}
	init.link = ends[1];
	fflush(NULL);
	guest->pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));
	if (guest->pid < 0)
		guest->pid = -errno;
	if (!guest->pid)
		init_main(&init);
	close(ends[1]);
	guest->link = ends[0];
	if (guest->pid > 0)
		return 0;
	say(error, "its namespaces cannot be created", guest->pid);
	return guest->pid;
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
	case LINK_FILE:
		if (m->n_fds != 1 || guest->file >= 0)
			break;
		guest->file = m->fds[0];
		m->n_fds = 0;
		break;
	case LINK_OPENED:
		fd = guest->file;
		guest->file = -1;
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

/* papr-vmm reads the arguments of calls from the program's memory. At this point, the
 * process has the contents of this one. */
int guest_reads_memory(pid_t pid)
{
	static const char byte;
	char copy;
	struct iovec to = { &copy, 1 }, from = { (void *)(uintptr_t)&byte, 1 };

	return process_vm_readv(pid, &to, 1, &from, 1, 0) == 1 ? 0 : -errno;
}

int guest_new(struct guest **out, struct loop *loop, const struct guest_config *config,
	      struct guest_files *files, char error[256])
{
	const struct link_head mapped = { .kind = LINK_MAPPED };
	struct guest *guest = calloc(1, sizeof(*guest));
	int err;

	if (!guest)
		return -ENOMEM;
	*guest =
		(struct guest){ .loop = loop, .config = *config, .link = -1, .file = -1 };
	memset(guest->fds, -1, sizeof(guest->fds));
	memset(guest->ready, -1, sizeof(guest->ready));

	err = start(guest, error);
	if (!err) {
		err = ids_map(guest->pid);
		if (err)
			say(error, "user ids of the guest", err);
	}
	if (!err)
		err = link_send(guest->link, &mapped, NULL, 0, NULL, 0);
	if (!err)
		err = receive_files(guest, error);
	if (!err) {
		err = guest_reads_memory(guest->pid);
		if (err)
			say(error, "memory of the guest's programs", err);
	}
	/* From now on nothing waits for the guest. Its first process may wait for a file. */
	if (!err && fcntl(guest->link, F_SETFL, O_NONBLOCK))
		err = -errno;
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
	if (guest->file >= 0)
		close(guest->file);
	free(guest);
}
