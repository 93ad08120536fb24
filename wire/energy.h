/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * energy.h - the answer of H_GET_ENERGY_SCALE_INFO: power modes and frequencies
 *
 * Source:  PAPR+ 14.14; Linux 6.12 papr_platform_attributes.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/builder.h"

enum {
	ENERGY_HEADER_BYTES = 24, /* number of attributes, offset of the first, version */
	ENERGY_TEXT_BYTES = 64,	  /* with NUL */
	ENERGY_ATTR_BYTES = 8 + 8 + 2 * ENERGY_TEXT_BYTES,
};

struct energy_attr {
	uint64_t id, value;
	char description[ENERGY_TEXT_BYTES];
	char value_text[ENERGY_TEXT_BYTES]; /* "": the value is a number */
};

void energy_encode(struct builder *b, const struct energy_attr *attrs, size_t n);

/* Decode up to max attributes. Return how many there are, or -EINVAL. */
int energy_decode(const void *bytes, size_t len, struct energy_attr *attrs, size_t max);
