// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <string.h>

#include "cli/common.h"
#include "drmgr/help.h"

enum { OPTION_WIDTH = 22 };

static bool help_row_applies(const struct option_row *row, const struct dr_type *type)
{
	unsigned int traits = row->where & (HELP_GENERAL - 1);

	if (!row->help || row->where & HELP_GENERAL ||
	    (row->where & HELP_ACTION && !dr_type_allows(type, (enum dr_action)row->n)))
		return false;
	if (!traits || row->where & HELP_NOT)
		return dr_type_allows(type, DR_QUERY) && !type_is(type, traits);
	return type_is(type, traits);
}

const struct option_row *help_next_row(const struct option_table *table,
				       const struct dr_type *type, char letter,
				       const struct option_row *last)
{
	const struct option_row *row = last ? last + 1 : table->rows;

	for (; row < table->rows + table->n_rows; row++)
		if ((!letter || option_base(row)->letter == letter) &&
		    help_row_applies(row, type))
			return row;
	return NULL;
}

static void help_print_examples(const char *program, const struct dr_type *type)
{
	const char *line = type_row(type)->examples, *end;

	for (puts("\nExamples:"); line; line = *end ? end + 1 : NULL) {
		end = strchrnul(line, '\n');
		printf("  %s -c %s %.*s\n", program, dr_type_get_name(type),
		       (int)(end - line), line);
	}
}

/* Return true if an earlier row has the same option and argument. */
static bool help_row_is_repeated(const struct option_row *row)
{
	for (const struct option_row *base = option_base(row); base < row; base++)
		if (!row->argument || !strcmp(base->argument, row->argument))
			return true;
	return false;
}

static void help_print_general(const struct option_table *table, bool only_lists)
{
	const struct dr_type *type;

	fputs(table->usage, stdout);
	dr_foreach_type(type)
		if (!only_lists || dr_type_has_connectors(type))
			printf("  -c %-6s  %s\n", dr_type_get_name(type),
			       dr_type_get_title(type));
	puts("\nOptions:");
	for (const struct option_row *row = table->rows;
	     row < table->rows + table->n_rows; row++)
		if (row->help && !help_row_is_repeated(row))
			option_print_row(row, OPTION_WIDTH);
}

/* Print the usage and the title of a type: "Usage: drmgr -c cpu {-a | -r} [OPTION]...". */
static void help_print_usage(const struct option_table *table, const struct dr_type *type)
{
	const char *title = dr_type_get_title(type), *before = " {", *after = "";

	printf("Usage: %s -c %s", table->program, dr_type_get_name(type));
	for (const struct option_row *row = NULL;
	     (row = help_next_row(table, type, 0, row));) {
		if (!(row->where & HELP_ACTION))
			continue;
		printf("%s-%c", before, row->letter);
		before = " | ";
		after = "}";
	}
	printf("%s [OPTION]...\n%c%s.\n\n", after, toupper((unsigned char)*title),
	       title + 1);
}

void help_print(const struct option_table *table, const struct dr_type *type,
		bool only_lists)
{
	if (type)
		help_print_usage(table, type);
	else
		help_print_general(table, only_lists);
	for (const struct option_row *row = NULL;
	     type && (row = help_next_row(table, type, 0, row));)
		option_print_row(row, OPTION_WIDTH);
	if (type && !only_lists && type_row(type)->examples)
		help_print_examples(table->program, type);
	puts("");
	if (!type || only_lists)
		fputs(table->notes, stdout);
	printf("See %s.\n", table->manual);
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
