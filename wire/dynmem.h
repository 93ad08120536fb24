/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dynmem.h - the hot-pluggable memory that the device tree describes
 *
 * Shape:   ibm,dynamic-memory (version 1): be32 entries, then per LMB be64 address, be32
 *          DRC index, be32 0, be32 index of an associativity array, be32 flags.
 *          ibm,dynamic-memory-v2: be32 entries, then per run of LMBs be32 count, be64
 *          address and be32 DRC index of the first, be32 array index, be32 flags. From
 *          LMB to LMB the address grows by one LMB and the DRC index by one.
 *          ibm,lmb-size: be64, or be32 if #size-cells is 1.
 * Sets:    both versions are read as sets: the longest runs of LMBs with consecutive
 *          addresses and DRC indexes and the same array and flags. A set may span
 *          entries. A machine of 65536 LMBs is a few sets. Two runs with a hole between
 *          them are always two sets.
 * Units:   counts in LMBs.
 * Memory:  nothing is allocated; the property must stay while it is read.
 * Errors:  negative errno; -EBADMSG the bytes are cut, or an address or DRC index would
 *          wrap around. Bytes after the last entry are no error, but are counted.
 * Source:  PAPR+ B.6.4, Linux 6.1 arch/powerpc/mm/drmem.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"
#include "wire/cursor.h"

#define DYNMEM_NODE	     "/ibm,dynamic-reconfiguration-memory"
#define DYNMEM_V1_PROP	     "ibm,dynamic-memory"
#define DYNMEM_V2_PROP	     "ibm,dynamic-memory-v2"
#define DYNMEM_LMB_SIZE_PROP "ibm,lmb-size"

enum lmb_flag {
	LMB_PRESERVABLE = 0x02,
	LMB_PRESERVED = 0x04,
	LMB_ASSIGNED = 0x08,	 /* to this partition */
	LMB_NO_H_MIGRATE = 0x10, /* H_MIGRATE_DMA does not work for it */
	LMB_DRC_INVALID = 0x20,
	LMB_ARRAY_INVALID = 0x40,
	LMB_RESERVED = 0x80,
	LMB_HOTREMOVABLE = 0x100,
};

#define LMB_NO_ARRAY 0xffffffffu

/* What drmgr can do with an LMB. One without a connector (LMB_FIXED) can be neither added
 * nor removed; nor can a reserved one. */
enum lmb_state { LMB_FREE, LMB_OWNED, LMB_FIXED };
enum lmb_state lmb_state_of(uint32_t flags);

/* One LMB. */
struct lmb {
	uint64_t address;
	uint32_t drc_index; /* 0: it has no connector */
	uint32_t array;	    /* LMB_NO_ARRAY if the flags call it invalid */
	uint32_t flags;	    /* enum lmb_flag */
};

/* A set as in the property: fields that the flags call invalid keep their values. */
struct lmb_set {
	uint64_t address; /* of the first */
	uint32_t count;	  /* at least 1 from the reader */
	uint32_t drc_index;
	uint32_t array;
	uint32_t flags;
};

/* Return LMB n of the set, counted from 0. n must be below set->count. */
struct lmb lmb_set_nth(const struct lmb_set *set, uint32_t n, uint64_t lmb_bytes);

/* Valid sizes of an LMB: powers of two. Firmware uses 16 MiB to a few GiB. */
#define LMB_BYTES_MIN (UINT64_C(1) << 20)
#define LMB_BYTES_MAX (UINT64_C(1) << 40)

/* Read ibm,lmb-size in either form. Return 0, or -EBADMSG if it is not a power of two or
 * outside these limits. */
int dynmem_lmb_size(const void *prop, size_t len, uint64_t *bytes);

enum dynmem_version { DYNMEM_V1 = 1, DYNMEM_V2 = 2 };

struct dynmem {
	enum dynmem_version version;
	uint64_t lmb_bytes; /* not 0 */
	const void *prop;
	size_t len;
};

struct dynmem_iter {
	struct cursor c;
	enum dynmem_version version;
	uint64_t lmb_bytes;
	uint32_t left;	 /* entries not yet read */
	size_t trailing; /* bytes after the last entry: unusual, but harmless */
};

/* Begin to read. Return 0, or -EBADMSG if the property is shorter than its entries. */
int dynmem_begin(struct dynmem_iter *it, const struct dynmem *dm);
/* Read the next set into *out. Return 1, 0 at the end, or -EBADMSG if a number wraps. */
int dynmem_next(struct dynmem_iter *it, struct lmb_set *out);

/* Check the whole property and count its LMBs by state. */
struct dynmem_sum {
	size_t sets;
	uint64_t lmbs, owned, free, fixed;
	size_t trailing;
};
int dynmem_sum(const struct dynmem *dm, struct dynmem_sum *sum);

/* Append a set as entries of this version. In version 1 all LMBs without a connector have
 * the same index. */
void lmb_set_encode(struct builder *b, enum dynmem_version version,
		    const struct lmb_set *set, uint64_t lmb_bytes);

/* ibm,lrdr-capacity of /rtas: the limits of the partition. Return 0 or -EBADMSG. */
struct lrdr_capacity {
	uint64_t max_memory_bytes, lmb_bytes;
	uint32_t max_cpus;
};
int lrdr_capacity_decode(struct lrdr_capacity *lrdr, const void *prop, size_t len);
