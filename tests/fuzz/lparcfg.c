// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* The text of /proc/ppc64/lparcfg: a key, a NUL, the text. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/lparcfg.h"

static void check_line(const char *key, uint64_t number)
{
	char line[LPARCFG_LINE_MAX];
	uint64_t again;
	int len = lparcfg_line(line, key, number);

	if (len < 0)
		return;
	MUST(len < LPARCFG_LINE_MAX && strlen(line) == (size_t)len);
	MUST(!lparcfg_number(line, (size_t)len, key, &again) && again == number);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *key = (const char *)data, *text, *value;
	const uint8_t *nul = memchr(data, 0, size);
	size_t left, len;
	uint64_t number;

	if (!nul)
		return 0;
	text = (const char *)nul + 1;
	left = size - (size_t)(nul + 1 - data);
	if (!lparcfg_find(text, left, key, &value, &len)) {
		MUST(value > text && value + len <= text + left && value[-1] == '=');
		MUST(!memchr(value, '\n', len));
	}
	if (!lparcfg_number(text, left, key, &number) && !strpbrk(key, "=\n"))
		check_line(key, number);
	return 0;
}
