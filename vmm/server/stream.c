// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/server/buffer.h"
#include "vmm/server/stream.h"
#include "vmm/server/stream_socket.h"

enum {
	READ_BYTES = 65536,
	/* With this much pending output, no further command is read... */
	SLOW_BYTES = 1 << 20,
	/* ...and with this much, mostly events, the client is disconnected. */
	STUCK_BYTES = 64 << 20,
	LAST_WORDS_MS = 500,
};

struct stream {
	struct loop *loop;
	struct stream_socket socket;
	int client; /* -1: none */
	uint32_t events;
	struct buffer in, out;
	const struct stream_ops *ops;
	void *arg;
	bool broken; /* to be closed when no callback is running */
	bool is_guarded;
};

static void client_ready(void *arg, uint32_t events);
static void caller_ready(void *arg, uint32_t events);

bool stream_has_client(const struct stream *s)
{
	return s->client >= 0;
}

static void watch_client(struct stream *s)
{
	uint32_t events =
		(s->out.len < SLOW_BYTES ? EPOLLIN : 0) | (s->out.len ? EPOLLOUT : 0);

	if (events != s->events && !loop_change(s->loop, s->client, events))
		s->events = events;
}

static void open_client(struct stream *s, int fd)
{
	if (loop_add(s->loop, fd, EPOLLIN, client_ready, s)) {
		close(fd);
		return;
	}
	s->client = fd;
	s->events = EPOLLIN;
	s->broken = false;
	if (s->socket.fd >= 0)
		loop_remove(s->loop, s->socket.fd); /* further clients wait */
	s->ops->opened(s->arg);
}

static void listen_again(struct stream *s)
{
	if (s->socket.fd >= 0)
		loop_add(s->loop, s->socket.fd, EPOLLIN, caller_ready, s);
}

static void close_client(struct stream *s)
{
	loop_remove(s->loop, s->client);
	close(s->client);
	s->client = -1;
	buffer_free(&s->in);
	buffer_free(&s->out);
	s->ops->closed(s->arg);
	listen_again(s);
}

static void caller_ready(void *arg, uint32_t events)
{
	struct stream *s = arg;
	int fd = accept4(s->socket.fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	(void)events;
	if (fd >= 0 && s->is_guarded && !stream_socket_is_outside(fd))
		close(fd);
	else if (fd >= 0)
		open_client(s, fd);
}

static void flush(struct stream *s)
{
	while (s->out.len) {
		ssize_t n = send(s->client, buffer_bytes(&s->out), s->out.len,
				 MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			s->broken |= errno != EAGAIN && errno != EWOULDBLOCK;
			return;
		}
		buffer_take(&s->out, (size_t)n);
	}
}

void stream_send(struct stream *s, const void *bytes, size_t len)
{
	if (s->client < 0 || s->broken)
		return;
	if (buffer_put(&s->out, bytes, len) || s->out.len > STUCK_BYTES)
		s->broken = true;
	else
		flush(s);
	watch_client(s);
	/* The loop notices that the socket was shut down. No callback is called from
	 * here. */
	if (s->broken)
		shutdown(s->client, SHUT_RDWR);
}

/* Read once. Return false at the end of the input or on an error. */
static bool fill(struct stream *s)
{
	uint8_t *room = buffer_room(&s->in, READ_BYTES);
	ssize_t n = room ? recv(s->client, room, READ_BYTES, MSG_DONTWAIT) : -1;

	if (!room)
		return false;
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	buffer_added(&s->in, (size_t)n);
	return n > 0;
}

/* Process the commands in order, as long as the client reads the answers. */
static void take_all(struct stream *s)
{
	while (s->in.len && !s->broken && s->out.len < SLOW_BYTES) {
		size_t n = s->ops->take(s->arg, buffer_bytes(&s->in), s->in.len);

		if (!n)
			return;
		buffer_take(&s->in, n);
	}
}

static void client_ready(void *arg, uint32_t events)
{
	struct stream *s = arg;
	bool more = true;

	if (events & EPOLLOUT)
		flush(s);
	if (events & (EPOLLIN | EPOLLHUP | EPOLLERR))
		more = fill(s);
	take_all(s);
	if (s->broken || !more)
		close_client(s);
	else
		watch_client(s);
}

int stream_new(struct stream **out, struct loop *loop, const struct opts_server *place,
	       const struct stream_ops *ops, void *arg)
{
	struct stream *s = calloc(1, sizeof(*s));
	int err;

	if (!s)
		return -ENOMEM;
	*s = (struct stream){ .loop = loop,
			      .client = -1,
			      .ops = ops,
			      .arg = arg,
			      .is_guarded = place->is_guarded };
	err = stream_socket_open(&s->socket, place);
	if (!err && place->listens)
		err = loop_add(loop, s->socket.fd, EPOLLIN, caller_ready, s);
	if (err) {
		stream_free(s);
		return err;
	}
	*out = s;
	if (!place->listens) {
		int fd = s->socket.fd;

		s->socket.fd = -1;
		open_client(s, fd);
	}
	return 0;
}

static void send_last_words(struct stream *s)
{
	struct pollfd ready = { .fd = s->client, .events = POLLOUT };

	while (s->out.len && !s->broken && poll(&ready, 1, LAST_WORDS_MS) > 0)
		flush(s);
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	if (s->client >= 0) {
		send_last_words(s);
		loop_remove(s->loop, s->client);
		close(s->client);
	}
	if (s->socket.fd >= 0)
		loop_remove(s->loop, s->socket.fd);
	stream_socket_close(&s->socket);
	buffer_free(&s->in);
	buffer_free(&s->out);
	free(s);
}
