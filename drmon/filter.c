// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmon/columns.h"
#include "drmon/filter.h"

static bool filter_column_matches(const struct conn *c, enum column column,
				  const char *word)
{
	char text[COLUMN_TEXT_MAX];

	column_text(c, 1, column, text, sizeof(text));
	return strcasestr(text, word);
}

static bool filter_any_column_matches(const struct conn *c, const char *word)
{
	for (enum column column = 0; column < COLUMNS; column++)
		if (filter_column_matches(c, column, word))
			return true;
	return false;
}

static bool filter_word_matches(const struct conn *c, const char *word)
{
	const char *colon = strchr(word, ':');
	enum column column;

	if (colon && column_find(word, (size_t)(colon - word), &column))
		return filter_column_matches(c, column, colon + 1);
	return filter_any_column_matches(c, word);
}

/* A PCI address has a colon, too: "0001:". */
bool filter_has_columns(const char *filter)
{
	enum column column;
	size_t len;

	for (; *filter; filter += strcspn(filter, " ")) {
		filter += strspn(filter, " ");
		len = strcspn(filter, ": ");
		if (filter[len] == ':' && !column_find(filter, len, &column) &&
		    strspn(filter, "0123456789abcdefABCDEF") < len)
			return false;
	}
	return true;
}

bool filter_matches(const char *filter, const struct conn *c)
{
	char words[FILTER_MAX], *save = NULL;

	snprintf(words, sizeof(words), "%s", filter);
	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save))
		if (!filter_word_matches(c, word))
			return false;
	return true;
}
