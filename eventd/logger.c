// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "cli/common.h"
#include "eventd/logger.h"

#define JOURNALD "/run/systemd/journal/socket"

enum {
	LOGGER_LINE = 4096, /* PIPE_BUF: one write is all of a line or nothing */
	LOGGER_TEXT = 2048, /* of a message before it is escaped */
};

/* What is sent, without an allocation. Its last bytes show that it was cut. */
struct logger_line {
	char bytes[LOGGER_LINE];
	size_t len;
};

static const char logger_cut[] = "...";

/* Open standard error once more, if it can make a writer wait. The other processes that have
 * it are not affected. */
static int logger_open_stderr(void)
{
	struct stat st;
	int fd = -1;

	if (!fstat(STDERR_FILENO, &st) && (S_ISFIFO(st.st_mode) || S_ISCHR(st.st_mode)))
		fd = open("/proc/self/fd/2",
			  O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd;
}

void logger_open(struct logger *log, bool is_verbose)
{
	*log = (struct logger){ .fd = -1, .is_verbose = is_verbose };
	if (!isatty(STDERR_FILENO))
		log->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	log->stderr_fd = logger_open_stderr();
}

void logger_close(struct logger *log)
{
	if (log->fd >= 0)
		close(log->fd);
	if (log->stderr_fd >= 0)
		close(log->stderr_fd);
	log->fd = log->stderr_fd = -1;
}

/* ---- Lines ---- */

/* Leave room for the mark of a cut, and for LF. */
static bool logger_has_room(const struct logger_line *line, size_t n)
{
	return line->len + n + sizeof(logger_cut) <= sizeof(line->bytes);
}

static void logger_put(struct logger_line *line, const char *text)
{
	size_t n = strlen(text);

	if (!logger_has_room(line, n))
		return;
	memcpy(line->bytes + line->len, text, n);
	line->len += n;
}

/* Put a text in one line, and LF. */
static void logger_put_line(struct logger_line *line, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		char piece[8] = { (char)c };

		if (c == '\n')
			snprintf(piece, sizeof(piece), "%s", text[1] ? "; " : "");
		else if (c < ' ' || c > '~')
			snprintf(piece, sizeof(piece), "\\x%02x", c);
		if (!logger_has_room(line, strlen(piece)))
			break;
		logger_put(line, piece);
	}
	if (*text) {
		memcpy(line->bytes + line->len, logger_cut, strlen(logger_cut));
		line->len += strlen(logger_cut);
	}
	line->bytes[line->len++] = '\n';
}

/* ---- journald ---- */

/* A message that journald does not take at once is printed: the daemon must not wait. */
static bool logger_send_journald(const struct logger *log, enum logger_priority priority,
				 const char *text, const char *const fields[])
{
	static const struct sockaddr_un to = { .sun_family = AF_UNIX,
					       .sun_path = JOURNALD };
	struct logger_line bytes = { .len = 0 };

	if (log->fd < 0)
		return false;
	bytes.len = (size_t)snprintf(bytes.bytes, sizeof(bytes.bytes),
				     "PRIORITY=%d\nSYSLOG_IDENTIFIER=papr-eventd\n",
				     priority);
	for (; *fields; fields++)
		logger_put_line(&bytes, *fields);
	logger_put(&bytes, "MESSAGE=");
	logger_put_line(&bytes, text);
	return sendto(log->fd, bytes.bytes, bytes.len, MSG_DONTWAIT | MSG_NOSIGNAL,
		      (const struct sockaddr *)&to, sizeof(to)) >= 0;
}

/* ---- Standard error ---- */

/* One write, so that neither a kill nor another writer cuts the line. Return false if it
 * would have to wait. */
static bool logger_write(const struct logger *log, const char *text)
{
	struct pollfd out = { .fd = STDERR_FILENO, .events = POLLOUT };
	struct logger_line line = { .len = 0 };

	logger_put(&line, "papr-eventd: ");
	logger_put_line(&line, text);
	if (log->stderr_fd >= 0)
		return write(log->stderr_fd, line.bytes, line.len) > 0;
	if (send(STDERR_FILENO, line.bytes, line.len, MSG_DONTWAIT | MSG_NOSIGNAL) > 0)
		return true;
	return errno == ENOTSOCK && poll(&out, 1, 0) > 0 && out.revents & POLLOUT &&
	       write(STDERR_FILENO, line.bytes, line.len) > 0;
}

static void logger_send_stderr(struct logger *log, const char *text)
{
	char lost[64];

	snprintf(lost, sizeof(lost), "messages lost because they were not read: %lu",
		 log->lost);
	if (log->lost && logger_write(log, lost))
		log->lost = 0;
	if (log->lost || !logger_write(log, text))
		log->lost++;
}

void logger_send(struct logger *log, enum logger_priority priority, const char *text,
		 const char *const fields[])
{
	if (priority == LOGGER_DEBUG && !log->is_verbose)
		return;
	if (!logger_send_journald(log, priority, text, fields))
		logger_send_stderr(log, text);
}

void logger_print(struct logger *log, enum logger_priority priority, const char *fmt, ...)
{
	static const char *const none[] = { NULL };
	char text[LOGGER_TEXT];
	va_list ap;

	va_start(ap, fmt);
	if (vsnprintf(text, sizeof(text), fmt, ap) >= (int)sizeof(text))
		memcpy(text + sizeof(text) - sizeof(logger_cut), logger_cut,
		       sizeof(logger_cut));
	va_end(ap);
	logger_send(log, priority, text, none);
}
