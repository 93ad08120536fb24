/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - how far a long operation has come, on stderr
 *
 * On a terminal a bar as wide as there is room, drawn over and taken away at the end; else,
 * and on a dumb one, where there is much to do, a line at each tenth.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "kern/log.h"

struct progress {
	const struct log *log;
	const char *what; /* "LMBs" */
	size_t total;
	size_t tenths; /* told already */
	bool is_bar;
	int shown; /* columns of the bar that is drawn */
};

/* is_alone: nothing else is written to stderr meanwhile. */
void progress_begin(struct progress *p, const struct log *log, size_t total,
		    const char *what, bool is_alone);
void progress_at(struct progress *p, size_t done);
/* Before anything else is written, and at the end. */
void progress_clear(struct progress *p);
