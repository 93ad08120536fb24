// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cli/common.h"
#include "eventd/logger.h"

#define JOURNALD "/run/systemd/journal/socket"

void logger_open(struct logger *log, bool is_verbose)
{
	*log = (struct logger){ .fd = -1, .is_verbose = is_verbose };
	if (!isatty(STDERR_FILENO))
		log->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

void logger_close(struct logger *log)
{
	if (log->fd >= 0)
		close(log->fd);
	log->fd = -1;
}

/* Print a text in one line. */
static void logger_escape(FILE *to, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c == '\n')
			fputs(text[1] ? "; " : "", to);
		else if (c < ' ' || c > '~')
			fprintf(to, "\\x%02x", c);
		else
			fputc(c, to);
	}
}

/* Return the datagram, which the caller frees. NULL: no memory. */
static char *logger_datagram(enum logger_priority priority, const char *text,
			     const char *const fields[], size_t *size)
{
	char *bytes = NULL;
	FILE *to = open_memstream(&bytes, size);

	if (!to)
		return NULL;
	fprintf(to, "PRIORITY=%d\nSYSLOG_IDENTIFIER=papr-eventd\nMESSAGE=", priority);
	logger_escape(to, text);
	for (; *fields; fields++) {
		fputc('\n', to);
		logger_escape(to, *fields);
	}
	fputc('\n', to);
	return text_close(to, &bytes);
}

/* A message that journald does not take at once is printed: the daemon must not wait. */
static bool logger_send_journald(const struct logger *log, enum logger_priority priority,
				 const char *text, const char *const fields[])
{
	static const struct sockaddr_un to = { .sun_family = AF_UNIX,
					       .sun_path = JOURNALD };
	_cleanup_free_ char *bytes = NULL;
	size_t size;

	if (log->fd < 0)
		return false;
	bytes = logger_datagram(priority, text, fields, &size);
	return bytes && sendto(log->fd, bytes, size, MSG_DONTWAIT | MSG_NOSIGNAL,
			       (const struct sockaddr *)&to, sizeof(to)) >= 0;
}

static void logger_print_line(FILE *to, const char *text)
{
	fputs("papr-eventd: ", to);
	logger_escape(to, text);
	fputc('\n', to);
}

/* One write, so that neither a kill nor another writer cuts the line. */
static void logger_send_stderr(const char *text)
{
	_cleanup_free_ char *line = NULL;
	size_t size;
	FILE *to = open_memstream(&line, &size);

	if (to)
		logger_print_line(to, text);
	if (to && text_close(to, &line))
		fputs(line, stderr);
	else
		logger_print_line(stderr, text);
}

void logger_send(const struct logger *log, enum logger_priority priority,
		 const char *text, const char *const fields[])
{
	if (priority == LOGGER_DEBUG && !log->is_verbose)
		return;
	if (!logger_send_journald(log, priority, text, fields))
		logger_send_stderr(text);
}

void logger_print(const struct logger *log, enum logger_priority priority,
		  const char *fmt, ...)
{
	static const char *const none[] = { NULL };
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	logger_send(log, priority, text ? text : fmt, none);
}
