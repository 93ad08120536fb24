/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * number.h - read a number from text that must be digits only
 *
 * Signs, blanks and prefixes are rejected; the text needs no NUL.
 *
 * Errors:  negative errno; -EBADMSG the text is empty or has another character, -ERANGE
 *          the number exceeds 64 bits.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>

/* Return the value of a digit of base 16; 16: not a digit. */
static inline unsigned int number_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= ' '; /* the letter in lower case */
	return c >= 'a' && c <= 'f' ? (unsigned int)(c - 'a') + 10 : 16;
}

/* Read a number; base is 2..16. Return 0, -EBADMSG or -ERANGE. */
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
