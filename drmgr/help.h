/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help.h - the text of --help: the options that apply, each with an example
 *
 * Which options a type has follows from its actions (dr_type_allows()) and from the rows of
 * the command. A new type has the rows that name no types.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "libdrmgr/drmgr.h"

/* An option. A type has the row if all conditions hold. */
struct help_row {
	const char *option; /* "-s NAME" */
	const char *text;   /* what it does: one line, or two with LF */
	/* A command line after the program and -c TYPE. '@' is replaced by a DRC name, '^'
	 * by a name of Linux. If it begins with '!', -c TYPE is not printed. */
	const char *example;
	enum dr_action action; /* the type allows it; DR_NO_ACTION: no condition */
	/* Words of types. NULL: all that can be queried; "!slot port": all of these but the
	 * types slot and port; "*": all. */
	const char *types;
};

/* Return true if the type has the row. */
bool help_row_applies(const struct help_row *row, const struct dr_type *type);

/* Print rows, up to the one without an option. type NULL: the first row of each option, and
 * its example is of the first type that has the row. */
void help_print_rows(FILE *out, const char *program, const struct dr_type *type,
		     const struct help_row *rows);

/* Print a line for each type, "  -c pci     title"; only_lists: for those that can be
 * listed. */
void help_print_types(FILE *out, bool only_lists);

/* Return the words of types as "pci, slot or phb". The caller frees it; NULL: no memory. */
char *help_type_words(bool only_lists);
