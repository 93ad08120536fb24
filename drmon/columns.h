/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * columns.h - columns of the table, on the screen and for --once
 */
#pragma once

#include "drmon/inventory.h"

enum column {
	COLUMN_TYPE,
	COLUMN_NAME,
	COLUMN_INDEX,
	COLUMN_STATE,
	COLUMN_LOCATION,
	COLUMN_DEVICES,
	COLUMN_DRIVER,
	COLUMNS
};

enum { COLUMN_TEXT_MAX = 256 };

const char *column_title(enum column column);

/* Find the column whose title begins with a word, ignoring case. */
bool column_find(const char *word, size_t len, enum column *column);

/* Format a cell for a connector, or for a run of n connectors. */
void column_text(const struct conn *c, size_t n, enum column column, char *text,
		 size_t size);

/* Raise the widths that the columns need to those for a line. c NULL: begin with the titles. */
void columns_measure(int needed[COLUMNS], const struct conn *c, size_t n);

/* Return in widths what the columns get of a line, which has a blank between two of them. If
 * not all is as wide as needed, columns from the location on get less, or nothing. */
void columns_fit(int width, const int needed[COLUMNS], int widths[COLUMNS]);

/* Format one line of the table, without trailing blanks. c NULL: the titles. A text that is
 * cut ends with '~'. */
void columns_line(const int widths[COLUMNS], const struct conn *c, size_t n, char *text,
		  size_t size);
