/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_vectors.h - event logs for tests of parsers and printers
 *
 * T* are well-formed, M* are malformed or unusual, V* are of the versions before 6, S*
 * and H* have sections that the others lack.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVENT_VECTOR_MAX_BYTES = 512 };

struct event_vector {
	const char *name, *about;
	bool negative; /* parsed with a length of -1 */
	const char *hex;
};

extern const struct event_vector event_vectors[];
extern const size_t event_vector_count;

/* Return NULL if there is no such name. */
const struct event_vector *event_vector(const char *name);

/* Return the number of its bytes; bytes has room for EVENT_VECTOR_MAX_BYTES. */
size_t event_vector_bytes(const struct event_vector *v, uint8_t *bytes);
