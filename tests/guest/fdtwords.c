// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/*
 * fdtwords - print a flattened tree, valid or not, on standard output
 *
 *   fdtwords WORD...
 *
 *   node NAME ... end             a node; "" is the root, which must be given
 *   text NAME VALUE               properties: a string with its end,
 *   raw NAME VALUE                  without it, \xNN for a byte,
 *   cell NAME NUMBER                a number of four bytes,
 *   fill NAME BYTES                 so many bytes,
 *   names NAME A,B,C                strings with their ends
 *   fragment PATH, to NUMBER      a node fragment@N for this target; one "end" ends it
 *   op NAME                       papr,op
 *   content                       a node "__overlay__"
 *   nodes N, props N, deep N      so many nodes beside each other (n1...), properties,
 *                                 nodes each in the one before, all of them ended
 *   tag NUMBER                    a word of the structure
 *   done                          end the structure, before these words:
 *   header INDEX NUMBER           set the header's word INDEX; +N, -N: relative
 *   open                          the structure has no end
 *   cut BYTES, tail BYTES         remove, or add, so many at the end
 *   size BYTES                    add zeros up to this size
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BYTES_MAX = 4 << 20,
	HEADER_WORDS = 10,
	RESERVED_BYTES = 16,
	BEGIN_NODE = 1,
	END_NODE = 2,
	PROP = 3,
	END = 9,
};

struct bytes {
	uint8_t *at;
	size_t len;
};

static struct bytes structure, strings;
static unsigned int fragments;
static char **words;

static const char *next(void)
{
	if (!*words)
		errx(2, "a word is missing");
	return *words++;
}

static uint32_t number(void)
{
	return (uint32_t)strtoul(next(), NULL, 0);
}

static void add(struct bytes *b, const void *from, size_t len)
{
	if (!b->at)
		b->at = calloc(1, BYTES_MAX);
	if (!b->at || len > BYTES_MAX - b->len - 4)
		errx(1, "too many bytes");
	if (from)
		memcpy(b->at + b->len, from, len);
	b->len += len;
}

static void put(uint8_t *at, uint32_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> (24 - 8 * i));
}

static uint32_t get(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 |
	       at[3];
}

static void word(uint32_t value)
{
	uint8_t cell[4];

	put(cell, value);
	add(&structure, cell, sizeof(cell));
}

static void fill_up(void)
{
	structure.len = (structure.len + 3) & ~(size_t)3;
}

static void begin(const char *name)
{
	word(BEGIN_NODE);
	add(&structure, name, strlen(name) + 1);
	fill_up();
}

static void prop(const char *name, const void *value, size_t len)
{
	word(PROP);
	word((uint32_t)len);
	word((uint32_t)strings.len);
	add(&strings, name, strlen(name) + 1);
	add(&structure, value, len);
	fill_up();
}

static void cell(const char *name, uint32_t value)
{
	uint8_t bytes[4];

	put(bytes, value);
	prop(name, bytes, sizeof(bytes));
}

static void text(const char *name, const char *value)
{
	prop(name, value, strlen(value) + 1);
}

/* \xNN is a byte; a comma ends one of several names. */
static void unescaped(const char *name, const char *from, bool has_names)
{
	char *to = strdup(from), *end = to;

	if (!to)
		err(1, NULL);
	for (; *from; end++) {
		if (from[0] == '\\' && from[1] == 'x') {
			const char digits[] = { from[2], from[3], '\0' };

			*end = (char)strtoul(digits, NULL, 16);
			from += 4;
		} else {
			*end = has_names && *from == ',' ? '\0' : *from;
			from++;
		}
	}
	prop(name, to, (size_t)(end - to) + has_names);
	free(to);
}

static void fragment(void)
{
	char name[32];

	snprintf(name, sizeof(name), "fragment@%u", fragments++);
	begin(name);
}

