/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * cas.h - what a guest says of itself: ibm,client-architecture-support
 *
 * Shape:   pairs of be32 (mask, value): processors that the guest can run on. The
 *          first pair with a value bit outside its mask ends them, as does the 512th
 *          without one. Then u8 number of vectors - 1, and per vector u8 length - 1
 *          and its bytes.
 * Units:   PAPR counts vectors, bytes of a vector and bits (0: the highest) from 1, 1
 *          and 0; so do the names here.
 * Memory:  a decoded vector points into the caller's buffer.
 * Errors:  negative errno; -EBADMSG what there is ends too early.
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
	/* What a guest can make anyone read. */
	CAS_BYTES = CAS_PVRS * 8 + 1 + CAS_VECTORS * (1 + CAS_VECTOR_BYTES),
};

/* A processor is meant when its PVR and value agree in all bits of mask. */
struct cas_pvr {
	uint32_t mask, value;
};

/* Values that stand for a level of the architecture and not for a chip. */
enum {
	CAS_PVR_2_04 = 0x0f000001,
	CAS_PVR_2_05 = 0x0f000002,
	CAS_PVR_2_06 = 0x0f000003,
	CAS_PVR_2_06_PLUS = 0x0f100003,
	CAS_PVR_2_07 = 0x0f000004,
	CAS_PVR_3_00 = 0x0f000005,
	CAS_PVR_3_10 = 0x0f000006,
};

struct cas_vector {
	unsigned int number; /* from 1 */
	const uint8_t *bytes;
	size_t len; /* 1..CAS_VECTOR_BYTES */
};

/* One bit of a vector: its byte, from 1, and the mask within. */
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
	OV5_XIVE_BOTH = CAS_BIT(23, 0x80), /* for the host's offer; no guest may ask */
	OV5_XIVE_EXPLOIT = CAS_BIT(23, 0x40),
	OV5_MMU_BOTH = CAS_BIT(24, 0x80), /* likewise */
	OV5_MMU_RADIX = CAS_BIT(24, 0x40),
	OV5_RADIX_GTSE = CAS_BIT(26, 0x40),
};

/* Is the bit set? One behind the end is not. */
bool cas_test(const uint8_t *vector, size_t len, unsigned int bit);
/* Sets it in a vector that has the byte. */
void cas_set(uint8_t *vector, unsigned int bit);

struct cas_iter {
	struct cursor c;
	unsigned int pvrs_left, vectors_left, number;
};

void cas_begin(struct cas_iter *it, const void *buf, size_t len);

/* 1: *out is the next processor. 0: there are no more. -EBADMSG. To be called until it
 * answers 0, before the vectors. */
int cas_next_pvr(struct cas_iter *it, struct cas_pvr *out);

/* 1: *out is the next vector. 0: there are no more. -EBADMSG. */
int cas_next_vector(struct cas_iter *it, struct cas_vector *out);

/* The encoder: processors, their end, the number of vectors (1..CAS_VECTORS), then so
 * many times cas_put_vector(). */
void cas_put_pvrs(struct builder *b, const struct cas_pvr *pvrs, size_t n);
void cas_put_count(struct builder *b, unsigned int vectors);
/* A vector of len bytes (1..CAS_VECTOR_BYTES), as it also stands in a property. */
void cas_put_vector(struct builder *b, const uint8_t *bytes, size_t len);
