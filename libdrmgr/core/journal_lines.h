/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal_lines.h - read the lines of a journal's file
 *
 * A last line without an LF is ignored. The file is read once, in pieces. To read a line
 * again, note its offset.
 *
 * Errors:  negative errno. -E2BIG: the file is longer than a journal may be. -EBADMSG: a
 *          line is too long, or has a NUL.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "libdrmgr/core/journal_limits.h"

struct journal_lines {
	int fd;
	uint32_t at; /* in the file: of the first byte in buf */
	size_t begin, end;
	char buf[4 * JOURNAL_LINE_MAX];
};

/* Begin at the start of the file. Return 0 or a negative errno. */
int journal_lines_begin(struct journal_lines *l, int fd);

/* Return 1 and the next line without its LF in *line, valid until the next call, and its
 * offset in *at. Return 0 at the end, or a negative errno. */
int journal_lines_next(struct journal_lines *l, char **line, uint32_t *at);

/* Read the line at an offset. Return 0 or a negative errno. */
int journal_line_at(int fd, uint32_t at, char line[JOURNAL_LINE_MAX]);
