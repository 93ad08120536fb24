/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * window.h - a text over the table: help, details, a question
 *
 * Memory:  a window owns its text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct window {
	char title[100];
	char *text; /* NULL: it is closed */
	char **lines;
	size_t n, top;
	bool is_question; /* y means something */
};

/* Takes text over; NULL: out of memory, and it says that. */
void window_open(struct window *window, const char *title, char *text, bool is_question);
void window_close(struct window *window);

/* Rows: how many lines are shown. */
void window_scroll(struct window *window, long by, size_t rows);
