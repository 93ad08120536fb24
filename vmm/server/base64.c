// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <string.h>

#include "vmm/server/base64.h"

static const char alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

size_t base64_length(size_t bytes)
{
	return (bytes + 2) / 3 * 4;
}

void base64_encode(const uint8_t *bytes, size_t n, char *text)
{
	for (size_t i = 0; i < n; i += 3) {
		uint32_t three = (uint32_t)bytes[i] << 16;

		if (n - i > 1)
			three |= (uint32_t)bytes[i + 1] << 8;
		if (n - i > 2)
			three |= bytes[i + 2];
		*text++ = alphabet[three >> 18];
		*text++ = alphabet[three >> 12 & 63];
		*text++ = n - i > 1 ? alphabet[three >> 6 & 63] : '=';
		*text++ = n - i > 2 ? alphabet[three & 63] : '=';
	}
}

ssize_t base64_decode(const char *text, size_t len, uint8_t *bytes)
{
	uint32_t bits = 0;
	size_t n = 0, digits;

	if (len % 4)
		return -EINVAL;
	for (digits = len; digits && len - digits < 2 && text[digits - 1] == '=';)
		digits--;
	for (size_t i = 0; i < digits; i++) {
		const char *at = text[i] ? strchr(alphabet, text[i]) : NULL;

		if (!at)
			return -EINVAL;
		bits = bits << 6 | (uint32_t)(at - alphabet);
		if (i % 4)
			bytes[n++] = (uint8_t)(bits >> (6 - i % 4 * 2));
	}
	return (ssize_t)n;
}
