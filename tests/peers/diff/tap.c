// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tests/peers/diff/tap.h"

void tap_result(struct tap *tap, bool ok, const char *format, ...)
{
	va_list ap;

	tap->number++;
	tap->failed += !ok;
	printf("%sok %u - ", ok ? "" : "not ", tap->number);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

void tap_skip(struct tap *tap, const char *format, ...)
{
	va_list ap;

	tap->number++;
	printf("ok %u # SKIP ", tap->number);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
}

void tap_note(const char *text)
{
	const char *line = text, *end;

	for (; *line; line = *end ? end + 1 : end) {
		end = strchrnul(line, '\n');
		printf("# %.*s\n", (int)(end - line), line);
	}
	fflush(stdout);
}

void tap_known(struct tap *tap, const struct known *known)
{
	size_t i;

	for (i = 0; i < known->n; i++)
		tap_result(tap, known->entries[i].used, "known difference: %s",
			   known->entries[i].what);
}

int tap_end(const struct tap *tap)
{
	printf("1..%u\n", tap->number);
	return tap->failed ? 1 : 0;
}
