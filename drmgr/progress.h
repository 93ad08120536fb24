/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - show the progress of a long operation on stderr
 *
 * On a terminal, draw a bar of the terminal's width and remove it at the end. Otherwise,
 * and on a dumb terminal, print a line at each tenth of a long operation.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/common.h"

struct progress {
	const struct log *log;
	const char *what; /* "LMBs" */
	size_t total;
	size_t tenths; /* printed already */
	bool is_bar;
	int shown; /* columns of the bar */
};

/* Begin. is_alone: no other messages are written to stderr meanwhile. */
void progress_begin(struct progress *p, const struct log *log, size_t total,
		    const char *what, bool is_alone);
void progress_at(struct progress *p, size_t done);
/* Clear the bar, before any other output and at the end. */
void progress_clear(struct progress *p);
