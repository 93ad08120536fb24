/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_vectors.h - event logs that tests take apart and print
 *
 * T* are well-formed, M* are not or are odd, V* are of the versions before 6, S* and H*
 * have what the others lack.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EVENT_VECTOR_MAX_BYTES = 512 };

struct event_vector {
	const char *name, *about;
	bool negative; /* to be parsed with a length of -1 */
	const char *hex;
};

extern const struct event_vector event_vectors[];
extern const size_t event_vector_count;

/* NULL: none has this name. */
const struct event_vector *event_vector(const char *name);

/* How many bytes it has; bytes holds EVENT_VECTOR_MAX_BYTES. */
size_t event_vector_bytes(const struct event_vector *v, uint8_t *bytes);
