/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * number.h - digits that are a number, and nothing beside them
 *
 * Neither sign nor blank nor prefix is a digit; the text needs no NUL.
 *
 * Errors:  negative errno; -EBADMSG no digit or something else, -ERANGE too big.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

static inline unsigned int number_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return 16;
}

/* base is 2..16. */
static inline int number_read(const char *text, size_t len, unsigned int base,
			      uint64_t *out)
{
	uint64_t v = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned int digit = number_digit(text[i]);

		if (digit >= base)
			return -EBADMSG;
		if (__builtin_mul_overflow(v, base, &v) ||
		    __builtin_add_overflow(v, digit, &v))
			return -ERANGE;
	}
	*out = v;
	return len ? 0 : -EBADMSG;
}
