/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard_pages.h - bytes with inaccessible memory before or after them
 *
 * A read of a byte too much ends the program, also without a sanitizer.
 */
#pragma once

#include <stddef.h>

struct guard_pages {
	char *map;
	size_t page, room; /* room: number of readable bytes */
};

/* NULL pages->map: mmap() failed. */
struct guard_pages guard_pages_new(size_t room);
void guard_pages_free(struct guard_pages *pages);

/* Return a copy with inaccessible memory before its first byte, or after its last. */
char *guard_pages_first(const struct guard_pages *pages, const void *bytes, size_t len);
char *guard_pages_last(const struct guard_pages *pages, const void *bytes, size_t len);
