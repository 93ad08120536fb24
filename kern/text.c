// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>

#include "kern/text.h"

char *vtext_of(const char *fmt, va_list ap)
{
	char *text;

	return vasprintf(&text, fmt, ap) < 0 ? NULL : text;
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
