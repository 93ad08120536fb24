// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "chan.h"
#include "client.h"
#include "clock.h"
#include "daemon.h"

#define BACKLOG_BYTES (256 * 1024)

int client_connect(int dir)
{
	struct sockaddr_un address = daemon_address(dir);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		err(EXIT_HARNESS, "socket");
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
		int error = errno;

		close(fd);
		return -error;
	}
	return fd;
}

static void write_all(int fd, const uint8_t *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno != EINTR && errno != EAGAIN)
			err(EXIT_HARNESS, fd == STDOUT_FILENO ? "stdout" : "stderr");
		if (n > 0) {
			p += n;
			len -= n;
		}
	}
}

/* Return the status, or -1 before the end. */
static int take_answer(struct chan *c)
{
	const uint8_t *p;
	uint32_t status;
	struct frame f;
	size_t len;

	while (chan_next(c, &f) > 0) {
		p = f.data;
		len = f.len;
		if (f.type == FRAME_STDOUT)
			write_all(STDOUT_FILENO, f.data, f.len);
		else if (f.type == FRAME_STDERR)
			write_all(STDERR_FILENO, f.data, f.len);
		else if (f.type == FRAME_EXIT && !proto_take_u32(&p, &len, &status))
			return (int)status;
	}
	return -1;
}

static void pass_input(struct chan *c, bool *input)
{
	uint8_t buf[16384];
	ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	/* An empty frame is the end of input. */
	chan_send(c, FRAME_STDIN, 0, buf, n > 0 ? n : 0);
	*input = n > 0;
}

int client_ask(int fd, enum frame_type type, const struct bytes *payload, bool input,
	       int64_t until)
{
	struct chan c;
	int status;

	chan_open(&c, fd);
	chan_send(&c, type, 0, payload->data, payload->len);

	while ((status = take_answer(&c)) < 0) {
		struct pollfd fds[] = {
			{ c.fd, POLLIN | (c.out.len ? POLLOUT : 0), 0 },
			{ input && c.out.len < BACKLOG_BYTES ? STDIN_FILENO : -1, POLLIN,
			  0 },
		};
		ssize_t n = 1;

		if (clock_ms() >= until)
			return -ETIMEDOUT;
		poll(fds, 2, clock_poll_ms(until));
		if (fds[1].revents)
			pass_input(&c, &input);
		chan_flush(&c);
		if (fds[0].revents & ~POLLOUT)
			n = chan_fill(&c);
		if (n == 0 || (n < 0 && n != -EAGAIN))
			errx(EXIT_HARNESS, "the daemon of the guest has ended");
	}
	chan_close(&c);
	return status;
}
