/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard_pages.h - bytes with nothing before or behind them
 *
 * Whoever reads a byte too much is stopped, also without a sanitizer.
 */
#pragma once

#include <stddef.h>

struct guard_pages {
	char *map;
	size_t page, room; /* room: bytes that can be read */
};

/* NULL pages->map: the machine has no memory. */
struct guard_pages guard_pages_new(size_t room);
void guard_pages_free(struct guard_pages *pages);

/* A copy whose first byte has nothing before it, or whose last has nothing behind it. */
char *guard_pages_first(const struct guard_pages *pages, const void *bytes, size_t len);
char *guard_pages_last(const struct guard_pages *pages, const void *bytes, size_t len);
