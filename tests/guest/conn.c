// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "conn.h"

void conn_append(struct conn **conns, struct conn *c)
{
	while (*conns)
		conns = &(*conns)->next;
	*conns = c;
}

void conn_remove(struct conn **conns, const struct conn *c)
{
	while (*conns != c)
		conns = &(*conns)->next;
	*conns = c->next;
}

struct conn *conn_find(struct conn *conns, uint32_t id, enum conn_state state)
{
	while (conns && !(conns->id == id && conns->state == state))
		conns = conns->next;
	return conns;
}

struct conn *conn_first(struct conn *conns, enum conn_state state)
{
	while (conns && conns->state != state)
		conns = conns->next;
	return conns;
}

static __attribute__((format(printf, 4, 0))) void
print_line(struct conn *c, enum frame_type stream, const char *prefix, const char *format,
	   va_list args)
{
	char *text, *line;
	int len;

	if (vasprintf(&text, format, args) < 0)
		err(EXIT_HARNESS, "a message");
	len = asprintf(&line, "%s%s\n", prefix, text);
	if (len < 0)
		err(EXIT_HARNESS, "a message");

	chan_send(&c->chan, stream, c->id, line, len);
	free(line);
	free(text);
}

void conn_print(struct conn *c, enum frame_type stream, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(c, stream, "", format, args);
	va_end(args);
}

void conn_exit(struct conn *c, uint32_t status)
{
	chan_send_u32(&c->chan, FRAME_EXIT, c->id, status);
	c->state = CONN_DONE;
	c->deadline = CLOCK_NEVER;
}

void conn_fail(struct conn *c, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line(c, FRAME_STDERR, "guestctl: ", format, args);
	va_end(args);
	conn_exit(c, EXIT_HARNESS);
}
