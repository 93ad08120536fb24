/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * window.h - a text in place of the table: help, details, a question
 *
 * Memory:  a window owns its text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* A row of the screen: a line of the text, or a part of a line that is too long. */
struct window_row {
	const char *at;
	int len, indent;
};

struct window {
	char title[100];
	char *text; /* NULL: closed */
	struct window_row *rows;
	size_t n, top;
	int width;	  /* for which the rows were made */
	bool is_question; /* the key y confirms */
};

/* Open a window, which then owns text. text NULL: out of memory; the window stays
 * closed. */
void window_open(struct window *window, const char *title, char *text, bool is_question);
void window_close(struct window *window);

/* Break the text into rows of this width, if they are not made for it already. */
void window_fit(struct window *window, int width);

/* Scroll by this many lines. rows: number of lines on the screen. */
void window_scroll(struct window *window, long by, size_t rows);
