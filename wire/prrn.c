// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdbool.h>
#include <string.h>

#include "wire/number.h"
#include "wire/prrn.h"

static const char *const types[] = { [PRRN_CPU] = "cpu", [PRRN_MEM] = "mem" };

void prrn_begin(struct prrn_iter *it, const char *text, size_t len)
{
	*it = (struct prrn_iter){ .p = text, .end = len ? text + len : text };
}

struct span {
	const char *p;
	size_t len;
};

static bool prrn_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static struct span prrn_trim(struct span s)
{
	while (s.len && prrn_is_blank(*s.p)) {
		s.p++;
		s.len--;
	}
	while (s.len && prrn_is_blank(s.p[s.len - 1]))
		s.len--;
	return s;
}

/* Split off the part before the first blank; *s keeps the rest, trimmed. */
static struct span prrn_split_word(struct span *s)
{
	struct span word = { s->p, 0 };

	while (word.len < s->len && !prrn_is_blank(s->p[word.len]))
		word.len++;
	s->p += word.len;
	s->len -= word.len;
	*s = prrn_trim(*s);
	return word;
}

static bool prrn_read_index(struct span digits, uint32_t *index)
{
	bool prefixed = digits.len > 2 && digits.p[0] == '0' &&
			(digits.p[1] == 'x' || digits.p[1] == 'X');
	size_t skip = prefixed ? 2 : 0;
	uint64_t v;

	if (number_read(digits.p + skip, digits.len - skip, 16, &v) || !v ||
	    v > UINT32_MAX)
		return false;
	*index = (uint32_t)v;
	return true;
}

static enum prrn_kind prrn_kind_of(struct span type)
{
	for (unsigned int kind = PRRN_CPU; kind <= PRRN_MEM; kind++)
		if (type.len == strlen(types[kind]) &&
		    !memcmp(type.p, types[kind], type.len))
			return (enum prrn_kind)kind;
	return PRRN_UNKNOWN;
}

static void prrn_read_entry(struct prrn_entry *out, struct span line)
{
	struct span rest = line, type = prrn_split_word(&rest);

	out->text = line.p;
	out->len = line.len;
	out->drc_index = 0;
	out->kind = prrn_kind_of(type);
	if (!prrn_read_index(rest, &out->drc_index)) {
		out->kind = PRRN_BAD;
	} else if (out->kind == PRRN_UNKNOWN) {
		out->drc_index = 0;
		out->len = type.len;
	}
}

int prrn_next(struct prrn_iter *it, struct prrn_entry *out)
{
	while (it->p < it->end) {
		size_t left = (size_t)(it->end - it->p);
		const char *newline = memchr(it->p, '\n', left);
		struct span line = { it->p, newline ? (size_t)(newline - it->p) : left };

		it->p += line.len + !!newline;
		it->line++;
		line = prrn_trim(line);
		if (!line.len)
			continue;
		out->line = it->line;
		prrn_read_entry(out, line);
		return 1;
	}
	return 0;
}
