/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * crc32.h - checksum that detects damage, not tampering
 *
 * Source:  IEEE 802.3 (polynomial 0x04c11db7, reflected, inverted at both ends)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

uint32_t crc32_of(const void *bytes, size_t len);
