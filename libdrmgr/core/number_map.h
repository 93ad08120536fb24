/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * number_map.h - from a number to where something stands: filled, sorted once, asked
 *
 * For lists that are too long to be searched again and again: tens of thousands of
 * connectors.
 *
 * Memory:  number_map_free() accepts a zeroed one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct number_map {
	struct number_place {
		uint32_t number;
		uint32_t at;
	} * places;
	size_t n;
};

/* 0, -ENOMEM. */
int number_map_add(struct number_map *map, uint32_t number, size_t at);
/* To be called once, when all are there. */
void number_map_sort(struct number_map *map);
/* Where the number stands; the first place if there are several. */
bool number_map_find(const struct number_map *map, uint32_t number, size_t *at);
/* Each of the places: call with *i = 0 first; false: no more. */
bool number_map_next(const struct number_map *map, uint32_t number, size_t *i,
		     size_t *at);
void number_map_free(struct number_map *map);
