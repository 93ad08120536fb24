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

/* Return the text, or that memory is short if it is NULL. */
const char *text_or_reason(const char *text);

char *text_of(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
char *vtext_of(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));
