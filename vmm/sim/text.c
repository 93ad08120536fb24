// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/text.h"

void text_bytes(struct text *t, const void *bytes, size_t len)
{
	size_t size = t->size ? t->size : 256;
	char *buf;

	while (size - t->len <= len)
		size *= 2;
	if (!t->failed && size != t->size) {
		buf = realloc(t->buf, size);
		t->failed = !buf;
		if (buf) {
			t->buf = buf;
			t->size = size;
		}
	}
	if (t->failed)
		return;
	if (len)
		memcpy(t->buf + t->len, bytes, len);
	t->len += len;
	t->buf[t->len] = '\0';
}

void text_add(struct text *t, const char *format, ...)
{
	char *line;
	va_list ap;
	int len;

	va_start(ap, format);
	len = vasprintf(&line, format, ap);
	va_end(ap);
	if (len < 0) {
		t->failed = true;
		return;
	}
	text_bytes(t, line, (size_t)len);
	free(line);
}

void text_free(struct text *t)
{
	free(t->buf);
	*t = (struct text){ 0 };
}

int text_number(const char *bytes, size_t len, uint64_t max, uint64_t *n)
{
	char text[64], *end;

	if (!len || len >= sizeof(text) || strchr("- \t\n", *bytes))
		return -EINVAL;
	memcpy(text, bytes, len);
	text[len] = '\0';
	errno = 0;
	*n = strtoull(text, &end, 0);
	if (end == text || (*end && strcmp(end, "\n") != 0))
		return -EINVAL;
	return errno || *n > max ? -ERANGE : 0;
}
