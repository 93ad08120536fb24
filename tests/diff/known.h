/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * known.h - where our machine is meant to differ from the reference
 *
 * Shape:   lines of the file known-differences: "[SECTION]", then "WHAT: reason". WHAT is
 *          a rule, one word, or a vector and a field of its reply ("mem.021 events").
 *          An entry that no step made use of is wrong.
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

/* There is a rule of this name. */
typedef bool known_is_rule_fn(const char *name);

/* One section of the file; ends the program if it cannot be read. */
void known_load(struct known *known, const char *file, const char *section,
		known_is_rule_fn *is_rule);
void known_free(struct known *known);

/* Counts as a use. */
bool known_take(struct known *known, const char *what);
