// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/buffer.h"
#include "vmm/server/stream.h"
#include "vmm/server/stream_char.h"
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
	struct opts_server place;
	struct stream_socket socket;
	struct stream_char chars; /* of what is no socket */
	int client;		  /* the connection of a socket; -1: none */
	int watched;		  /* descriptor whose input the loop reports; -1: none */
	int always; /* replaces it if it is a file, which is always ready; -1: none */
	bool is_waiting; /* output waits until chars.out is ready */
	uint32_t events;
	struct buffer in, out;
	const struct stream_ops *ops;
	void *arg;
	bool broken; /* to be closed when no callback is running */
	bool is_guarded;
};

static void client_ready(void *arg, uint32_t events);
static void caller_ready(void *arg, uint32_t events);

static bool is_socket(const struct stream *s)
{
	return s->place.backend == OPTS_SOCKET;
}

bool stream_has_client(const struct stream *s)
{
	return !is_socket(s) || s->client >= 0;
}

size_t stream_pending(const struct stream *s)
{
	return s->out.len;
}

/* Input is read while the other side reads its answers, and take() accepts it. */
static uint32_t wanted_input(const struct stream *s)
{
	return s->out.len < SLOW_BYTES && !(s->ops->keeps_input && s->in.len) ? EPOLLIN
									      : 0;
}

/* ---- What is no socket ------------------------------------------------------------------ */

static void output_ready(void *arg, uint32_t events);

/* Let the loop report when there is input, and when pending output can be written. */
static void watch_chars(struct stream *s)
{
	bool waits = s->out.len > 0;
	uint32_t events = wanted_input(s);

	if (s->watched >= 0 && events != s->events &&
	    !loop_change(s->loop, s->watched, events))
		s->events = events;
	if (s->chars.out < 0 || waits == s->is_waiting)
		return;
	if (!waits)
		loop_remove(s->loop, s->chars.out);
	else if (loop_add(s->loop, s->chars.out, EPOLLOUT, output_ready, s))
		return; /* a file: the next output tries again */
	s->is_waiting = waits;
}

static void forget_input(struct stream *s)
{
	if (s->watched >= 0)
		loop_remove(s->loop, s->watched);
	s->watched = -1;
}

static int watch_input(struct stream *s)
{
	int err = s->chars.in < 0
			  ? 0
			  : loop_add(s->loop, s->chars.in, EPOLLIN, client_ready, s);

	if (!err && s->chars.in >= 0)
		s->watched = s->chars.in;
	if (err != -EPERM)
		return err;
	s->always = eventfd(1, EFD_CLOEXEC);
	if (s->always < 0)
		return -errno;
	err = loop_add(s->loop, s->always, EPOLLIN, client_ready, s);
	if (!err)
		s->watched = s->always;
	return err;
}

/* Write without blocking. Return the number of bytes, or -1. */
static ssize_t put_chars(struct stream *s, const void *bytes, size_t len)
{
	struct pollfd ready = { .fd = s->chars.out, .events = POLLOUT };

	if (s->chars.out < 0)
		return (ssize_t)len;
	if (poll(&ready, 1, 0) <= 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(s->chars.out, bytes, len < PIPE_BUF ? len : PIPE_BUF);
}

/* ---- The connection of a socket --------------------------------------------------------- */

static void watch_client(struct stream *s)
{
	uint32_t events = wanted_input(s) | (s->out.len ? EPOLLOUT : 0);

	if (!is_socket(s))
		watch_chars(s);
	else if (events != s->events && !loop_change(s->loop, s->client, events))
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
	if (s->ops->opened)
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
	if (s->ops->closed)
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
		const uint8_t *bytes = buffer_bytes(&s->out);
		ssize_t n = is_socket(s) ? send(s->client, bytes, s->out.len,
						MSG_NOSIGNAL | MSG_DONTWAIT)
					 : put_chars(s, bytes, s->out.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			s->broken |= errno != EAGAIN && errno != EWOULDBLOCK;
			break;
		}
		buffer_take(&s->out, (size_t)n);
	}
	/* A pipe without a reader is always ready: there must be nothing to write. */
	if (s->broken && !is_socket(s))
		buffer_free(&s->out);
}

