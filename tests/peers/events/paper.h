/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paper.h - search and correct a printed text
 *
 * Memory:  running out of it ends the program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct paper {
	char *text; /* NUL-terminated */
};

/* A range of a paper, valid until the paper is changed. */
struct range {
	size_t from, to;
};

/* Find the nth part below a title with this beginning, title included, up to the next
 * title. */
bool paper_part(const struct paper *paper, const char *title, unsigned int nth,
		struct range *part);
/* Find the line in a part that begins with the text, LF included. */
bool paper_line(const struct paper *paper, const struct range *part, const char *label,
		struct range *line);
/* The nth part below a title, from the line that begins with the text to its end. */
bool paper_rest(const struct paper *paper, const char *title, unsigned int nth,
		const char *label, struct range *rest);
/* Replace the range by the text. Return true if the text is different. */
bool paper_replace(struct paper *paper, const struct range *range, const char *with);
/* The same with a format. */
bool paper_printf(struct paper *paper, const struct range *range, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
