// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/log.h"
#include "cli/terminal.h"
#include "kern/cleanup.h"
#include "kern/deadline.h"
#include "kern/own_file.h"
#include "kern/text.h"

enum {
	ROTATE_BYTES = 1 << 20,
	/* Bytes before the text of a line: time, program, level. */
	PREFIX_MAX = 96,
	HELD_MAX = 2048,
	HELD_MS = 100,
};

struct log_held {
	size_t len;
	int64_t since_ns; /* of the first line */
	char text[HELD_MAX];
};

static const char *const level_names[] = {
	[LEVEL_ALWAYS] = "trace", [LEVEL_ERROR] = "error", [LEVEL_WARN] = "warning",
	[LEVEL_INFO] = "info",	  [LEVEL_DEBUG] = "debug",
};

void log_init(struct log *log, const char *program, int detail)
{
	*log = (struct log){ .detail = detail, .fd = -1 };
	snprintf(log->program, sizeof(log->program), "%.16s[%d]", program, getpid());
}

void log_flush(const struct log *log)
{
	if (!log->held || !log->held->len)
		return;
	(void)!write(log->fd, log->held->text, log->held->len);
	log->held->len = 0;
}

/* Hold a line, or write it with those that are held. Lines are written with one system call:
 * those of two programs do not mix, and after a kill a line is complete or missing. Errors are
 * ignored, because a full disk must not stop the work. */
static void log_append(const struct log *log, const char *line, size_t len, bool hold)
{
	struct log_held *held = log->held;
	int64_t now = deadline_now_ns();

	if (held && len > sizeof(held->text) - held->len)
		log_flush(log);
	if (!held || len > sizeof(held->text)) {
		(void)!write(log->fd, line, len);
		return;
	}
	if (!held->len)
		held->since_ns = now;
	memcpy(held->text + held->len, line, len);
	held->len += len;
	if (!hold || now - held->since_ns > HELD_MS * INT64_C(1000000))
		log_flush(log);
}

/* The LF before the first separator makes an empty line. */
static void log_write_separator(const struct log *log, bool is_first)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[64] = "\n";
	size_t len;

	localtime_r(&now, &tm);
	len = strftime(text + is_first, sizeof(text) - 1,
		       "########## %b %d %T %Y ##########\n", &tm);
	log_append(log, text, len + is_first, is_first);
}

int log_open(struct log *log, const char *root, const char *file)
{
	_cleanup_free_ char *path = text_of("%s/%s", root ? root : "", file);

	if (!path)
		return -ENOMEM;
	log->fd = own_file_open(AT_FDCWD, path, O_RDWR | O_CREAT | O_APPEND, 0644);
	if (log->fd < 0)
		return log->fd;
	log->file = steal_ptr(&path);
	log->held = calloc(1, sizeof(*log->held));
	log_write_separator(log, true);
	return 0;
}

static void log_rotate(const struct log *log)
{
	_cleanup_free_ char *old = text_of("%s.0", log->file);

	fputs("Rotating logs...\n", stderr);
	if (old && rename(log->file, old) < 0)
		fprintf(stderr, "Could not rename %s to %s\n\t%m\n", log->file, old);
}

void log_close(struct log *log)
{
	struct stat st;

	if (log->fd < 0)
		return;

	log_write_separator(log, false);
	if (!fstat(log->fd, &st) && st.st_size >= ROTATE_BYTES)
		log_rotate(log);
	close(log->fd);
	log->fd = -1;
	free(log->file);
	free(log->held);
	log->file = NULL;
	log->held = NULL;
}

static bool log_is_harmless(unsigned char c, bool keep_newline)
{
	return (c >= ' ' && c != 0x7f) || c == '\t' || (c == '\n' && keep_newline);
}

/* Put a copy in which no byte can move the cursor or start a line of its own, of at most
 * four times the length. Newlines stay if the text is shown to users. Return its end. */
static char *log_put_escaped(char *to, const char *text, bool keep_newline)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (log_is_harmless(c, keep_newline))
			*to++ = (char)c;
		else
			to += snprintf(to, 5, c == '\n' ? "\\n" : "\\x%02x", c);
	}
	return to;
}

char *log_escape(const char *text, bool keep_lines)
{
	char *copy = malloc(4 * strlen(text) + 1);

	if (copy)
		*log_put_escaped(copy, text, keep_lines) = '\0';
	return copy;
}

/* Put a number of so many digits, and the character after it. */
static char *log_put_number(char *to, int digits, long n, char after)
{
	for (int i = digits; i > 0; n /= 10)
		to[--i] = (char)('0' + n % 10);
	to[digits] = after;
	return to + digits + 1;
}

/* Put the time as 2026-11-20T06:14:21.482 and a blank. A line for each step is worth more
 * than strftime(3) costs. */
static char *log_put_time(char *to)
{
	struct timespec now;
	struct tm tm;

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	to = log_put_number(to, 4, tm.tm_year + 1900, '-');
	to = log_put_number(to, 2, tm.tm_mon + 1, '-');
	to = log_put_number(to, 2, tm.tm_mday, 'T');
	to = log_put_number(to, 2, tm.tm_hour, ':');
	to = log_put_number(to, 2, tm.tm_min, ':');
	to = log_put_number(to, 2, tm.tm_sec, '.');
	return log_put_number(to, 3, now.tv_nsec / 1000000, ' ');
}

static void log_write_line(const struct log *log, enum log_level level, const char *text)
{
	_cleanup_free_ char *line = malloc(PREFIX_MAX + 4 * strlen(text) + 1);
	char *to = line;

	if (!line)
		return;
	to = log_put_escaped(log_put_time(to), log->program, false);
	*to++ = ' ';
	to = log_put_escaped(to, level_names[level], false);
	*to++ = ' ';
	to = log_put_escaped(to, text, false);
	*to++ = '\n';
	log_append(log, line, (size_t)(to - line), level >= LEVEL_INFO);
}

static void log_write_stderr(const char *text)
{
	_cleanup_free_ char *shown = log_escape(text, true);

	if (shown) {
		terminal_print(stderr, shown);
		return;
	}
	for (; *text; text++) {
		char one[] = { *text, '\0' }, piece[8];

		*log_put_escaped(piece, one, true) = '\0';
		fputs(piece, stderr);
	}
	fputc('\n', stderr);
}

void log_text(const struct log *log, enum log_level level, const char *text)
{
	if (log->fd >= 0)
		log_write_line(log, level, text);
	if ((int)level <= log->detail)
		log_write_stderr(text);
}

void log_show(const struct log *log, enum log_level level, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	if ((int)level <= log->detail)
		return;
	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	log_write_stderr(text_or_reason(text));
}

void log_msg(const struct log *log, enum log_level level, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	if ((int)level > log->detail && log->fd < 0)
		return;
	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	log_text(log, level, text_or_reason(text));
}
