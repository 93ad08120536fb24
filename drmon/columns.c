// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/connectors.h"
#include "drmon/columns.h"

static const struct {
	const char *title;
	int width; /* in a line of 80 columns */
	int share; /* quarters of the additional width in a wider line */
} columns[COLUMNS] = {
	[COLUMN_TYPE] = { "Type", 5, 0 },
	[COLUMN_NAME] = { "Name", 11, 1 },
	[COLUMN_INDEX] = { "Index", 12, 0 },
	[COLUMN_STATE] = { "State", 12, 0 },
	[COLUMN_LOCATION] = { "Location", 14, 1 },
	[COLUMN_DEVICES] = { "Devices", 17, 2 },
	[COLUMN_DRIVER] = { "Driver", 8, 0 },
};

enum { NARROW = 79, SHARES = 4 };

const char *column_title(enum column column)
{
	return columns[column].title;
}

bool column_find(const char *word, size_t len, enum column *column)
{
	for (*column = 0; *column < COLUMNS; ++*column)
		if (len && !strncasecmp(columns[*column].title, word, len))
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
	if (conn_is(c, "mem")) {
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
		snprintf(text, size, "%s", c->state);
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

void columns_fit(int width, int widths[COLUMNS])
{
	int more = width > NARROW ? width - NARROW : 0;

	for (enum column column = 0; column < COLUMNS; column++)
		widths[column] =
			columns[column].width + more * columns[column].share / SHARES;
}

/* Format a cell. Unprintable bytes become '?', so that they cannot control the
 * terminal. */
static void column_format_cell(const char *cell, int width, bool is_last, char *text,
			       size_t size)
{
	int room = is_last ? width : width - 1;

	for (; width > 0 && size > 1; width--, size--, room--) {
		*text++ = !*cell || room <= 0		  ? ' '
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
		column_format_cell(c ? cell : columns[column].title, widths[column],
				   column + 1 == COLUMNS, text + len, size - len);
		len += strlen(text + len);
	}
	while (len && text[len - 1] == ' ')
		text[--len] = '\0';
}
