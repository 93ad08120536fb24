/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.h - select connectors by words
 *
 * Each word must occur in a column of the connector, ignoring case. "state:present" must
 * occur in that column.
 */
#pragma once

#include "drmon/inventory.h"

enum { FILTER_MAX = 80 };

/* Return false if a word before a colon is no column: "bogus:x". */
bool filter_has_columns(const char *filter);
bool filter_matches(const char *filter, const struct conn *c);
