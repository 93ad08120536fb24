/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * progress.h - show the progress of a long operation, and what it waits for, on stderr
 *
 * On a terminal, draw a bar of the terminal's width, or the wait, and remove it before other
 * output. Otherwise, and on a dumb terminal, print a line at each tenth of a long operation.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/common.h"

struct progress {
	const struct log *log;
	bool is_wait; /* a wait is shown */
	bool can_draw;
	size_t tenths; /* printed already */
	int shown;     /* columns on the terminal */
};

/* Begin. is_alone: no other messages are written to stderr meanwhile. */
void progress_begin(struct progress *p, const struct log *log, bool is_alone);
/* Show how many of total resources are done. words: "LMBs". */
void progress_at(struct progress *p, size_t done, size_t total, const char *words);
/* On a terminal, show what is waited for, at most for so many ms; -1: without a limit. */
void progress_wait(struct progress *p, const char *what, int64_t ms);
/* Clear a wait that has ended. */
void progress_end_wait(struct progress *p);
/* Clear all, before any other output and at the end. */
void progress_clear(struct progress *p);
