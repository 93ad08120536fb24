/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tail.h - lines as they are appended to a file, or written to a pipe
 *
 * A file that is not there yet, is put aside or begins anew is no error.
 */
#pragma once

#include "kern/root.h"

enum { TAIL_LINE_MAX = 1024 };

struct tail {
	const struct kern_root *root;
	const char *file; /* NULL: a pipe */
	int fd;
	bool is_from_start; /* a file that was not there at first: all of it is new */
	char line[TAIL_LINE_MAX];
	size_t len;
};

typedef void tail_line(void *priv, const char *line);

/* From its end on. */
void tail_file(struct tail *tail, const struct kern_root *root, const char *file);
/* fd is the caller's, and does not block. */
void tail_pipe(struct tail *tail, int fd);
void tail_close(struct tail *tail);

/* What came since: each whole line. Longer ones are cut. */
void tail_read(struct tail *tail, tail_line *line, void *priv);
