/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ranges.h - lists of numbers as in sysfs: "0-3,8,10-11"
 *
 * Errors:  -EBADMSG the text is no such list.
 * Source:  Linux 6.1 lib/vsprintf.c (bitmap_list_string)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/number.h"

/* Read the next range, *first to *last, and move *text after it. Return 1, 0 at the end,
 * or -EBADMSG. */
static inline int ranges_next(const char **text, uint32_t *first, uint32_t *last)
{
	size_t len = strspn(*text, "0123456789");
	uint64_t from, to;

	if (!**text || **text == '\n')
		return 0;
	if (number_read(*text, len, 10, &from))
		return -EBADMSG;
	*text += len;
	to = from;
	if (**text == '-') {
		len = strspn(++*text, "0123456789");
		if (number_read(*text, len, 10, &to))
			return -EBADMSG;
		*text += len;
	}
	if (from > to || to > UINT32_MAX || (**text && !strchr(",\n", **text)))
		return -EBADMSG;
	*text += **text == ',';
	*first = (uint32_t)from;
	*last = (uint32_t)to;
	return 1;
}

/* Read the next range of an ascending list, as the kernel prints it, and cut it to the
 * numbers below limit. The caller sets *next to 0 before the first call. Return 1, 0 at
 * the end, or -EBADMSG. A range that does not follow the previous one is also -EBADMSG:
 * otherwise the caller could visit the same numbers again and again. */
static inline int ranges_next_below(const char **text, uint32_t limit, uint32_t *next,
				    uint32_t *first, uint32_t *last)
{
	int more = ranges_next(text, first, last);

	if (more <= 0)
		return more;
	if (*first < *next)
		return -EBADMSG;
	if (*first >= limit)
		return 0;
	if (*last >= limit)
		*last = limit - 1;
	*next = *last + 1;
	return 1;
}