void stream_send(struct stream *s, const void *bytes, size_t len)
{
	if (!stream_has_client(s) || s->broken)
		return;
	s->broken = buffer_put(&s->out, bytes, len) || s->out.len > STUCK_BYTES;
	flush(s);
	watch_client(s);
	/* The loop notices that the socket was shut down. No callback is called from
	 * here. */
	if (s->broken && is_socket(s))
		shutdown(s->client, SHUT_RDWR);
}

/* Read once. Return false at the end of the input or on an error. */
static bool fill(struct stream *s)
{
	uint8_t *room = buffer_room(&s->in, READ_BYTES);
	ssize_t n = -1;

	if (!room)
		return false;
	n = is_socket(s) ? recv(s->client, room, READ_BYTES, MSG_DONTWAIT)
			 : read(s->chars.in, room, READ_BYTES);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	buffer_added(&s->in, (size_t)n);
	return n > 0;
}

/* Process the commands in order, as long as the client reads the answers. */
static void take_all(struct stream *s)
{
	while (s->in.len && !s->broken && s->out.len < SLOW_BYTES) {
		size_t n = s->ops->take
				   ? s->ops->take(s->arg, buffer_bytes(&s->in), s->in.len)
				   : s->in.len;

		if (!n)
			return;
		buffer_take(&s->in, n);
	}
}

void stream_resume(struct stream *s)
{
	if (!s->in.len)
		return;
	take_all(s);
	watch_client(s);
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
	if (is_socket(s) && (s->broken || !more)) {
		close_client(s);
		return;
	}
	/* Output can follow the end of the input. */
	if (s->broken || !more)
		forget_input(s);
	watch_client(s);
}

static void output_ready(void *arg, uint32_t events)
{
	struct stream *s = arg;

	(void)events;
	flush(s);
	take_all(s);
	watch_client(s);
}

static int open_chars(struct stream *s)
{
	int err = stream_char_open(&s->chars, &s->place);

	if (!err)
		err = watch_input(s);
	s->events = EPOLLIN;
	if (!err && s->ops->opened)
		s->ops->opened(s->arg);
	return err;
}

static int open_socket(struct stream *s)
{
	int err = stream_socket_open(&s->socket, &s->place), fd = s->socket.fd;

	if (!err && s->place.listens)
		err = loop_add(s->loop, fd, EPOLLIN, caller_ready, s);
	if (!err && !s->place.listens) {
		s->socket.fd = -1;
		open_client(s, fd);
	}
	return err;
}

int stream_new(struct stream **out, struct loop *loop, const struct opts_server *place,
	       const struct stream_ops *ops, void *arg)
{
	struct stream *s = calloc(1, sizeof(*s));
	struct stat st;
	int err;

	if (!s)
		return -ENOMEM;
	*s = (struct stream){
		.loop = loop,
		.place = *place,
		.socket = { .fd = -1 },
		.chars = { .in = -1, .out = -1 },
		.client = -1,
		.watched = -1,
		.always = -1,
		.ops = ops,
		.arg = arg,
		.is_guarded = place->is_guarded,
	};
	if (place->backend == OPTS_FD && !fstat(place->fd, &st) && S_ISSOCK(st.st_mode))
		s->place.backend = OPTS_SOCKET;
	*out = s; /* opened() may use it */
	err = is_socket(s) ? open_socket(s) : open_chars(s);
	if (err) {
		*out = NULL;
		stream_free(s);
	}
	return err;
}

static void send_last_words(struct stream *s)
{
	struct pollfd ready = { .fd = is_socket(s) ? s->client : s->chars.out,
				.events = POLLOUT };

	while (s->out.len && !s->broken && poll(&ready, 1, LAST_WORDS_MS) > 0)
		flush(s);
}

void stream_free(struct stream *s)
{
	if (!s)
		return;
	if (stream_has_client(s))
		send_last_words(s);
	forget_input(s);
	if (s->is_waiting)
		loop_remove(s->loop, s->chars.out);
	if (s->always >= 0)
		close(s->always);
	stream_char_close(&s->chars);
	if (s->client >= 0) {
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
