/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * columns.h - the columns of the table, of the screen and of --once
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

/* The column whose title begins so, in either case. */
bool column_find(const char *word, size_t len, enum column *column);

/* What stands there for a connector, or for a run of n of them. */
void column_text(const struct conn *c, size_t n, enum column column, char *text,
		 size_t size);

/* Widths for a line so wide, blanks between them included. */
void columns_fit(int width, int widths[COLUMNS]);

/* One line of the table into text, without blanks at its end. c NULL: the titles. */
void columns_line(const int widths[COLUMNS], const struct conn *c, size_t n, char *text,
		  size_t size);
