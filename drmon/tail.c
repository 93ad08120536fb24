// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "drmon/tail.h"
#include "cli/common.h"

static void tail_open_file(struct tail *tail)
{
	struct stat st;

	tail->fd = open(tail->file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	tail->len = 0;
	if (tail->fd >= 0 && (fstat(tail->fd, &st) || !S_ISREG(st.st_mode)))
		tail_close(tail);
	if (tail->fd >= 0 && !tail->is_from_start)
		lseek(tail->fd, 0, SEEK_END);
	tail->is_from_start = true;
}

void tail_file(struct tail *tail, const char *file)
{
	*tail = (struct tail){ .file = file, .fd = -1 };
	tail_open_file(tail);
}

void tail_pipe(struct tail *tail, int fd)
{
	*tail = (struct tail){ .fd = fd };
}

void tail_close(struct tail *tail)
{
	if (tail->file && tail->fd >= 0)
		close(tail->fd);
	tail->fd = -1;
}

/* Return true if the file was replaced or truncated. */
static bool tail_is_replaced(const struct tail *tail)
{
	struct stat now, ours;

	return !lstat(tail->file, &now) && !fstat(tail->fd, &ours) &&
	       (now.st_ino != ours.st_ino || ours.st_size < lseek(tail->fd, 0, SEEK_CUR));
}

static void tail_split_lines(struct tail *tail, const char *bytes, size_t n,
			     tail_line *line, void *priv)
{
	for (; n; bytes++, n--) {
		if (*bytes == '\n') {
			tail->line[tail->len] = '\0';
			line(priv, tail->line);
			tail->len = 0;
		} else if (tail->len + 1 < sizeof(tail->line)) {
			tail->line[tail->len++] = *bytes;
		}
	}
}

static void tail_read_rest(struct tail *tail, tail_line *line, void *priv)
{
	char bytes[4096];
	ssize_t n;

	while (tail->fd >= 0 && (n = read(tail->fd, bytes, sizeof(bytes))) > 0)
		tail_split_lines(tail, bytes, (size_t)n, line, priv);
}

void tail_read(struct tail *tail, tail_line *line, void *priv)
{
	tail_read_rest(tail, line, priv);
	if (!tail->file)
		return;
	if (tail->fd >= 0 && tail_is_replaced(tail))
		tail_close(tail);
	if (tail->fd < 0) {
		tail_open_file(tail);
		tail_read_rest(tail, line, priv);
	}
}
