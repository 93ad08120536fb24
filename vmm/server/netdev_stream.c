// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A stream: a server with one client at a time, or a client
 *
 * A packet follows its size. As in QEMU, a packet may be any size until more bytes of it
 * arrive than the largest packet has.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "vmm/server/host_parts.h"
#include "vmm/server/netdev_parts.h"

enum {
	MOST_PACKET_BYTES = 4096 + 65536,
	READ_BYTES = 16384,
	MAX_WAITING = 1,
	/* Until the next attempt, if a server's queue or a table of descriptors is full */
	RETRY_MS = 100,
};

static void netdev_client_begin(struct netdev *nd);
static void netdev_caller_ready(void *arg, uint32_t events);

/* Show an error's text, or that of err, and free it. */
static void netdev_set_error(struct netdev *nd, struct papr_error *error, int err)
{
	netdev_set_info(nd, "error: %s", error->text ? error->text : strerror(-err));
	papr_error_clear(error);
}

/* ---- Packets ---------------------------------------------------------------------------- */

/* Drop what arrived. Return false if a packet is too large. */
static bool netdev_drop_bytes(struct netdev *nd, const uint8_t *bytes, size_t len)
{
	while (len) {
		uint32_t n;

		if (nd->n_header < sizeof(nd->header)) {
			nd->header[nd->n_header++] = *bytes++;
			len--;
			nd->packet_bytes = (uint32_t)nd->header[0] << 24 |
					   nd->header[1] << 16 | nd->header[2] << 8 |
					   nd->header[3];
		}
		if (nd->n_header < sizeof(nd->header))
			continue;
		n = nd->packet_bytes - nd->n_packet;
		n = len < n ? (uint32_t)len : n;
		nd->n_packet += n;
		if (nd->n_packet > MOST_PACKET_BYTES)
			return false;
		bytes += n;
		len -= n;
		if (nd->n_packet == nd->packet_bytes)
			nd->n_header = nd->n_packet = 0;
	}
	return true;
}

/* Read once. Return false at the end of the connection. */
static bool netdev_stream_read(struct netdev *nd)
{
	uint8_t bytes[READ_BYTES];
	ssize_t n = recv(nd->fd, bytes, sizeof(bytes), MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (!n || netdev_drop_bytes(nd, bytes, (size_t)n))
		return n > 0;
	host_log(nd->host,
		 "serious error: oversized packet received,connection terminated.");
	return false;
}

/* ---- Timer ------------------------------------------------------------------------------ */

/* Let the timer expire after this time, or at once. */
static void netdev_timer_start(const struct netdev *nd, uint64_t ms)
{
	const struct itimerspec when = {
		.it_value = { .tv_sec = (time_t)(ms / 1000),
			      .tv_nsec = ms ? (long)(ms % 1000 * 1000000) : 1 },
	};

	timerfd_settime(nd->timer_fd, 0, &when, NULL);
}

static int netdev_listen_on(struct netdev *nd)
{
	return loop_add(nd->host->loop, nd->listen_fd, EPOLLIN, netdev_caller_ready, nd);
}

static void netdev_timer_ready(void *arg, uint32_t events)
{
	struct netdev *nd = arg;
	uint64_t times;

	(void)events;
	if (read(nd->timer_fd, &times, sizeof(times)) < 0 || nd->fd >= 0)
		return;
	if (nd->listen_fd < 0)
		netdev_client_begin(nd);
	else if (netdev_listen_on(nd))
		netdev_timer_start(nd, RETRY_MS);
}

static int netdev_timer_open(struct netdev *nd)
{
	nd->timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (nd->timer_fd < 0)
		return -errno;
	return loop_add(nd->host->loop, nd->timer_fd, EPOLLIN, netdev_timer_ready, nd);
}

/* ---- Connection ------------------------------------------------------------------------- */

static void netdev_reconnect(struct netdev *nd)
{
	if (!nd->reconnect_ms)
		return;
	netdev_set_info(nd, "connecting");
	netdev_timer_start(nd, nd->reconnect_ms);
}

static void netdev_disconnect(struct netdev *nd)
{
	netdev_drop(nd, &nd->fd);
	nd->n_header = nd->n_packet = 0;
	if (nd->listen_fd >= 0) {
		netdev_set_info(nd, "listening");
		if (netdev_listen_on(nd))
			netdev_timer_start(nd, RETRY_MS);
	}
	host_tell_network(nd->host, nd->id, NULL);
	netdev_reconnect(nd);
}

static void netdev_stream_ready(void *arg, uint32_t events)
{
	struct netdev *nd = arg;

	(void)events;
	if (!netdev_stream_read(nd))
		netdev_disconnect(nd);
}

/* Use this connection, which is not watched yet. Closes it on an error. */
static int netdev_connected(struct netdev *nd, int fd)
{
	bool listens = nd->listen_fd >= 0;
	struct netdev_peer peer;
	char text[sizeof(nd->info)];
	int err = netdev_peer_of(&peer, fd, listens);

	/* The client of a unix socket has no name: show the server's. */
	if (!err && listens && !peer.is_unix)
		err = netdev_peer_of(&peer, fd, false);
	if (!err)
		err = loop_add(nd->host->loop, fd, EPOLLIN, netdev_stream_ready, nd);
	if (err) {
		close(fd);
		return err;
	}
	nd->fd = fd;
	netdev_peer_text(&peer, text, sizeof(text));
	netdev_set_info(nd, "%s", text);
	host_tell_network(nd->host, nd->id, &peer);
	return 0;
}

/* ---- Server ----------------------------------------------------------------------------- */

/* Further clients wait while there is one. */
static void netdev_caller_ready(void *arg, uint32_t events)
{
	struct netdev *nd = arg;
	int fd = accept4(nd->listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
		return;
	loop_remove(nd->host->loop, nd->listen_fd);
	if (fd < 0 || netdev_connected(nd, fd))
		netdev_timer_start(nd, RETRY_MS);
}

static int netdev_listen_at(struct netdev *nd, const struct addrinfo *at,
			    struct papr_error *error)
{
	int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			nd->address.mptcp ? IPPROTO_MPTCP : at->ai_protocol);
	bool both =
		nd->address.ipv4 == nd->address.ipv6 && nd->address.ipv4 != NETDEV_OFF;
	int one = 1, only = both ? 0 : 1, err;

	if (fd < 0)
		return netdev_refuse(error, -errno, "Failed to create a socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (at->ai_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only));
	err = bind(fd, at->ai_addr, at->ai_addrlen) ? -errno : 0;
	if (err == -EADDRINUSE && at->ai_family == AF_INET6 && both) {
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one));
		err = bind(fd, at->ai_addr, at->ai_addrlen) ? -errno : 0;
	}
	if (err && err != -EADDRINUSE)
		netdev_refuse(error, err, "Failed to bind socket");
	if (!err && listen(fd, MAX_WAITING)) {
		err = -errno;
		if (err != -EADDRINUSE)
			netdev_refuse(error, err, "Failed to listen on socket");
	}
	if (!err)
		return fd;
	close(fd);
	return err;
}

