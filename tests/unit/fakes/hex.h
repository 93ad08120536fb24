/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytes as hexadecimal digits, with blanks anywhere between bytes. */
#pragma once

#include "tests/unit/fakes/test.h"

enum { HEX_MAX = 4096 };

struct hex {
	uint8_t *
		bytes; /* of exactly this size, so that a sanitizer sees a byte too much */
	size_t len;
};

static inline struct hex hex_of(const char *digits)
{
	uint8_t bytes[HEX_MAX];
	size_t n = 0;

	for (; *digits; digits++) {
		char two[3] = { digits[0], digits[1], '\0' };

		if (*digits == ' ')
			continue;
		assert_true(digits[1] && n < sizeof(bytes));
		bytes[n++] = (uint8_t)strtoul(two, NULL, 16);
		digits++;
	}
	return (struct hex){ exact_copy(bytes, n), n };
}

static inline void hex_free(struct hex *hex)
{
	free(hex->bytes);
}

#define _cleanup_hex_ __attribute__((cleanup(hex_free)))
