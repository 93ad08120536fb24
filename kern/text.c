// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/text.h"

/* Most texts are short: format them on the stack, which costs half of vasprintf(3). */
char *vtext_of(const char *fmt, va_list ap)
{
	char local[256], *text = NULL;
	va_list again;
	int len;

	va_copy(again, ap);
	len = vsnprintf(local, sizeof(local), fmt, ap);
	if (len >= (int)sizeof(local) && vasprintf(&text, fmt, again) < 0)
		text = NULL;
	else if (len >= 0 && len < (int)sizeof(local))
		text = malloc((size_t)len + 1);
	va_end(again);
	if (text && len < (int)sizeof(local))
		memcpy(text, local, (size_t)len + 1);
	return text;
}

const char *text_or_reason(const char *text)
{
	return text ? text : strerror(ENOMEM);
}

char *text_of(const char *fmt, ...)
{
	va_list ap;
	char *text;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	return text;
}

char *text_close(FILE *to, char **text)
{
	bool is_whole = !ferror(to);

	/* The text is NULL if fclose() could not shrink it, although it returns 0. */
	if (fclose(to) || !is_whole) {
		free(*text);
		*text = NULL;
	}
	return *text;
}
