/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dynmem.h - the memory that can come and go, as the device tree describes it
 *
 * Shape:   ibm,dynamic-memory (version 1): be32 entries, then per LMB be64 address, be32
 *          DRC index, be32 0, be32 index of an associativity array, be32 flags.
 *          ibm,dynamic-memory-v2: be32 entries, then per run of LMBs be32 count, be64
 *          address and be32 DRC index of the first, be32 array index, be32 flags; each
 *          address is one LMB above the last, each DRC index one.
 *          ibm,lmb-size: be64, or be32 where #size-cells is 1.
 * Sets:    both versions are read as sets: LMBs that follow each other in address and DRC
 *          index with the same array and flags, as long as can be, however many entries
 *          they stand in. A machine of 65536 LMBs is a few sets. Two runs with a hole
 *          between them are two sets, whatever else is alike.
 * Units:   counts in LMBs.
 * Memory:  nothing is allocated; the property must stay while it is read.
 * Errors:  negative errno; -EBADMSG the bytes are cut, or an address or DRC index would
 *          wrap around. More bytes than entries are no error, the reader is told.
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

/* What an LMB is to drmgr. Without a connector it can neither come nor go. */
enum lmb_state { LMB_FREE, LMB_OWNED, LMB_FIXED };
enum lmb_state lmb_state_of(uint32_t flags);

/* One LMB. */
struct lmb {
	uint64_t address;
	uint32_t drc_index; /* 0: it has no connector */
	uint32_t array;	    /* LMB_NO_ARRAY also where the flags say so */
	uint32_t flags;	    /* enum lmb_flag */
};

/* As they stand in the property: what the flags call invalid is there all the same. */
struct lmb_set {
	uint64_t address; /* of the first */
	uint32_t count;	  /* at least 1 from the reader */
	uint32_t drc_index;
	uint32_t array;
	uint32_t flags;
};

/* n must be below set->count. */
struct lmb lmb_set_nth(const struct lmb_set *set, uint32_t n, uint64_t lmb_bytes);

/* Which LMB of the set has this connector, or the byte at this address. An index that
 * the flags call invalid is nobody's. */
bool lmb_set_has_index(const struct lmb_set *set, uint32_t drc_index, uint32_t *n);
bool lmb_set_has_address(const struct lmb_set *set, uint64_t lmb_bytes, uint64_t address,
			 uint32_t *n);

/* Sizes of an LMB: powers of two, of which firmware uses 16 MiB to a few GiB. */
#define LMB_BYTES_MIN (UINT64_C(1) << 20)
#define LMB_BYTES_MAX (UINT64_C(1) << 40)

/* ibm,lmb-size in either form. -EBADMSG: not a power of two, or out of these limits. */
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
	size_t trailing; /* bytes behind the last entry: odd, but harmless */
};

/* 0, -EBADMSG if not all entries are there. */
int dynmem_begin(struct dynmem_iter *it, const struct dynmem *dm);
/* 1: *out is the next set. 0: no more. -EBADMSG: a number wraps. */
int dynmem_next(struct dynmem_iter *it, struct lmb_set *out);

/* The whole property, checked and counted. */
struct dynmem_sum {
	size_t sets;
	uint64_t lmbs, owned, free, fixed;
	size_t trailing;
};
int dynmem_sum(const struct dynmem *dm, struct dynmem_sum *sum);

/* One LMB of the whole: the first that fits. 0, -ENOENT, -EBADMSG. */
int dynmem_nth(const struct dynmem *dm, uint64_t n, struct lmb *out);
int dynmem_by_index(const struct dynmem *dm, uint32_t drc_index, struct lmb *out);
int dynmem_by_address(const struct dynmem *dm, uint64_t address, struct lmb *out);

/* The encoder: appends a set as entries of this version; in version 1 those without a
 * connector have all the same index. */
void lmb_set_put(struct builder *b, enum dynmem_version version,
		 const struct lmb_set *set, uint64_t lmb_bytes);
/* Appends the whole property, of the sets as they are. */
void dynmem_put(struct builder *b, enum dynmem_version version,
		const struct lmb_set *sets, uint32_t n, uint64_t lmb_bytes);

/* Appends the property as it is once the LMB of this connector has another array and
 * other flags. 0, -ENOENT, -EBADMSG; then nothing is appended. */
int dynmem_put_changed(struct builder *b, const struct dynmem *dm, uint32_t drc_index,
		       uint32_t array, uint32_t flags);

/* "reg" of a node memory@ADDRESS: pairs of an address and a size. 1: *address, *bytes are
 * the next pair. 0: no more. -EBADMSG: cut, or the pair wraps. -EINVAL: cells other than
 * 1 and 2. */
int memory_reg_next(struct cursor *reg, unsigned int address_cells,
		    unsigned int size_cells, uint64_t *address, uint64_t *bytes);

/* ibm,lrdr-capacity of /rtas: how far the partition can grow. 0 or -EBADMSG. */
struct lrdr_capacity {
	uint64_t max_memory_bytes, lmb_bytes;
	uint32_t max_cpus;
};
int lrdr_capacity_decode(struct lrdr_capacity *lrdr, const void *prop, size_t len);
