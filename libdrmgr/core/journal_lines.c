// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libdrmgr/core/journal_lines.h"

int journal_lines_begin(struct journal_lines *l, int fd)
{
	struct stat st;

	l->fd = fd;
	l->at = 0;
	l->begin = l->end = 0;
	if (fstat(fd, &st))
		return -errno;
	return st.st_size > JOURNAL_BYTES_MAX ? -E2BIG : 0;
}

/* Read at an offset. Repeat the read after a signal. */
static ssize_t file_read_at(int fd, char *to, size_t len, off_t at)
{
	ssize_t n;

	do
		n = pread(fd, to, len, at);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

/* Read more bytes after the remaining ones. Return their number or a negative errno. */
static ssize_t journal_lines_fill(struct journal_lines *l)
{
	size_t left = l->end - l->begin;
	ssize_t n;

	memmove(l->buf, l->buf + l->begin, left);
	l->at += (uint32_t)l->begin;
	l->begin = 0;
	l->end = left;
	n = file_read_at(l->fd, l->buf + left, sizeof(l->buf) - left,
			 (off_t)(l->at + left));
	if (n <= 0)
		return n;
	l->end += (size_t)n;
	return l->at + l->end > JOURNAL_BYTES_MAX ? -E2BIG : n;
}

/* Return the end of the line that begins at text, or NULL if it is not in the buffer. */
static char *line_end(char *text, size_t len)
{
	return memchr(text, '\n', len);
}

static int line_cut(char *line, char *end)
{
	if (end - line >= JOURNAL_LINE_MAX || memchr(line, '\0', (size_t)(end - line)))
		return -EBADMSG;
	*end = '\0';
	return 0;
}

int journal_lines_next(struct journal_lines *l, char **line, uint32_t *at)
{
	char *end;
	int err;

	while (!(end = line_end(l->buf + l->begin, l->end - l->begin))) {
		ssize_t n = l->end - l->begin >= JOURNAL_LINE_MAX ? -EBADMSG
								  : journal_lines_fill(l);

		if (n <= 0)
			return (int)n;
	}
	*line = l->buf + l->begin;
	*at = l->at + (uint32_t)l->begin;
	l->begin = (size_t)(end + 1 - l->buf);
	err = line_cut(*line, end);
	return err ? err : 1;
}

int journal_line_at(int fd, uint32_t at, char line[JOURNAL_LINE_MAX])
{
	ssize_t n = file_read_at(fd, line, JOURNAL_LINE_MAX, at);
	char *end = n > 0 ? line_end(line, (size_t)n) : NULL;

	if (n < 0)
		return (int)n;
	return end ? line_cut(line, end) : -EBADMSG;
}
