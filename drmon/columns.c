// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/connectors.h"
#include "drmon/columns.h"

static const char *const titles[COLUMNS] = {
	[COLUMN_TYPE] = "Type",		[COLUMN_NAME] = "Name",
	[COLUMN_INDEX] = "Index",	[COLUMN_STATE] = "State",
	[COLUMN_LOCATION] = "Location", [COLUMN_DEVICES] = "Devices",
	[COLUMN_DRIVER] = "Driver",
};

const char *column_title(enum column column)
{
	return titles[column];
}

bool column_find(const char *word, size_t len, enum column *column)
{
	for (*column = 0; *column < COLUMNS; ++*column)
		if (len && !strncasecmp(titles[*column], word, len))
			return true;
	return false;
}

/* Format "LMB 4", or "LMB 4-11" for a run. */
static void column_format_name(const struct conn *c, size_t n, char *text, size_t size)
{
	const char *last = n > 1 ? c[n - 1].name : "", *digits = last + strlen(last);

	while (digits > last && isdigit((unsigned char)digits[-1]))
		digits--;
	if (n == 1 || !*c->name)
		snprintf(text, size, "%s", *c->name ? c->name : "-");
	else
		snprintf(text, size, "%s-%s", c->name, *digits ? digits : last);
}

static void column_format_devices(const struct conn *c, size_t n, char *text, size_t size)
{
	char bytes[32], node[32] = "";

	if (c->node >= 0)
		snprintf(node, sizeof(node), "node %lld", (long long)c->node);
	if (type_is(c->type, TYPE_MEMORY)) {
		size_format(c->bytes * n, bytes, sizeof(bytes));
		snprintf(text, size, "%s%s%s", bytes, *node ? "  " : "", node);
	} else if (n == 1) {
		snprintf(text, size, "%s", c->devices);
	} else {
		snprintf(text, size, "%zu cores%s%s", n, *node ? "  " : "", node);
	}
}

static void column_format_type(const struct conn *c, char *text, size_t size)
{
	snprintf(text, size, "%s", dr_type_get_name(c->type));
	for (; *text; text++)
		*text = (char)toupper((unsigned char)*text);
}

void column_text(const struct conn *c, size_t n, enum column column, char *text,
		 size_t size)
{
	switch (column) {
	case COLUMN_TYPE:
		column_format_type(c, text, size);
		break;
	case COLUMN_NAME:
		column_format_name(c, n, text, size);
		break;
	case COLUMN_INDEX:
		if (c->index)
			snprintf(text, size, "0x%08x", c->index);
		else
			snprintf(text, size, "-");
		break;
	case COLUMN_STATE:
		snprintf(text, size, "%s", c->left ? c->left : c->state);
		break;
	case COLUMN_LOCATION:
		snprintf(text, size, "%s", *c->location ? c->location : "-");
		break;
	case COLUMN_DEVICES:
		column_format_devices(c, n, text, size);
		break;
	default:
		snprintf(text, size, "%s", c->driver);
		break;
	}
}

void columns_measure(int needed[COLUMNS], const struct conn *c, size_t n)
{
	char cell[COLUMN_TEXT_MAX];

	for (enum column column = 0; column < COLUMNS; column++) {
		int len;

		if (c)
			column_text(c, n, column, cell, sizeof(cell));
		len = (int)strlen(c ? cell : titles[column]);
		if (!c || len > needed[column])
			needed[column] = len;
	}
}

/* Return the column that becomes narrower: the widest one from the location on, then the
 * last one that has a width. */
static enum column column_to_cut(const int widths[COLUMNS])
{
	enum column cut = COLUMN_LOCATION;

	for (enum column column = cut + 1; column < COLUMNS; column++)
		if (widths[column] > widths[cut])
			cut = column;
	while (cut && !widths[cut])
		cut--;
	return cut;
}

void columns_fit(int width, const int needed[COLUMNS], int widths[COLUMNS])
{
	int total = COLUMNS - 1;

	for (enum column column = 0; column < COLUMNS; column++) {
		widths[column] = needed[column];
		total += needed[column];
	}
	for (; total > width && total > COLUMNS; total--)
		widths[column_to_cut(widths)]--;
	/* a second blank between the columns, if there is room */
	for (enum column column = 0; total + COLUMNS - 1 <= width && column + 1 < COLUMNS;
	     column++)
		widths[column]++;
}

/* Format a cell. Unprintable bytes become '?', so that they cannot control the
 * terminal. A cut is marked. */
static void column_format_cell(const char *cell, int width, char *text, size_t size)
{
	bool is_cut = (int)strlen(cell) > width;

	for (; width > 0 && size > 1; width--, size--) {
		*text++ = is_cut && width == 1		  ? '~'
			  : !*cell			  ? ' '
			  : isprint((unsigned char)*cell) ? *cell
							  : '?';
		if (*cell)
			cell++;
	}
	*text = '\0';
}

void columns_line(const int widths[COLUMNS], const struct conn *c, size_t n, char *text,
		  size_t size)
{
	char cell[COLUMN_TEXT_MAX];
	size_t len = 0;

	*text = '\0';
	for (enum column column = 0; column < COLUMNS; column++) {
		if (c)
			column_text(c, n, column, cell, sizeof(cell));
		if (column && len + 1 < size)
			text[len++] = ' ';
		column_format_cell(c ? cell : titles[column], widths[column], text + len,
				   size - len);
		len += strlen(text + len);
	}
	while (len && text[len - 1] == ' ')
		text[--len] = '\0';
}
