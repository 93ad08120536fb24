/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sample.h - an event's bytes, and the places of its parts
 *
 * For well-formed events only.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sample {
	uint8_t *bytes;
	size_t len;
	unsigned int number;
};

uint16_t sample_be16(const uint8_t *bytes);
uint32_t sample_be32(const uint8_t *bytes);

bool sample_is_v6(const struct sample *sample); /* with sections */
/* Return the format of a body before version 6, or 0 without a body. */
uint8_t sample_format(const struct sample *sample);

/* Return the nth section with this id and its length, or NULL. */
uint8_t *sample_section(const struct sample *sample, const char *id, unsigned int nth,
			size_t *len);
/* Return the nth unknown section. */
uint8_t *sample_unknown(const struct sample *sample, unsigned int nth, size_t *len);
/* Return the nth substructure with this id in the call-outs of all sections, or NULL. */
uint8_t *sample_fru(const struct sample *sample, const char *id, unsigned int nth);
/* Return the location code of the nth call-out that has one, and its length with
 * padding. */
const char *sample_location(const struct sample *sample, unsigned int nth, size_t *len);
