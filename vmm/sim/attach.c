// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "vmm/server/loop.h"
#include "vmm/sim/attach.h"
#include "vmm/sim/guest.h"
#include "vmm/sim/link.h"
#include "vmm/sim/relay.h"
#include "vmm/sim/text.h"

enum { EXIT_OWN = 125, EXIT_SIGNALLED = 128 };

struct session {
	struct session *next;
	struct attach_server *server;
	int fd;
	uint32_t id; /* 0: no command yet */
};

struct attach_server {
	struct loop *loop;
	int fd;
	struct guest *guest;
	struct session *sessions;
	uint32_t last_id;
};

/* Build the abstract socket name of this papr-vmm. Return its length. Abstract names
 * leave nothing in the file system, however the program ends. */
static socklen_t name_of(pid_t pid, struct sockaddr_un *name)
{
	int len;

	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	len = snprintf(name->sun_path + 1, sizeof(name->sun_path) - 1, "papr-vmm/%d",
		       (int)pid);
	return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)len);
}

static void session_end(struct session *s)
{
	struct session **at = &s->server->sessions;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	loop_remove(s->server->loop, s->fd);
	close(s->fd);
	free(s);
}

static void session_run(struct session *s, const struct link_message *m)
{
	struct attach_server *server = s->server;

	if (s->id || m->n_fds != 3)
		return;
	s->id = ++server->last_id;
	/* Without a guest (not started yet, or during a reset), the command fails at
	 * once. */
	if (!server->guest ||
	    guest_run_packed(server->guest, s->id, m->bytes, m->len, m->fds, 3))
		attach_ended(server, s->id, EXIT_OWN << 8);
}

static void session_serve(void *arg, uint32_t events)
{
	struct session *s = arg;
	struct attach_server *server = s->server;
	struct link_message m;
	int n;

	(void)events;
	n = link_receive(s->fd, &m, MSG_DONTWAIT);
	if (n < 0) {
		/* The client has closed the connection: kill its command. */
		if (s->id && server->guest)
			guest_signal(server->guest, s->id, SIGKILL);
		session_end(s);
	}
	if (n <= 0)
		return;
	if (m.head.kind == LINK_RUN)
		session_run(s, &m);
	else if (m.head.kind == LINK_SIGNAL && s->id && server->guest)
		guest_signal(server->guest, s->id, m.head.value);
	link_done(&m);
}

static bool is_allowed(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	return !getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) &&
	       (peer.uid == geteuid() || !peer.uid);
}

static void accept_one(void *arg, uint32_t events)
{
	struct attach_server *server = arg;
	int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct session *s;

	(void)events;
	s = fd >= 0 && is_allowed(fd) ? calloc(1, sizeof(*s)) : NULL;
	if (s) {
		*s = (struct session){ server->sessions, server, fd, 0 };
		if (loop_add(server->loop, fd, EPOLLIN, session_serve, s)) {
			free(s);
			s = NULL;
		} else {
			server->sessions = s;
		}
	}
	if (!s && fd >= 0)
		close(fd);
}

int attach_serve(struct attach_server **out, struct loop *loop)
{
	struct attach_server *server = calloc(1, sizeof(*server));
	struct sockaddr_un name;
	socklen_t len = name_of(getpid(), &name);
	int err = 0;

	if (!server)
		return -ENOMEM;
	server->loop = loop;
	server->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (server->fd < 0 || bind(server->fd, (struct sockaddr *)&name, len) ||
	    listen(server->fd, 16))
		err = -errno;
	if (!err)
		err = loop_add(loop, server->fd, EPOLLIN, accept_one, server);
	if (err) {
		attach_server_free(server);
		return err;
	}
	*out = server;
	return 0;
}

void attach_server_free(struct attach_server *server)
{
	if (!server)
		return;
	while (server->sessions)
		session_end(server->sessions);
	if (server->fd >= 0) {
		loop_remove(server->loop, server->fd);
		close(server->fd);
	}
	free(server);
}

/* Set the guest. NULL also ends the commands of the previous guest: they are reported as
 * killed. */
void attach_set_guest(struct attach_server *server, struct guest *guest)
{
	struct session *s, *next;

	server->guest = guest;
	for (s = guest ? NULL : server->sessions; s; s = next) {
		next = s->next;
		if (s->id)
			attach_ended(server, s->id, SIGKILL);
	}
}

void attach_ended(struct attach_server *server, uint32_t id, int status)
{
	const struct link_head head = { .kind = LINK_ENDED, .value = status };
	struct session *s = server->sessions;

	while (s && s->id != id)
		s = s->next;
	if (!s)
		return;
	link_send(s->fd, &head, NULL, 0, NULL, 0);
	session_end(s);
}

/* ---- the client -------------------------------------------------------------------- */

