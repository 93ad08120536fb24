/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * filter.h - which connectors somebody wants to see
 *
 * Words, all of which must be in one of the columns, in either case; "state:present" is in
 * that column alone.
 */
#pragma once

#include "drmon/inventory.h"

enum { FILTER_MAX = 80 };

bool filter_matches(const char *filter, const struct conn *c);
