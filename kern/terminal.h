/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * terminal.h - how wide a terminal is, and texts that fit into it
 *
 * What is not a terminal gets every text as it is: programs look for words in lines.
 */
#pragma once

#include <stdio.h>

/* Columns of the terminal behind a descriptor; 0: it is none. */
int terminal_columns(int fd);

/* A text and a line end. On a terminal lines that are too long are broken at blanks. */
void terminal_print(FILE *out, const char *text);
