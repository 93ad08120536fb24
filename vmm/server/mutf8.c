// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdint.h>

#include "vmm/server/mutf8.h"

enum { MAX_CHARACTER = 0x10ffff };

static bool is_character(uint32_t c)
{
	bool surrogate = c >= 0xd800 && c <= 0xdfff;
	bool noncharacter = (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe;

	return c <= MAX_CHARACTER && !surrogate && !noncharacter;
}

/* Return how many bytes the character has, according to its first byte. 0: none begins
 * with it. */
static size_t bytes_of(uint8_t first)
{
	if (first < 0x80)
		return 1;
	if (first < 0xc0 || first > 0xfd)
		return 0;
	return 2 + (first >= 0xe0) + (first >= 0xf0) + (first >= 0xf8) + (first >= 0xfc);
}

int mutf8_decode(const char *text, size_t *len)
{
	static const uint32_t least[] = {
		[2] = 0x80, 0x800, 0x10000, 0x200000, 0x4000000
	};
	const uint8_t *p = (const uint8_t *)text;
	size_t n = bytes_of(*p);
	uint32_t c = n > 1 ? *p & (0x7fu >> n) : *p;

	*len = 1;
	if (n < 2)
		return n ? (int)c : -1;
	for (; *len < n && (p[*len] & 0xc0) == 0x80; ++*len)
		c = c << 6 | (p[*len] & 0x3f);
	if (*len < n || !is_character(c))
		return -1;
	return c >= least[n] || (!c && n == 2) ? (int)c : -1;
}

size_t mutf8_encode(int character, char out[MUTF8_MAX])
{
	uint32_t c = (uint32_t)character;
	size_t n = 2 + (c > 0x7ff) + (c > 0xffff);

	if (character < 0 || !is_character(c))
		return 0;
	if (c && c < 0x80) {
		*out = (char)c;
		return 1;
	}
	for (size_t i = n - 1; i; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	*out = (char)((0xf00u >> n & 0xff) | c);
	return n;
}
