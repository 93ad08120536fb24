// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "vmm/server/console.h"

/* With this much pending output, further output is lost. */
enum { CONSOLE_BYTES = 65536 };

struct console {
	struct host_listener listener;
	struct host *host;
	struct stream *stream;
};

struct stream *console_stream(const struct console *console)
{
	return console->stream;
}

static void console_print(struct host_listener *self, const void *text, size_t len)
{
	struct console *console = (struct console *)self; /* its first member */

	if (stream_pending(console->stream) < CONSOLE_BYTES)
		stream_send(console->stream, text, len);
}

int console_new(struct console **out, struct loop *loop, struct host *host,
		const struct opts_server *place)
{
	static const struct stream_ops ops = { 0 };
	struct console *console = calloc(1, sizeof(*console));
	int err;

	if (!console)
		return -ENOMEM;
	*console = (struct console){ .listener.console = console_print, .host = host };
	err = stream_new(&console->stream, loop, place, &ops, console);
	if (err) {
		free(console);
		return err;
	}
	host_listen(host, &console->listener);
	*out = console;
	return 0;
}

void console_free(struct console *console)
{
	if (!console)
		return;
	host_unlisten(console->host, &console->listener);
	stream_free(console->stream);
	free(console);
}
