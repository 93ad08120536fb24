/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * assoc.h - which NUMA node a processor or memory belongs to
 *
 * Shape:   ibm,associativity of a node: be32 n, n be32 domains, the outermost first; more
 *          lists may follow, the first is meant.
 *          ibm,associativity-lookup-arrays: be32 arrays, be32 entries of each, then
 *          arrays x entries be32 domains; these have no count of their own.
 *          ibm,associativity-reference-points of /rtas: be32 depths, the most important
 *          first. The domain at depth d is the d-th, from 1.
 *          ibm,numa-lookup-index-table: be32 n, n be32 domains; ibm,numa-distance-table:
 *          be32 n x n, then so many bytes, a row a domain (form 2 alone).
 * Memory:  points into the caller's buffers; nothing is allocated.
 * Errors:  negative errno; -EBADMSG the bytes do not fit the shape, -ERANGE no list is so
 *          deep (nor is any at depth 0), -ENOENT no such array or domain.
 * Source:  PAPR+ C.6.2, B.6.4; Linux 6.1 arch/powerpc/mm/numa.c; QEMU 7.2
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"
#include "wire/cells.h"

#define ASSOC_PROP		  "ibm,associativity"
#define ASSOC_ARRAYS_PROP	  "ibm,associativity-lookup-arrays"
#define ASSOC_POINTS_PROP	  "ibm,associativity-reference-points"
#define ASSOC_VECTOR5_PROP	  "ibm,architecture-vec-5"
#define ASSOC_INDEX_TABLE_PROP	  "ibm,numa-lookup-index-table"
#define ASSOC_DISTANCE_TABLE_PROP "ibm,numa-distance-table"

/* What was negotiated: bits, for firmware may say both. None is form 0, which says
 * nothing that a NUMA node could be told from. */
enum assoc_form { ASSOC_FORM1 = 1, ASSOC_FORM2 = 2 };
unsigned int assoc_forms(const void *vector5, size_t len);

/* The n-th reference point, from 0: the first says at what depth NUMA nodes are. 0,
 * -ENOENT there are not so many, -EBADMSG (a depth of 0 also). */
int assoc_reference_point(const void *prop, size_t len, size_t n, uint32_t *depth);

/* The domain of a node of the tree. 0, -ERANGE, -EBADMSG. */
int assoc_domain(const void *prop, size_t len, uint32_t depth, uint32_t *domain);

struct assoc_arrays {
	struct cells domains;
	uint32_t arrays, entries;
};

/* Firmware uses up to 6 domains for an array. */
enum { ASSOC_ENTRIES_MAX = 64 };

/* 0, -EBADMSG: the length is not what the two counts make, the arrays are empty, or they
 * are longer than ASSOC_ENTRIES_MAX. */
int assoc_arrays_read(struct assoc_arrays *aa, const void *prop, size_t len);

/* The domain that an array index of an LMB stands for. 0, -ERANGE, -ENOENT: the index is
 * none, or of no array. */
int assoc_arrays_domain(const struct assoc_arrays *aa, uint32_t index, uint32_t depth,
			uint32_t *domain);

/* The array that says what ibm,associativity of a node says. 0, -ENOENT, -EBADMSG. */
int assoc_arrays_find(const struct assoc_arrays *aa, const void *prop, size_t len,
		      uint32_t *index);

/* Appends ibm,associativity-lookup-arrays, of arrays x entries domains. */
void assoc_arrays_put(struct builder *b, uint32_t arrays, uint32_t entries,
		      const uint32_t *domains);

/* Form 2: how far domains are from each other, 10 being no way at all. */
struct assoc_distances {
	struct cells domains;
	const uint8_t *bytes;
};

/* 0, -EBADMSG: cut, or the two tables do not go together. */
int assoc_distances_read(struct assoc_distances *d, const void *index_table,
			 size_t index_len, const void *distance_table,
			 size_t distance_len);
/* 0, -ENOENT. */
int assoc_distance(const struct assoc_distances *d, uint32_t from, uint32_t to,
		   uint8_t *distance);
