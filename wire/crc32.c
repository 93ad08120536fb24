// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wire/crc32.h"

/* Add a byte, four bits at a time. The table is small enough to be checked by eye. */
static uint32_t crc32_byte(uint32_t crc, uint8_t byte)
{
	static const uint32_t nibble[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};

	crc ^= byte;
	crc = crc >> 4 ^ nibble[crc & 15];
	return crc >> 4 ^ nibble[crc & 15];
}

uint32_t crc32_of(const void *bytes, size_t len)
{
	const uint8_t *p = bytes;
	uint32_t crc = 0xffffffff;

	/* The fuzzers compute it of each saved state, and record each turn of a loop. */
	for (; len >= 4; p += 4, len -= 4) {
		crc = crc32_byte(crc, p[0]);
		crc = crc32_byte(crc, p[1]);
		crc = crc32_byte(crc, p[2]);
		crc = crc32_byte(crc, p[3]);
	}
	while (len--)
		crc = crc32_byte(crc, *p++);
	return ~crc;
}
