// SPDX-License-Identifier: GPL-2.0-or-later
#include "vmm/server/utf8.h"

bool utf8_is_character(uint32_t code)
{
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return false;
	return !(code >= 0xfdd0 && code <= 0xfdef) && (code & 0xfffe) != 0xfffe;
}

/* Bytes that follow the first one, and the least that so many can say. */
static size_t following(uint8_t first, uint32_t *least)
{
	if (first >= 0xc2 && first <= 0xdf) {
		*least = 0x80;
		return 1;
	}
	if ((first & 0xf0) == 0xe0) {
		*least = 0x800;
		return 2;
	}
	if (first >= 0xf0 && first <= 0xf4) {
		*least = 0x10000;
		return 3;
	}
	return 0;
}

int32_t utf8_decode(const uint8_t *p, size_t left, size_t *len)
{
	uint32_t least, code;
	size_t more;

	*len = 1;
	if (*p < 0x80)
		return *p;
	more = following(*p, &least);
	if (!more || more >= left)
		return -1;
	code = *p & (0x3fU >> more);
	for (size_t i = 1; i <= more; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return -1;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least || !utf8_is_character(code))
		return -1;
	*len = more + 1;
	return (int32_t)code;
}

size_t utf8_encode(uint32_t code, char out[4])
{
	static const uint8_t leads[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = n; i > 1; i--) {
		out[i - 1] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	out[0] = (char)(leads[n] | code);
	return n;
}
