/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * panes.h - the parts of the screen: head, table, operation, events, keys
 *
 * Lines are ASCII. Colours add no information to the words.
 */
#pragma once

#include <stdbool.h>

struct monitor;

/* Set up colours; call it once. has: the terminal has colours, and the user allows
 * them. */
void panes_colours(bool has);

/* Draw all parts. Sets m->rows to the number of rows of the table. */
void panes_draw(struct monitor *m, int height, int width);