static void netdev_set_port(struct addrinfo *at, uint32_t port)
{
	if (at->ai_family == AF_INET)
		((struct sockaddr_in *)(void *)at->ai_addr)->sin_port =
			htons((uint16_t)port);
	else
		((struct sockaddr_in6 *)(void *)at->ai_addr)->sin6_port =
			htons((uint16_t)port);
}

static uint32_t netdev_port(const struct addrinfo *at)
{
	return ntohs(
		at->ai_family == AF_INET
			? ((const struct sockaddr_in *)(void *)at->ai_addr)->sin_port
			: ((const struct sockaddr_in6 *)(void *)at->ai_addr)->sin6_port);
}

/* Listen at the first unused port, of each address in turn. */
static int netdev_listen_inet(struct netdev *nd, struct papr_error *error)
{
	int fd = -EADDRINUSE;

	for (struct addrinfo *at = nd->found; at && fd == -EADDRINUSE; at = at->ai_next) {
		uint32_t first = netdev_port(at), last = nd->address.last_port;

		last = last ? last : first;
		for (uint32_t port = first; port <= last && fd == -EADDRINUSE; port++) {
			netdev_set_port(at, port);
			fd = netdev_listen_at(nd, at, error);
		}
	}
	return fd == -EADDRINUSE
		       ? netdev_refuse(error, fd, "Failed to find an available port")
		       : fd;
}

static int netdev_refuse_long(const struct netdev *nd, struct papr_error *error)
{
	return netdev_refuse(error, 0, "UNIX socket path '%s' is too long",
			     nd->address.path);
}

static int netdev_listen_unix(struct netdev *nd, struct papr_error *error)
{
	const char *path = nd->address.path;
	struct sockaddr_un address;
	socklen_t len;
	int fd, err;

	if (netdev_address_unix(&nd->address, &address, &len))
		return netdev_refuse_long(nd, error);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return netdev_refuse(error, -errno, "Failed to create Unix socket");
	err = netdev_bind_unix(nd, fd, path, &address, len);
	if (err)
		netdev_refuse(error, err, "Failed to bind socket to %s", path);
	else if (listen(fd, MAX_WAITING))
		err = netdev_refuse(error, -errno, "Failed to listen on socket");
	if (!err)
		return fd;
	close(fd);
	return err;
}

