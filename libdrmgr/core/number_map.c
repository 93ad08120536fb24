// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>

#include "libdrmgr/core/number_map.h"

void number_map_add(struct mem *m, struct number_map *map, uint32_t number, size_t at)
{
	*vec_add(m, map->places, map->n) =
		(struct number_place){ .number = number, .at = (uint32_t)at };
}

static int place_by_number(const void *a, const void *b)
{
	const struct number_place *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return (x->at > y->at) - (x->at < y->at);
}

void number_map_sort(struct number_map *map)
{
	if (map->n)
		qsort(map->places, map->n, sizeof(*map->places), place_by_number);
}

/* Return the index of the first number that is not smaller. */
static size_t number_map_first(const struct number_map *map, uint32_t number)
{
	size_t low = 0, high = map->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (map->places[middle].number < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool number_map_next(const struct number_map *map, uint32_t number, size_t *i, size_t *at)
{
	if (!*i)
		*i = number_map_first(map, number);
	if (*i == map->n || map->places[*i].number != number)
		return false;
	*at = map->places[(*i)++].at;
	return true;
}

bool number_map_find(const struct number_map *map, uint32_t number, size_t *at)
{
	size_t i = 0;

	return number_map_next(map, number, &i, at);
}
