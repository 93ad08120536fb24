/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * quantity.h - the question of how many resources to add or to remove
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "drmon/action.h"

struct monitor;

struct quantity {
	bool is_open;
	enum action_kind kind;
	const struct dr_type *type;
	uint32_t n; /* 0: no digit was typed */
};

/* Ask how many resources of the list's type to add or to remove. n: digits that were typed
 * before the key; 0: none. */
void quantity_open(struct monitor *m, enum action_kind kind, size_t n);
void quantity_key(struct monitor *m, int key);
/* Return what drmgr counts of a type: "LMBs". */
const char *quantity_words(const struct dr_type *type);
/* Format "Add how many LMBs? 4_". */
void quantity_text(const struct quantity *quantity, char *text, size_t size);
