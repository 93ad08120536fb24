/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * text.h - format texts
 *
 * Memory:  the caller frees the text; NULL: out of memory.
 * Layer:   kern
 */
#pragma once

#include <stdarg.h>
#include <stdio.h>

/* Close a stream of open_memstream(3), and return its text. */
char *text_close(FILE *to, char **text);

/* Join three texts, without the cost of a format. */
char *text_join(const char *a, const char *b, const char *c);

char *text_of(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *vtext_of(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));
