/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tail.h - read lines as they are appended to a file, or written to a pipe
 *
 * A file may be missing, replaced or truncated. None of these is an error.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { TAIL_LINE_MAX = 1024 };

struct tail {
	const char *file; /* NULL: a pipe */
	int fd;
	bool is_from_start; /* read the next file from its start: it is new */
	char line[TAIL_LINE_MAX];
	size_t len;
};

typedef void tail_line(void *priv, const char *line);

/* Follow a file from its end. */
void tail_file(struct tail *tail, const char *file);
/* Follow a pipe. fd belongs to the caller and must be non-blocking. */
void tail_pipe(struct tail *tail, int fd);
void tail_close(struct tail *tail);

/* Read all new lines. Incomplete lines wait for their end; long lines are cut. */
void tail_read(struct tail *tail, tail_line *line, void *priv);
