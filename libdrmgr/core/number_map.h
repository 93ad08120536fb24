/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * number_map.h - a map from numbers to indexes: filled, sorted once, then read
 *
 * For lists that are too long for repeated searches: tens of thousands of connectors.
 *
 * Memory:  that of the list or run; a zeroed map is empty.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mem.h"

struct number_map {
	struct number_place {
		uint32_t number;
		uint32_t at;
	} * places;
	size_t n;
};

void number_map_add(struct mem *m, struct number_map *map, uint32_t number, size_t at);
/* Sort the map once, when it is complete. */
void number_map_sort(struct number_map *map);
/* Find a number: its first index, if there are several. */
bool number_map_find(const struct number_map *map, uint32_t number, size_t *at);
/* Return each index of a number. The caller sets *i to 0 before the first call. Return
 * false at the end. */
bool number_map_next(const struct number_map *map, uint32_t number, size_t *i,
		     size_t *at);