struct attach_client {
	struct loop *loop;
	int fd, signals;
	struct relay *relay; /* NULL: the command has this process's descriptors */
};

static void client_end(struct attach_client *client, int status)
{
	int code = status & 0x7f ? EXIT_SIGNALLED + (status & 0x7f) : status >> 8 & 0xff;

	loop_end(client->loop, code);
}

static void client_serve(void *arg, uint32_t events)
{
	struct attach_client *client = arg;
	struct link_message m;
	int n;

	(void)events;
	n = link_receive(client->fd, &m, MSG_DONTWAIT);
	if (n < 0) {
		fprintf(stderr, "papr-vmm: the guest has ended\n");
		client_end(client, EXIT_OWN << 8);
	}
	if (n <= 0)
		return;
	if (m.head.kind == LINK_ENDED && client->relay)
		relay_drain(client->relay);
	if (m.head.kind == LINK_ENDED)
		client_end(client, m.head.value);
	link_done(&m);
}

static void client_signal(void *arg, uint32_t events)
{
	struct attach_client *client = arg;
	struct signalfd_siginfo info;
	struct link_head head = { .kind = LINK_SIGNAL };

	(void)events;
	if (read(client->signals, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
	if (info.ssi_signo == SIGWINCH) {
		if (client->relay)
			relay_resize(client->relay);
		return;
	}
	head.value = (int32_t)info.ssi_signo;
	link_send(client->fd, &head, NULL, 0, NULL, 0);
}

static int client_watch(struct attach_client *client)
{
	static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH };
	sigset_t set;
	int err;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(watched) / sizeof(*watched); i++)
		sigaddset(&set, watched[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	client->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (client->signals < 0)
		return -errno;
	err = loop_add(client->loop, client->signals, EPOLLIN, client_signal, client);
	return err ? err
		   : loop_add(client->loop, client->fd, EPOLLIN, client_serve, client);
}

int attach_folder(char *folder, size_t size)
{
	struct stat here, there;
	int err = 0;

	if (!getcwd(folder, size) || stat(".", &here) || stat(folder, &there))
		err = -errno;
	else if (here.st_dev != there.st_dev || here.st_ino != there.st_ino)
		err = -ENOENT;
	if (err)
		fprintf(stderr,
			"papr-vmm: the guest does not have the current folder: %s\n",
			strerror(-err));
	return err;
}

static int client_send(const struct attach_client *client, char **argv)
{
	const struct link_head head = { .kind = LINK_RUN };
	int terminal = client->relay ? relay_command_fd(client->relay) : -1;
	const int fds[] = { client->relay ? terminal : 0, client->relay ? terminal : 1,
			    client->relay && isatty(2) ? terminal : 2 };
	struct link_run run = { 0 };
	struct text text = { 0 };
	char folder[4096], **word;
	int err = attach_folder(folder, sizeof(folder));

	if (err)
		return err;
	for (word = argv; *word; word++)
		run.n_args++;
	for (word = environ; *word; word++)
		run.n_env++;
	text_bytes(&text, &run, sizeof(run));
	text_bytes(&text, folder, strlen(folder) + 1);
	for (word = argv; *word; word++)
		text_bytes(&text, *word, strlen(*word) + 1);
	for (word = environ; *word; word++)
		text_bytes(&text, *word, strlen(*word) + 1);
	err = -ENOMEM;
	if (!text.failed)
		err = link_send(client->fd, &head, text.buf, text.len, fds, 3);
	text_free(&text);
	return err;
}

int attach_run(struct attach_client **out, struct loop *loop, pid_t pid, char **argv)
{
	struct attach_client *client = calloc(1, sizeof(*client));
	struct sockaddr_un name;
	socklen_t len = name_of(pid, &name);
	int err = 0;

	if (!client)
		return -ENOMEM;
	*client = (struct attach_client){ .loop = loop, .signals = -1 };
	client->fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (client->fd < 0 || connect(client->fd, (struct sockaddr *)&name, len))
		err = -errno;
	if (err)
		fprintf(stderr, "papr-vmm: process %d has no simulated guest: %s\n",
			(int)pid, strerror(-err));
	if (!err)
		err = client_watch(client);
	if (!err)
		err = relay_new(&client->relay, loop);
	if (!err)
		err = client_send(client, argv);
	if (client->relay)
		relay_close_command_fd(client->relay);
	if (err) {
		attach_client_free(client);
		return err;
	}
	*out = client;
	return 0;
}

void attach_client_free(struct attach_client *client)
{
	if (!client)
		return;
	relay_free(client->relay);
	if (client->fd >= 0) {
		loop_remove(client->loop, client->fd);
		close(client->fd);
	}
	if (client->signals >= 0) {
		loop_remove(client->loop, client->signals);
		close(client->signals);
	}
	free(client);
}
