/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * help.h - --help of programs whose options depend on the connector type
 *
 * Which options a type has follows from its actions (dr_type_allows()), its traits, and the
 * member `where` of the rows.
 */
#pragma once

#include "cli/option_table.h"
#include "cli/types.h"

/* The types that have a row: 0: all that can be queried; traits: those with one of them. */
enum {
	HELP_NOT = 1 << 30,	/* all that can be queried and have none of the traits */
	HELP_ACTION = 1 << 29,	/* of these, those that allow the action n */
	HELP_GENERAL = 1 << 28, /* no type: only the help without a type has the row */
};

/* Return the row of an option that a type has; letter 0: any. NULL: it has none. The search
 * begins after the row `last`; NULL: at the first one. */
const struct option_row *help_next_row(const struct option_table *table,
				       const struct dr_type *type, char letter,
				       const struct option_row *last);

/* Print the help of a type, with its examples; type NULL: the usage of the table, the types, all
 * options, and the notes. only_lists: types that can be listed; the notes are for each. */
void help_print(const struct option_table *table, const struct dr_type *type,
		bool only_lists);

/* Return the words of types as "pci, slot or phb". The caller frees it; NULL: no memory. */
char *help_type_words(bool only_lists);