static void many(const char *what, uint32_t n)
{
	char name[16];

	for (uint32_t i = 1; i <= n; i++) {
		snprintf(name, sizeof(name), "%c%u", *what, i);
		if (!strcmp(what, "props")) {
			prop(name, NULL, 0);
			continue;
		}
		begin(name);
		if (!strcmp(what, "nodes"))
			word(END_NODE);
	}
	for (uint32_t i = 0; !strcmp(what, "deep") && i < n; i++)
		word(END_NODE);
}

static void structure_word(const char *w)
{
	const char *name;

	if (!strcmp(w, "node")) {
		begin(next());
	} else if (!strcmp(w, "end")) {
		word(END_NODE);
	} else if (!strcmp(w, "text")) {
		name = next();
		text(name, next());
	} else if (!strcmp(w, "raw") || !strcmp(w, "names")) {
		name = next();
		unescaped(name, next(), *w == 'n');
	} else if (!strcmp(w, "cell")) {
		name = next();
		cell(name, number());
	} else if (!strcmp(w, "fill")) {
		name = next();
		prop(name, NULL, number());
	} else if (!strcmp(w, "fragment")) {
		fragment();
		text("target-path", next());
	} else if (!strcmp(w, "to")) {
		fragment();
		cell("target", number());
	} else if (!strcmp(w, "op")) {
		text("papr,op", next());
	} else if (!strcmp(w, "content")) {
		begin("__overlay__");
	} else if (!strcmp(w, "nodes") || !strcmp(w, "props") || !strcmp(w, "deep")) {
		many(w, number());
	} else if (!strcmp(w, "tag")) {
		word(number());
	} else {
		errx(2, "%s?", w);
	}
}

static void change_word(uint8_t *at, const char *value)
{
	uint32_t n = (uint32_t)strtoul(value, NULL, 0);

	put(at, *value == '+' || *value == '-' ? get(at) + n : n);
}

static void whole_word(const char *w, uint8_t *header, struct bytes *whole)
{
	uint32_t n = number();

	if (!strcmp(w, "header")) {
		if (n >= HEADER_WORDS)
			errx(2, "the header has %d words", HEADER_WORDS);
		change_word(header + 4 * n, next());
	} else if (!strcmp(w, "cut") && n <= whole->len) {
		whole->len -= n;
	} else if (!strcmp(w, "tail")) {
		add(whole, NULL, n);
	} else if (!strcmp(w, "size") && n >= whole->len) {
		add(whole, NULL, n - whole->len);
		put(header + 4, n);
	} else {
		errx(2, "%s?", w);
	}
}

int main(int argc, char **argv)
{
	uint8_t header[4 * HEADER_WORDS] = { 0 };
	struct bytes whole = { 0 };
	size_t at = sizeof(header) + RESERVED_BYTES;
	const char *w;

	(void)argc;
	words = argv + 1;
	while (*words && strcmp(*words, "done") && strcmp(*words, "open"))
		structure_word(next());
	w = *words ? next() : "";
	if (strcmp(w, "open") != 0)
		word(END);
	add(&strings, "", 1);

	add(&whole, NULL, at);
	add(&whole, structure.at, structure.len);
	add(&whole, strings.at, strings.len);
	const uint32_t values[HEADER_WORDS] = {
		0xd00dfeed,
		(uint32_t)whole.len,
		(uint32_t)at,
		(uint32_t)(at + structure.len),
		sizeof(header),
		17,
		16,
		0,
		(uint32_t)strings.len,
		(uint32_t)structure.len,
	};
	for (int i = 0; i < HEADER_WORDS; i++)
		put(header + 4 * i, values[i]);
	while (*words) {
		w = next();
		whole_word(w, header, &whole);
	}
	memcpy(whole.at, header, sizeof(header));
	if (fwrite(whole.at, 1, whole.len, stdout) != whole.len || fflush(stdout))
		err(1, "output");
	free(whole.at);
	free(structure.at);
	free(strings.at);
	return 0;
}
