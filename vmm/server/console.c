// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include "vmm/server/console.h"

static void console_print(struct host_listener *self, const void *text, size_t len)
{
	struct console *console = (struct console *)self; /* its first member */
	const char *p = text;

	while (len) {
		struct pollfd ready = { .fd = console->fd, .events = POLLOUT };
		ssize_t n = -1;

		if (poll(&ready, 1, 0) > 0 && (ready.revents & POLLOUT))
			n = write(console->fd, p, len < PIPE_BUF ? len : PIPE_BUF);
		if (n <= 0)
			return;
		p += n;
		len -= (size_t)n;
	}
}

int console_open(struct console *console, struct host *host, const struct opts *opts)
{
	*console = (struct console){ .listener.console = console_print, .fd = -1 };
	if (opts->console == OPTS_CONSOLE_STDIO)
		console->fd = STDOUT_FILENO;
	else if (opts->console == OPTS_CONSOLE_FILE)
		console->fd = open(opts->console_path,
				   O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY |
					   O_NONBLOCK,
				   0666);
	else
		return 0;
	if (console->fd < 0)
		return -errno;
	host_listen(host, &console->listener);
	return 0;
}

void console_close(struct console *console, struct host *host)
{
	host_unlisten(host, &console->listener);
	if (console->fd > STDERR_FILENO)
		close(console->fd);
	console->fd = -1;
}
