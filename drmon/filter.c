// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmon/columns.h"
#include "drmon/filter.h"

static bool column_has(const struct conn *c, enum column column, const char *word)
{
	char text[COLUMN_TEXT_MAX];

	column_text(c, 1, column, text, sizeof(text));
	return strcasestr(text, word);
}

static bool any_column_has(const struct conn *c, const char *word)
{
	for (enum column column = 0; column < COLUMNS; column++)
		if (column_has(c, column, word))
			return true;
	return false;
}

static bool matches_word(const struct conn *c, const char *word)
{
	const char *colon = strchr(word, ':');
	enum column column;

	if (colon && column_find(word, (size_t)(colon - word), &column))
		return column_has(c, column, colon + 1);
	return any_column_has(c, word);
}

bool filter_matches(const char *filter, const struct conn *c)
{
	char words[FILTER_MAX], *save = NULL;

	snprintf(words, sizeof(words), "%s", filter);
	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		if (!matches_word(c, word))
			return false;
	return true;
}