/* Take over the inherited socket. */
static int netdev_take(struct netdev *nd, struct papr_error *error)
{
	const char *number = nd->address.fd;
	int fd = nd->has_used_fd ? -EBADF : netdev_address_take(number);

	if (fd >= 0)
		nd->has_used_fd = true;
	else if (fd == -EINVAL)
		netdev_refuse(error, 0, "Unable to parse FD number %s", number);
	else
		netdev_refuse(error, 0, "File descriptor '%s' is not a socket", number);
	return fd;
}

static int netdev_listen_fd(struct netdev *nd, struct papr_error *error)
{
	int fd = netdev_take(nd, error), err;

	if (fd < 0 || !listen(fd, MAX_WAITING))
		return fd;
	err = -errno;
	close(fd);
	return netdev_refuse(error, err, "Failed to listen on fd socket");
}

static int netdev_refuse_family(struct papr_error *error)
{
	return netdev_refuse(error, 0, "socket family AF_VSOCK unsupported");
}

static void netdev_server_begin(struct netdev *nd)
{
	struct papr_error error = { 0 };
	int fd;

	if (nd->address.type == NETDEV_INET)
		fd = netdev_listen_inet(nd, &error);
	else if (nd->address.type == NETDEV_UNIX)
		fd = netdev_listen_unix(nd, &error);
	else if (nd->address.type == NETDEV_FD)
		fd = netdev_listen_fd(nd, &error);
	else
		fd = netdev_refuse_family(&error);
	nd->listen_fd = fd < 0 ? -1 : fd;
	if (fd >= 0)
		fd = netdev_listen_on(nd);
	if (fd < 0)
		netdev_set_error(nd, &error, fd);
	else
		netdev_set_info(nd, "listening");
}

/* ---- Client ----------------------------------------------------------------------------- */

static void netdev_client_failed(struct netdev *nd, struct papr_error *error, int err)
{
	netdev_set_error(nd, error, err);
	netdev_reconnect(nd);
}

static void netdev_refuse_connect(struct netdev *nd, int err)
{
	const struct netdev_address *address = &nd->address;
	struct papr_error error = { 0 };

	if (address->type == NETDEV_INET)
		netdev_refuse(&error, err, "Failed to connect to '%s:%s'", address->host,
			      address->port);
	else
		netdev_refuse(&error, err, "Failed to connect to '%s'", address->path);
	netdev_client_failed(nd, &error, err);
}

static void netdev_client_next(struct netdev *nd);

static void netdev_client_done(struct netdev *nd, int fd, int err)
{
	int one = 1;

	if (!err && nd->address.keep_alive)
		setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &one, sizeof(one));
	if (!err)
		err = netdev_connected(nd, fd);
	else
		close(fd);
	if (!err)
		return;
	if (nd->next)
		netdev_client_next(nd);
	else
		netdev_refuse_connect(nd, err);
}

static void netdev_client_ready(void *arg, uint32_t events)
{
	struct netdev *nd = arg;
	socklen_t len = sizeof(int);
	int fd = nd->fd, err = 0;

	(void)events;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &len))
		err = errno;
	loop_remove(nd->host->loop, fd);
	nd->fd = -1;
	netdev_client_done(nd, fd, -err);
}

/* Connect without blocking. */
static void netdev_client_connect(struct netdev *nd, int fd,
				  const struct sockaddr *address, socklen_t len)
{
	int err = connect(fd, address, len) ? -errno : 0;

	if (err == -EAGAIN) { /* a unix socket: its queue is full */
		close(fd);
		netdev_timer_start(nd, RETRY_MS);
		return;
	}
	if (err == -EINPROGRESS) {
		err = loop_add(nd->host->loop, fd, EPOLLOUT, netdev_client_ready, nd);
		if (!err) {
			nd->fd = fd;
			return;
		}
	}
	netdev_client_done(nd, fd, err);
}

/* Try the next of the addresses that were found. */
static void netdev_client_next(struct netdev *nd)
{
	const struct addrinfo *at = nd->next;
	int fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			nd->address.mptcp ? IPPROTO_MPTCP : at->ai_protocol);
	int err = fd < 0 ? -errno : 0;

	nd->next = at->ai_next;
	if (!err)
		netdev_client_connect(nd, fd, at->ai_addr, at->ai_addrlen);
	else if (nd->next)
		netdev_client_next(nd);
	else
		netdev_refuse_connect(nd, err);
}

