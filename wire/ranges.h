/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ranges.h - lists of numbers as sysfs has them: "0-3,8,10-11"
 *
 * Errors:  -EBADMSG what stands there is no such list.
 * Source:  Linux 6.1 lib/vsprintf.c (bitmap_list_string)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "wire/number.h"

/* 1: *first to *last are the next range, and *text is behind it. 0: no more. -EBADMSG. */
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

/* The same for a list of ascending numbers, as the kernel prints it, of which only those
 * below a limit count. *next is 0 at first. -EBADMSG: also a range that does not follow the
 * previous one; with it, the caller would go through the same numbers again and again. */
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
