// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/server/ctl_server.h"
#include "vmm/server/qmp.h"
#include "vmm/server/stream_socket.h"

enum { CTL_CLIENTS = 16 };

struct ctl_server {
	struct loop *loop;
	struct host *host;
	int fd;
	bool of_guest;
	struct qmp *clients[CTL_CLIENTS]; /* NULL: free */
};

/* Find a place for a client; those of clients that have left are free. */
static struct qmp **ctl_place(struct ctl_server *server)
{
	struct qmp **place = NULL;

	for (int i = 0; i < CTL_CLIENTS; i++) {
		struct qmp **at = &server->clients[i];

		if (*at && !stream_has_client(qmp_stream(*at))) {
			qmp_free(*at);
			*at = NULL;
		}
		if (!*at)
			place = at;
	}
	return place;
}

static void ctl_accept(void *arg, uint32_t events)
{
	struct ctl_server *server = arg;
	int fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	const struct opts_server peer = { .protocol = OPTS_QMP,
					  .fd = fd,
					  .is_own = true,
					  .is_guests = server->of_guest };
	struct qmp **place;

	(void)events;
	if (fd < 0)
		return;
	place = server->of_guest || stream_socket_is_outside(fd) ? ctl_place(server)
								 : NULL;
	if (!place || qmp_new(place, server->loop, server->host, &peer))
		close(fd);
}

int ctl_server_new(struct ctl_server **out, struct loop *loop, struct host *host, int fd,
		   bool of_guest)
{
	struct ctl_server *server = calloc(1, sizeof(*server));
	int err;

	if (!server)
		return -ENOMEM;
	*server = (struct ctl_server){
		.loop = loop, .host = host, .fd = fd, .of_guest = of_guest
	};
	err = loop_add(loop, fd, EPOLLIN, ctl_accept, server);
	if (err)
		free(server);
	else
		*out = server;
	return err;
}

void ctl_server_free(struct ctl_server *server)
{
	if (!server)
		return;
	loop_remove(server->loop, server->fd);
	for (int i = 0; i < CTL_CLIENTS; i++)
		qmp_free(server->clients[i]);
	free(server);
}
