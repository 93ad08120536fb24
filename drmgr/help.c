// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/common.h"
#include "cli/types.h"
#include "drmgr/help.h"

enum { OPTION_WIDTH = 18 };

/* Return true if a list of words, with a blank between them, has this word. */
static bool help_has_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = words; (at = strstr(at, word)); at += len)
		if ((at == words || at[-1] == ' ') && (!at[len] || at[len] == ' '))
			return true;
	return false;
}

bool help_row_applies(const struct help_row *row, const struct dr_type *type)
{
	const char *name = dr_type_get_name(type);

	if (row->action && !dr_type_allows(type, row->action))
		return false;
	if (!row->types)
		return dr_type_allows(type, DR_QUERY);
	if (*row->types == '!')
		return dr_type_allows(type, DR_QUERY) &&
		       !help_has_word(row->types + 1, name);
	return !strcmp(row->types, "*") || help_has_word(row->types, name);
}

static const struct dr_type *help_row_first_type(const struct help_row *row)
{
	const struct dr_type *type;

	dr_foreach_type(type)
		if (help_row_applies(row, type))
			return type;
	return NULL;
}

static void help_print_example(FILE *out, const char *program, const struct dr_type *type,
			       const char *example)
{
	const struct type_row *row = type_row(type);

	fprintf(out, "%*s%s ", OPTION_WIDTH + 6, "", program);
	if (*example == '!')
		example++;
	else
		fprintf(out, "-c %s ", dr_type_get_name(type));
	for (; *example; example++)
		if (*example == '@')
			fputs(row->drc ? row->drc : "NAME", out);
		else if (*example == '^')
			fputs(row->linux_name ? row->linux_name : "NAME", out);
		else
			putc(*example, out);
	putc('\n', out);
}

/* Print the lines of a row: the option with its text, then the example. */
static void help_print_row(FILE *out, const char *program, const struct dr_type *type,
			   const struct help_row *row)
{
	const char *text = row->text, *lf = strchr(text, '\n');

	fprintf(out, "  %-*s  ", OPTION_WIDTH, row->option);
	for (; lf; text = lf + 1, lf = strchr(text, '\n'))
		fprintf(out, "%.*s\n%*s", (int)(lf - text), text, OPTION_WIDTH + 4, "");
	fprintf(out, "%s\n", text);
	help_print_example(out, program, type, row->example);
}

/* Return true if an earlier row has the same option. */
static bool help_row_is_repeated(const struct help_row *rows, const struct help_row *row)
{
	for (; rows < row; rows++)
		if (!strcmp(rows->option, row->option))
			return true;
	return false;
}

void help_print_rows(FILE *out, const char *program, const struct dr_type *type,
		     const struct help_row *rows)
{
	for (const struct help_row *row = rows; row->option; row++)
		if (type ? help_row_applies(row, type) : !help_row_is_repeated(rows, row))
			help_print_row(out, program,
				       type ? type : help_row_first_type(row), row);
}

void help_print_types(FILE *out, bool only_lists)
{
	const struct dr_type *type;

	dr_foreach_type(type)
		if (!only_lists || dr_type_has_connectors(type))
			fprintf(out, "  -c %-6s  %s\n", dr_type_get_name(type),
				dr_type_get_title(type));
}

char *help_type_words(bool only_lists)
{
	const struct dr_type *type, *last = NULL;
	char *words = NULL;
	size_t size;
	FILE *out = open_memstream(&words, &size);

	if (!out)
		return NULL;
	dr_foreach_type(type)
		if (!only_lists || dr_type_has_connectors(type))
			last = type;
	dr_foreach_type(type)
		if (!only_lists || dr_type_has_connectors(type))
			fprintf(out, "%s%s",
				type == dr_type_next(NULL) ? ""
				: type == last		   ? " or "
							   : ", ",
				dr_type_get_name(type));
	return text_close(out, &words);
}
