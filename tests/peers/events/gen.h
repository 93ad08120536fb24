/* SPDX-License-Identifier: GPL-2.0-or-later */
/* gen.h - random parts of events */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"

uint32_t gen_below(uint32_t n); /* 0 to n - 1 */
bool gen_one_in(uint32_t n);	/* true once in n times */
uint32_t gen_word(void);
uint8_t gen_pick(const uint8_t *values, size_t n); /* one of them; rarely another value */

void gen_random(struct builder *b, size_t len);
/* The text, padded to size bytes. */
void gen_padded(struct builder *b, const char *text, size_t size, char pad);
void gen_name(char *name, size_t len); /* len characters and NUL */
void gen_date(struct builder *b);
void gen_time(struct builder *b);

/* "IBM", the two headers, and sections up to the size of room. */
void gen_v6_sections(struct builder *b, size_t room);
/* A body of this format, and sometimes a vendor's data. */
void gen_v4_body(struct builder *b, uint8_t format);

/* Change some bytes of an event. */
void gen_mutate(uint8_t *event, size_t len);
