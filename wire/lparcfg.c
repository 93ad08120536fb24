// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "wire/lparcfg.h"
#include "wire/number.h"

int lparcfg_find(const char *text, size_t len, const char *key, const char **value,
		 size_t *value_len)
{
	size_t key_len = strlen(key), line;

	for (; len; text += line, len -= line) {
		const char *end = memchr(text, '\n', len);

		line = end ? (size_t)(end - text) : len;
		if (line > key_len && text[key_len] == '=' &&
		    !memcmp(text, key, key_len)) {
			*value = text + key_len + 1;
			*value_len = line - key_len - 1;
			return 0;
		}
		line += line < len; /* skip the newline */
	}
	return -ENOENT;
}

int lparcfg_number(const char *text, size_t len, const char *key, uint64_t *value)
{
	const char *digits;
	size_t n;
	int err = lparcfg_find(text, len, key, &digits, &n);

	return err ? err : number_read(digits, n, 10, value);
}

int lparcfg_line(char *line, const char *key, uint64_t value)
{
	int n = snprintf(line, LPARCFG_LINE_MAX, "%s=%" PRIu64 "\n", key, value);

	return n < LPARCFG_LINE_MAX ? n : -ENAMETOOLONG;
}