static void netdev_client_unix(struct netdev *nd)
{
	struct netdev_address is = nd->address;
	struct papr_error error = { 0 };
	struct sockaddr_un address;
	socklen_t len;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), err;

	if (nd->absolute_path)
		is.path = nd->absolute_path;
	if (fd < 0)
		err = netdev_refuse(&error, -errno, "Failed to create socket");
	else if (netdev_address_unix(&is, &address, &len))
		err = netdev_refuse_long(nd, &error);
	else {
		netdev_client_connect(nd, fd, (const struct sockaddr *)&address, len);
		return;
	}
	if (fd >= 0)
		close(fd);
	netdev_client_failed(nd, &error, err);
}

static void netdev_client_fd(struct netdev *nd)
{
	struct papr_error error = { 0 };
	int fd = netdev_take(nd, &error);

	if (fd >= 0)
		fd = netdev_connected(nd, fd);
	if (fd < 0)
		netdev_client_failed(nd, &error, fd);
}

static void netdev_client_begin(struct netdev *nd)
{
	struct papr_error error = { 0 };

	nd->next = nd->found;
	if (nd->address.type == NETDEV_UNIX)
		netdev_client_unix(nd);
	else if (nd->address.type == NETDEV_FD)
		netdev_client_fd(nd);
	else if (nd->address.type == NETDEV_INET)
		netdev_client_next(nd);
	else
		netdev_client_failed(nd, &error, netdev_refuse_family(&error));
}

/* ---- Begin ------------------------------------------------------------------------------ */

/* The host's name is known. The loop connects, so that events follow the reply to
 * netdev_add. */
static void netdev_stream_begin(struct netdev *nd, int err, struct papr_error *error)
{
	if (err)
		netdev_set_error(nd, error, err);
	else if (nd->is_server)
		netdev_server_begin(nd);
	else
		netdev_timer_start(nd, 0);
}

static void netdev_lookup_ready(void *arg, uint32_t events)
{
	struct papr_error error = { 0 };
	struct netdev *nd = arg;
	int err = netdev_lookup_take(nd->lookup, &nd->found, &error);

	(void)events;
	netdev_drop_lookup(nd);
	netdev_stream_begin(nd, err, &error);
}

static int netdev_lookup(struct netdev *nd)
{
	int err = netdev_lookup_begin(&nd->lookup, &nd->address, nd->is_server);

	if (err)
		return err;
	err = loop_add(nd->host->loop, netdev_lookup_fd(nd->lookup), EPOLLIN,
		       netdev_lookup_ready, nd);
	if (err)
		netdev_drop_lookup(nd);
	return err;
}

/* Resolve the host's name once. At start this may block, because the loop does not run yet. */
static void netdev_find(struct netdev *nd)
{
	struct papr_error error = { 0 };
	int err = 0;

	if (nd->address.type == NETDEV_INET && nd->host->servers) {
		err = netdev_lookup(nd);
		if (!err)
			return;
	} else if (nd->address.type == NETDEV_INET) {
		err = netdev_address_find(&nd->address, nd->is_server, &nd->found,
					  &error);
	}
	netdev_stream_begin(nd, err, &error);
}

/* With -daemonize, the folder changes. A path that becomes too long is used as it is. */
static void netdev_make_absolute(struct netdev *nd)
{
	const struct netdev_address *address = &nd->address;
	char *folder = NULL;

	if (address->type != NETDEV_UNIX || address->is_abstract || *address->path == '/')
		return;
	folder = getcwd(NULL, 0);
	if (!folder || asprintf(&nd->absolute_path, "%s/%s", folder, address->path) < 0)
		nd->absolute_path = NULL;
	free(folder);
	if (nd->absolute_path &&
	    strlen(nd->absolute_path) > sizeof(((struct sockaddr_un *)0)->sun_path)) {
		free(nd->absolute_path);
		nd->absolute_path = NULL;
	}
}

/* ---- Options ---------------------------------------------------------------------------- */

static uint64_t netdev_reconnect_ms(const struct keyval *kv)
{
	const char *seconds = keyval_get(kv, "reconnect");
	const char *ms = keyval_get(kv, "reconnect-ms");
	uint64_t value = 0;

	if (ms || seconds)
		word_u64(ms ? ms : seconds, &value);
	return ms ? value : value * 1000;
}

int netdev_stream_open(struct netdev *nd, const struct keyval *kv,
		       struct papr_error *error)
{
	const char *server = keyval_get(kv, "server");
	int err = netdev_timer_open(nd);

	if (err)
		return netdev_refuse(error, err, "%s", nd->id);
	if (server)
		word_bool(server, &nd->is_server);
	netdev_address_read(&nd->address, kv, "addr");
	nd->reconnect_ms = netdev_reconnect_ms(kv);
	if (!nd->is_server) {
		netdev_make_absolute(nd);
		netdev_set_info(nd, "connecting");
	}
	netdev_find(nd);
	return 0;
}
