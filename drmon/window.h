/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * window.h - a text in place of the table: help, details, a question
 *
 * Memory:  a window owns its text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct window {
	char title[100];
	char *text; /* NULL: closed */
	char **lines;
	size_t n, top;
	bool is_question; /* the key y confirms */
};

/* Open a window, which then owns text. text NULL: out of memory; the window reports
 * it. */
void window_open(struct window *window, const char *title, char *text, bool is_question);
void window_close(struct window *window);

/* Scroll by this many lines. rows: number of lines on the screen. */
void window_scroll(struct window *window, long by, size_t rows);
