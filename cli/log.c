// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "cli/log.h"
#include "cli/terminal.h"
#include "kern/own_file.h"
#include "kern/text.h"

enum { ROTATE_BYTES = 1 << 20 };

static const char *const level_names[] = {
	[LEVEL_ALWAYS] = "trace", [LEVEL_ERROR] = "error", [LEVEL_WARN] = "warning",
	[LEVEL_INFO] = "info",	  [LEVEL_DEBUG] = "debug",
};

void log_init(struct log *log, const char *program, int detail)
{
	*log = (struct log){
		.program = program, .pid = getpid(), .detail = detail, .fd = -1
	};
}

/* Write a line with one system call: lines of two programs do not mix, and after a kill a
 * line is complete or missing. Errors are ignored, because a full disk must not stop the
 * work. */
static void log_append(const struct log *log, const char *prefix, const char *text)
{
	struct iovec parts[] = {
		{ (void *)(uintptr_t)prefix, strlen(prefix) },
		{ (void *)(uintptr_t)text, strlen(text) },
		{ (void *)(uintptr_t) "\n", 1 },
	};

	if (writev(log->fd, parts, 3) < 0)
		return;
}

static void log_write_separator(const struct log *log, const char *before)
{
	time_t now = time(NULL);
	struct tm tm;
	char text[64];

	localtime_r(&now, &tm);
	strftime(text, sizeof(text), "########## %b %d %T %Y ##########", &tm);
	log_append(log, before, text);
}

int log_open(struct log *log, const char *root, const char *file)
{
	int err = kern_root_open(&log->root, root);

	if (err)
		return err;
	log->fd = own_file_open(log->root.fd, file, O_RDWR | O_CREAT | O_APPEND, 0644);
	if (log->fd < 0) {
		kern_root_close(&log->root);
		return log->fd;
	}
	log->file = file;
	log_write_separator(log, "\n");
	return 0;
}

static void log_rotate(const struct log *log)
{
	_cleanup_free_ char *old = text_of("%s.0", log->file);

	fputs("Rotating logs...\n", stderr);
	if (old && renameat(log->root.fd, log->file, log->root.fd, old) < 0)
		fprintf(stderr, "Could not rename /%s to /%s\n\t%m\n", log->file, old);
}

void log_close(struct log *log)
{
	struct stat st;

	if (log->fd < 0)
		return;

	log_write_separator(log, "");
	if (!fstat(log->fd, &st) && st.st_size >= ROTATE_BYTES)
		log_rotate(log);
	close(log->fd);
	log->fd = -1;
	kern_root_close(&log->root);
}

static bool log_is_harmless(unsigned char c, bool keep_newline)
{
	return (c >= ' ' && c != 0x7f) || c == '\t' || (c == '\n' && keep_newline);
}

char *log_escape(const char *text, bool keep_lines)
{
	char *copy = malloc(4 * strlen(text) + 1), *to = copy;

	for (; copy && *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (log_is_harmless(c, keep_lines))
			*to++ = (char)c;
		else
			to += snprintf(to, 5, c == '\n' ? "\\n" : "\\x%02x", c);
	}
	if (copy)
		*to = '\0';
	return copy;
}

static void log_write_line(const struct log *log, enum log_level level, const char *text)
{
	_cleanup_free_ char *line = log_escape(text, false);
	struct timespec now;
	struct tm tm;
	char when[32], prefix[96];

	clock_gettime(CLOCK_REALTIME, &now);
	localtime_r(&now.tv_sec, &tm);
	strftime(when, sizeof(when), "%FT%T", &tm);
	snprintf(prefix, sizeof(prefix), "%s.%03ld %s[%d] %s ", when,
		 now.tv_nsec / 1000000, log->program, log->pid, level_names[level]);
	log_append(log, prefix, line ? line : "");
}

static void log_write_stderr(const char *text)
{
	_cleanup_free_ char *shown = log_escape(text, true);

	if (shown)
		terminal_print(stderr, shown);
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
	if (!text)
		return;
	if (log->fd >= 0)
		log_write_line(log, level, text);
	if ((int)level <= log->detail)
		log_write_stderr(text);
}
