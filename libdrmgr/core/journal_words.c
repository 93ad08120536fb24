// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/journal_words.h"
#include "wire/number.h"

/* Decode %XX in place. Return 0 or -EBADMSG. */
static int word_unescape(char *word)
{
	char *to = word;
	uint64_t byte;

	for (; *word; word++) {
		if (*word != '%') {
			*to++ = *word;
			continue;
		}
		if (!word[1] || number_read(word + 1, 2, 16, &byte))
			return -EBADMSG;
		*to++ = (char)byte;
		word += 2;
	}
	*to = '\0';
	return 0;
}

int journal_words(char *line, char **word, size_t max)
{
	char *save = NULL;
	size_t n = 0;

	for (char *w = strtok_r(line, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
		if (n == max || word_unescape(w))
			return -EBADMSG;
		word[n++] = w;
	}
	return (int)n;
}

bool journal_number(const char *word, uint32_t *v)
{
	uint64_t n;

	if (strncmp(word, "0x", 2) != 0 ||
	    number_read(word + 2, strlen(word + 2), 16, &n) || n > UINT32_MAX)
		return false;
	*v = (uint32_t)n;
	return true;
}

void journal_words_join(char *const *word, int i, int n, char *text, size_t size)
{
	size_t used = 0;

	*text = '\0';
	for (int first = i; i < n && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s",
					 i > first ? " " : "", word[i]);
}
