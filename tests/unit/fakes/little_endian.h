/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers of up to 8 bytes as the registers and structures of PCI devices have them */
#pragma once

#include <stddef.h>
#include <stdint.h>

static inline void le_put(void *to, size_t len, uint64_t value)
{
	uint8_t *bytes = to;

	for (size_t i = 0; i < len; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
}

static inline uint64_t le_get(const void *from, size_t len)
{
	const uint8_t *bytes = from;
	uint64_t value = 0;

	for (size_t i = 0; i < len; i++)
		value |= (uint64_t)bytes[i] << 8 * i;
	return value;
}
