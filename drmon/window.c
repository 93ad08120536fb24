// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drmon/window.h"

static size_t window_count_lines(const char *text)
{
	size_t n = 1;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Split the text into lines. */
static void window_split_lines(struct window *window)
{
	char *save = window->text, *line;

	while ((line = strsep(&save, "\n")))
		window->lines[window->n++] = line;
	while (window->n && !*window->lines[window->n - 1])
		window->n--;
}

void window_open(struct window *window, const char *title, char *text, bool is_question)
{
	window_close(window);
	snprintf(window->title, sizeof(window->title), "%s", title);
	window->text = text;
	window->is_question = is_question;
	if (text)
		window->lines = calloc(window_count_lines(text), sizeof(*window->lines));
	if (window->lines)
		window_split_lines(window);
}

void window_close(struct window *window)
{
	free(window->lines);
	free(window->text);
	*window = (struct window){ .text = NULL };
}

void window_scroll(struct window *window, long by, size_t rows)
{
	size_t last = window->n > rows ? window->n - rows : 0;

	if (by < 0 && (size_t)-by > window->top)
		window->top = 0;
	else
		window->top += (size_t)by;
	if (window->top > last)
		window->top = last;
}
