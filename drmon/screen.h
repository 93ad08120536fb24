/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * screen.h - the terminal, by curses
 */
#pragma once

#include <stdbool.h>

struct monitor;

/* 0; -ENOTTY standard input or output is no terminal, -EINVAL curses does not know it. */
int screen_open(void);
void screen_close(void);

/* Draws what has changed. */
void screen_draw(struct monitor *m);

/* The next key that was typed, or curses' ERR. */
int screen_key(void);
