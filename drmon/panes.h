/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * panes.h - the parts of the screen: head, table, operation, events, keys
 *
 * Lines are of ASCII, and no colour says what words do not say as well.
 */
#pragma once

#include <stdbool.h>

struct monitor;

/* Called once. has: the terminal has colours, and the user wants them. */
void panes_colours(bool has);

/* Sets m->rows to what there is room for. */
void panes_draw(struct monitor *m, int height, int width);
