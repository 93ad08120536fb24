/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * known.h - intended differences of our machine from the reference
 *
 * Shape:   lines of the file known-differences: "[SECTION]", then "WHAT: reason".
 *          WHAT is a rule, one word, or a vector and a field of its reply ("mem.021
 *          events"). An entry that no step uses is an error.
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct known_entry {
	char *what, *reason;
	unsigned int used;
};

struct known {
	struct known_entry *entries;
	size_t n;
};

/* Return true if there is a rule of this name. */
typedef bool known_is_rule_fn(const char *name);

/* Load the lines of a section. End the program if the file cannot be read or has a wrong
 * line. */
void known_load(struct known *known, const char *file, const char *section,
		known_is_rule_fn *is_rule);
void known_free(struct known *known);

/* Count a use of the entry. Return its reason, or NULL if it does not exist. */
const char *known_take(struct known *known, const char *what);
