// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>

#include "vmm/server/console.h"

/* With this much pending output, further output is lost. */
enum { CONSOLE_BYTES = 16 << 20 };

struct console {
	struct host_listener listener;
	struct host *host;
	struct stream *stream;
	unsigned int terminal;
};

static struct console *console_of(struct host_listener *self)
{
	return (struct console *)self; /* its first member */
}

struct stream *console_stream(const struct console *console)
{
	return console->stream;
}

static void console_print(struct host_listener *self, unsigned int terminal,
			  const void *text, size_t len)
{
	struct console *console = console_of(self);

	if (terminal == console->terminal &&
	    stream_pending(console->stream) < CONSOLE_BYTES)
		stream_send(console->stream, text, len);
}

static void console_print_first(struct host_listener *self, const void *text, size_t len)
{
	console_print(self, 0, text, len);
}

/* Pass on what the guest has room for. */
static size_t console_type(void *arg, const uint8_t *bytes, size_t len)
{
	struct console *console = arg;

	return papr_vmm_console_input(console->host->vmm, console->terminal, bytes, len);
}

static void console_was_read(struct host_listener *self, unsigned int terminal)
{
	struct console *console = console_of(self);

	if (terminal == console->terminal)
		stream_resume(console->stream);
}

int console_new(struct console **out, struct loop *loop, struct host *host,
		const struct opts_server *place)
{
	static const struct stream_ops output = { 0 };
	static const struct stream_ops both = { .take = console_type,
						.keeps_input = true };
	struct console *console = calloc(1, sizeof(*console));
	int err;

	if (!console)
		return -ENOMEM;
	*console = (struct console){
		.listener.console = console_print_first,
		.listener.terminal = console_print,
		.listener.terminal_read = console_was_read,
		.host = host,
		.terminal = place->terminal,
	};
	err = stream_new(&console->stream, loop, place,
			 place->has_input ? &both : &output, console);
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
