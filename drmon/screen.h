/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen.h - the terminal, by curses
 */
#pragma once

#include <stdbool.h>

struct monitor;

/* Open the screen. Return 0, -ENOTTY if standard input or output is not a terminal,
 * -EINVAL if curses does not know the terminal. */
int screen_open(void);
void screen_close(void);

/* Draw the screen; curses writes only the changes. */
void screen_draw(struct monitor *m);

/* Return the next key, or curses' ERR if none was typed. */
int screen_key(void);
