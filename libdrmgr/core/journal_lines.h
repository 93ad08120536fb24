/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal_lines.h - the lines of a journal, from its file
 *
 * A line without an end was never written. The file is read once, in pieces; who needs a
 * line again notes where it begins.
 *
 * Errors:  negative errno; -E2BIG the file is longer than a journal may be, -EBADMSG a
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

/* From the beginning of the file. 0, negative errno. */
int journal_lines_begin(struct journal_lines *l, int fd);

/* 1: *line is the next, without its LF; it lives until the next call. *at: where it is in the
 * file. 0: no more. Negative errno. */
int journal_lines_next(struct journal_lines *l, char **line, uint32_t *at);

/* The line that begins there. 0, negative errno. */
int journal_line_at(int fd, uint32_t at, char line[JOURNAL_LINE_MAX]);
