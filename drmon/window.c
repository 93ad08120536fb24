// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "drmon/window.h"

enum { CONTINUED = 4 }; /* more blanks before the rest of a broken line */

void window_open(struct window *window, const char *title, char *text, bool is_question)
{
	window_close(window);
	snprintf(window->title, sizeof(window->title), "%s", title);
	window->text = text;
	window->is_question = is_question;
}

void window_close(struct window *window)
{
	free(window->rows);
	free(window->text);
	*window = (struct window){ .text = NULL };
}

/* Return how many bytes of a line fit. Break at a blank, if there is one. */
static int window_break(const char *line, int len, int room)
{
	int at = room;

	if (len <= room)
		return len;
	while (at && line[at] != ' ')
		at--;
	while (at && line[at - 1] == ' ')
		at--;
	return at ? at : room;
}

static bool window_add_row(struct window *window, const char *at, int len, int indent)
{
	size_t n = window->n;

	if (!(n & (n - 1))) { /* 0 or a power of two: full */
		struct window_row *more =
			reallocarray(window->rows, n ? 2 * n : 1, sizeof(*more));

		if (!more)
			return false;
		window->rows = more;
	}
	window->rows[window->n++] = (struct window_row){ at, len, indent };
	return true;
}

/* Add the rows of one line. */
static bool window_add_line(struct window *window, const char *line, int len)
{
	int blanks = (int)strspn(line, " "), indent = 0;

	do {
		int n = window_break(line, len, window->width - indent);

		if (!window_add_row(window, line, n, indent))
			return false;
		line += n;
		len -= n;
		for (; len && *line == ' '; line++)
			len--;
		indent = blanks + CONTINUED <= window->width / 2 ? blanks + CONTINUED : 0;
	} while (len > 0);
	return true;
}

void window_fit(struct window *window, int width)
{
	if (!window->text || window->width == width || width < 1)
		return;
	window->width = width;
	window->n = 0;
	free(window->rows);
	window->rows = NULL;
	for (const char *line = window->text; *line;) {
		int len = (int)strcspn(line, "\n");

		if (!window_add_line(window, line, len))
			return;
		line += len + (line[len] == '\n');
	}
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
