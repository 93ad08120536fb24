// SPDX-License-Identifier: GPL-2.0-or-later
#include <curses.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "drmon/panes.h"
#include "drmon/screen.h"

enum { ESCAPE_MS = 50, LEAST_WIDTH = 40, LEAST_HEIGHT = 8 };

int screen_open(void)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return -ENOTTY;
	if (!newterm(NULL, stdout, stdin))
		return -EINVAL;
	set_escdelay(ESCAPE_MS);
	cbreak();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	curs_set(0);
	panes_colours(has_colors() && !getenv("NO_COLOR"));
	return 0;
}

/* Close the screen. A terminal without an alternate screen keeps this one, so the next
 * output begins on a new line. */
void screen_close(void)
{
	if (stdscr) {
		move(LINES - 1, 0);
		clrtoeol();
		refresh();
	}
	endwin();
}

int screen_key(void)
{
	return getch();
}

void screen_draw(struct monitor *m)
{
	erase();
	if (COLS < LEAST_WIDTH || LINES < LEAST_HEIGHT)
		mvprintw(0, 0, "drmon needs %dx%d", LEAST_WIDTH, LEAST_HEIGHT);
	else
		panes_draw(m, LINES, COLS);
	refresh();
}
