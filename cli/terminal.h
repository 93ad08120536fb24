/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * terminal.h - the width of a terminal, and texts that fit into it
 *
 * A text that does not go to a terminal is not changed: programs search for words in
 * lines.
 */
#pragma once

#include <stdio.h>

/* Return the columns of the terminal at this descriptor; 0 if it is no terminal. */
int terminal_columns(int fd);

/* Print a text and a newline. On a terminal, lines that are too long are broken at
 * blanks. */
void terminal_print(FILE *out, const char *text);
