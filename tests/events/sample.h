/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sample.h - an event's bytes, and where what is in them
 *
 * Looks at well-formed events only.
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
/* The format of a body before version 6; 0: there is none. */
uint8_t sample_format(const struct sample *sample);

/* The nth section of this id; NULL: no more. *len: of it. */
uint8_t *sample_section(const struct sample *sample, const char *id, unsigned int nth,
			size_t *len);
/* The nth section that no decoder knows. */
uint8_t *sample_unknown(const struct sample *sample, unsigned int nth, size_t *len);
/* The nth substructure of this id in the call-outs of any section; NULL: no more. */
uint8_t *sample_fru(const struct sample *sample, const char *id, unsigned int nth);
/* The location code of the nth call-out that has one; *len: of it, padding included. */
const char *sample_location(const struct sample *sample, unsigned int nth, size_t *len);
