/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cas.h - ibm,client-architecture-support: what a guest supports
 *
 * Shape:   pairs of be32 (mask, value): processors that the guest can run on. The list
 *          ends with the first pair whose value has a bit outside its mask, or after 512
 *          pairs without such a bit. Then u8 number of vectors - 1, and per vector u8
 *          length - 1 and its bytes.
 * Units:   as in PAPR, vectors and the bytes of a vector are counted from 1, bits from 0
 *          (the most significant one).
 * Memory:  a decoded vector points into the caller's buffer.
 * Errors:  negative errno; -EBADMSG the buffer ends too early.
 * Source:  PAPR+ B.6.2.3, Linux 6.1 arch/powerpc/kernel/prom_init.c, QEMU 7.2
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"
#include "wire/cursor.h"

enum {
	CAS_PVRS = 512,
	CAS_VECTORS = 256,
	CAS_VECTOR_BYTES = 256,
	/* The largest structure that a guest can pass. */
	CAS_BYTES = CAS_PVRS * 8 + 1 + CAS_VECTORS * (1 + CAS_VECTOR_BYTES),
};

/* A pair matches a processor if its PVR and value have the same bits under mask. */
struct cas_pvr {
	uint32_t mask, value;
};

/* PVR values of architecture levels, not of chips. */
enum {
	CAS_PVR_2_04 = 0x0f000001,
	CAS_PVR_2_05 = 0x0f000002,
	CAS_PVR_2_06 = 0x0f000003,
	CAS_PVR_2_06_PLUS = 0x0f100003,
	CAS_PVR_2_07 = 0x0f000004,
	CAS_PVR_3_00 = 0x0f000005,
	CAS_PVR_3_10 = 0x0f000006,
	CAS_PVR_3_10_P11 = 0x0f000007, /* POWER11 */
};

struct cas_vector {
	unsigned int number; /* from 1 */
	const uint8_t *bytes;
	size_t len; /* 1..CAS_VECTOR_BYTES */
};

/* One bit of a vector: its byte, counted from 1, and the mask in that byte. */
#define CAS_BIT(byte, mask) ((byte) << 8 | (mask))

enum {
	OV1_PPC_3_00 = CAS_BIT(3, 0x80),

	OV5_DRCONF_MEMORY = CAS_BIT(2, 0x20),
	OV5_FORM1_AFFINITY = CAS_BIT(5, 0x80),
	OV5_FORM2_AFFINITY = CAS_BIT(5, 0x20),
	OV5_HP_EVT = CAS_BIT(6, 0x04),
	OV5_HPT_RESIZE = CAS_BIT(6, 0x01),
	OV5_DRMEM_V2 = CAS_BIT(22, 0x80),
	OV5_DRC_INFO = CAS_BIT(22, 0x40),
	OV5_XIVE_BOTH = CAS_BIT(23, 0x80), /* host's offer only, not for guests */
	OV5_XIVE_EXPLOIT = CAS_BIT(23, 0x40),
	OV5_MMU_BOTH = CAS_BIT(24, 0x80), /* host's offer only, not for guests */
	OV5_MMU_RADIX = CAS_BIT(24, 0x40),
	OV5_RADIX_GTSE = CAS_BIT(26, 0x40),
};

/* Return true if the bit is set. A bit after the end of the vector is not set. */
bool cas_test(const uint8_t *vector, size_t len, unsigned int bit);
/* Set the bit. The vector must have its byte. */
void cas_set(uint8_t *vector, unsigned int bit);

struct cas_iter {
	struct cursor c;
	unsigned int pvrs_left, vectors_left, number;
};

void cas_begin(struct cas_iter *it, const void *buf, size_t len);

/* Read the next processor into *out. Return 1, 0 at the end of the list, or -EBADMSG.
 * Call it until it returns 0, then read the vectors. */
int cas_next_pvr(struct cas_iter *it, struct cas_pvr *out);

/* Read the next vector into *out. Return 1, 0 at the end, or -EBADMSG. */
int cas_next_vector(struct cas_iter *it, struct cas_vector *out);

/* Encode: the processors with their terminator, then the number of vectors
 * (1..CAS_VECTORS), then each vector with cas_encode_vector(). */
void cas_encode_pvrs(struct builder *b, const struct cas_pvr *pvrs, size_t n);
void cas_encode_count(struct builder *b, unsigned int vectors);
/* Append a vector of len bytes (1..CAS_VECTOR_BYTES). ibm,architecture-vec-5 has the same
 * form. */
void cas_encode_vector(struct builder *b, const uint8_t *bytes, size_t len);
