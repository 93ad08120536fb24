// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "vmm/server/loop.h"
#include "vmm/sim/relay.h"

struct relay {
	struct loop *loop;
	int host, command; /* the two ends of the pseudo terminal; -1: closed */
	struct termios before;
};

void relay_resize(const struct relay *relay)
{
	struct winsize size;

	if (!ioctl(STDIN_FILENO, TIOCGWINSZ, &size))
		ioctl(relay->host, TIOCSWINSZ, &size);
}

/* Write all bytes to the user's terminal. An error is ignored: the terminal is gone. */
static void relay_print(const char *buf, ssize_t n)
{
	while (n > 0) {
		ssize_t done = write(STDOUT_FILENO, buf, (size_t)n);

		if (done < 0 && errno != EINTR)
			return;
		if (done > 0) {
			buf += done;
			n -= done;
		}
	}
}

/* Copy bytes of the command. Return their number; 0 or less if nothing was read. */
static ssize_t relay_copy_output(const struct relay *relay)
{
	char buf[4096];
	ssize_t n = read(relay->host, buf, sizeof(buf));

	relay_print(buf, n);
	return n;
}

void relay_drain(const struct relay *relay)
{
	while (relay_copy_output(relay) > 0)
		;
}

/* The command has closed the terminal: it ends. */
static void relay_serve_output(void *arg, uint32_t events)
{
	struct relay *relay = arg;

	if (relay_copy_output(relay) <= 0 && events & (EPOLLHUP | EPOLLERR))
		loop_remove(relay->loop, relay->host);
}

/* Copy what the user types. As at a terminal, bytes that no program reads are lost when the
 * buffer is full. */
static void relay_serve_input(void *arg, uint32_t events)
{
	struct relay *relay = arg;
	char buf[256];
	ssize_t n = read(STDIN_FILENO, buf, sizeof(buf));

	(void)events;
	if (n <= 0)
		loop_remove(relay->loop, STDIN_FILENO);
	else if (write(relay->host, buf, (size_t)n) < 0)
		return;
}

static int relay_open(struct relay *relay)
{
	relay->host = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (relay->host < 0 || grantpt(relay->host) || unlockpt(relay->host))
		return -errno;
	relay->command = ioctl(relay->host, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (relay->command < 0 || tcsetattr(relay->command, TCSANOW, &relay->before))
		return -errno;
	relay_resize(relay);
	return 0;
}

static int relay_begin(struct relay *relay)
{
	struct termios raw = relay->before;
	int err = relay_open(relay);

	if (!err)
		err = loop_add(relay->loop, relay->host, EPOLLIN, relay_serve_output,
			       relay);
	if (!err)
		err = loop_add(relay->loop, STDIN_FILENO, EPOLLIN, relay_serve_input,
			       relay);
	cfmakeraw(&raw);
	if (!err && tcsetattr(STDIN_FILENO, TCSADRAIN, &raw))
		err = -errno;
	return err;
}

int relay_new(struct relay **out, struct loop *loop)
{
	struct relay relay = { .loop = loop, .host = -1, .command = -1 }, *copy;
	int err;

	*out = NULL;
	if (!isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &relay.before))
		return 0;
	copy = malloc(sizeof(*copy));
	if (!copy)
		return -ENOMEM;
	*copy = relay;
	err = relay_begin(copy);
	if (err)
		relay_free(copy);
	else
		*out = copy;
	return err;
}

int relay_command_fd(const struct relay *relay)
{
	return relay->command;
}

void relay_close_command_fd(struct relay *relay)
{
	if (relay->command >= 0)
		close(relay->command);
	relay->command = -1;
}

void relay_free(struct relay *relay)
{
	if (!relay)
		return;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &relay->before);
	loop_remove(relay->loop, STDIN_FILENO);
	if (relay->host >= 0) {
		loop_remove(relay->loop, relay->host);
		close(relay->host);
	}
	relay_close_command_fd(relay);
	free(relay);
}
