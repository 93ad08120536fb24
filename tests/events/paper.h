/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * paper.h - a text that was printed, to be looked through and corrected
 *
 * Memory:  running out of it ends the program.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct paper {
	char *text; /* NUL-terminated */
};

/* A range of a paper, good until the paper is changed. */
struct range {
	size_t from, to;
};

/* The nth part below a title that begins so, title included, up to the next title. */
bool paper_part(const struct paper *paper, const char *title, unsigned int nth,
		struct range *part);
/* The line in a part that begins so, LF included. */
bool paper_line(const struct paper *paper, const struct range *part, const char *label,
		struct range *line);
/* From the line that begins so, in the nth part below a title, to the end of the part. */
bool paper_rest(const struct paper *paper, const char *title, unsigned int nth,
		const char *label, struct range *rest);
/* Puts the text there in place of what is there. True if that is another text. */
bool paper_replace(struct paper *paper, const struct range *range, const char *with);
/* The same, printed. */
bool paper_printf(struct paper *paper, const struct range *range, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
