// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/events/paper.h"

static const char mark[] = "==== ";

/* Return the first line from "at" on that begins with the text. */
static const char *find_line(const char *at, const char *begin)
{
	size_t len = strlen(begin);

	while (at && strncmp(at, begin, len) != 0) {
		at = strchr(at, '\n');
		if (at)
			at++;
	}
	return at && *at ? at : NULL;
}

bool paper_part(const struct paper *paper, const char *title, unsigned int nth,
		struct range *part)
{
	const char *at = find_line(paper->text, mark), *next;

	for (; at; at = next) {
		next = find_line(strchrnul(at, '\n'), mark);
		if (strncmp(at + strlen(mark), title, strlen(title)) != 0 || nth--)
			continue;
		part->from = (size_t)(at - paper->text);
		part->to = next ? (size_t)(next - paper->text) : strlen(paper->text);
		return true;
	}
	return false;
}

bool paper_line(const struct paper *paper, const struct range *part, const char *label,
		struct range *line)
{
	const char *at = find_line(paper->text + part->from, label), *end;

	if (!at || at >= paper->text + part->to)
		return false;
	end = strchrnul(at, '\n');
	line->from = (size_t)(at - paper->text);
	line->to = (size_t)(end - paper->text) + (*end == '\n');
	return true;
}

bool paper_rest(const struct paper *paper, const char *title, unsigned int nth,
		const char *label, struct range *rest)
{
	struct range part, line;

	if (!paper_part(paper, title, nth, &part) ||
	    !paper_line(paper, &part, label, &line))
		return false;
	*rest = (struct range){ line.from, part.to };
	return true;
}

bool paper_replace(struct paper *paper, const struct range *range, const char *with)
{
	char *text;
	bool differs;

	if (asprintf(&text, "%.*s%s%s", (int)range->from, paper->text, with,
		     paper->text + range->to) < 0)
		err(1, "memory");
	differs = strcmp(paper->text, text) != 0;
	free(paper->text);
	paper->text = text;
	return differs;
}

bool paper_printf(struct paper *paper, const struct range *range, const char *format, ...)
{
	bool differs;
	va_list ap;
	char *with;

	va_start(ap, format);
	if (vasprintf(&with, format, ap) < 0)
		err(1, "memory");
	va_end(ap);
	differs = paper_replace(paper, range, with);
	free(with);
	return differs;
}
