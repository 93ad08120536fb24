/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * assoc.h - NUMA associativity of processors and memory
 *
 * Shape:   ibm,associativity of a node: be32 n, then n be32 domains, the outermost first.
 *          More lists may follow; only the first is read.
 *          ibm,associativity-lookup-arrays: be32 number of arrays, be32 entries per
 *          array, then arrays x entries be32 domains. An array has no count of its own.
 *          ibm,associativity-reference-points of /rtas: be32 depths, the most important
 *          first. The domain at depth d is the d-th, counted from 1.
 *          ibm,numa-lookup-index-table: be32 n, then n be32 domains.
 *          ibm,numa-distance-table (form 2 only): be32 n x n, then n x n bytes, one row
 *          per domain.
 * Memory:  results point into the caller's buffers; nothing is allocated.
 * Errors:  negative errno. -EBADMSG: the bytes do not fit the shape. -ERANGE: no list has
 *          this depth (depth 0 is never valid). -ENOENT: the array or domain does not
 *          exist.
 * Source:  PAPR+ C.6.2, B.6.4; Linux 6.1 arch/powerpc/mm/numa.c; QEMU 7.2
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "wire/cells.h"

#define ASSOC_PROP		  "ibm,associativity"
#define ASSOC_ARRAYS_PROP	  "ibm,associativity-lookup-arrays"
#define ASSOC_POINTS_PROP	  "ibm,associativity-reference-points"
#define ASSOC_VECTOR5_PROP	  "ibm,architecture-vec-5"
#define ASSOC_INDEX_TABLE_PROP	  "ibm,numa-lookup-index-table"
#define ASSOC_DISTANCE_TABLE_PROP "ibm,numa-distance-table"

/* Return the negotiated forms as bits of enum assoc_form: firmware may report both.
 * vector5 is ibm,architecture-vec-5. 0 is form 0, from which no NUMA node can be
 * derived. */
enum assoc_form { ASSOC_FORM1 = 1, ASSOC_FORM2 = 2 };
unsigned int assoc_forms(const void *vector5, size_t len);

/* Read the n-th reference point, counted from 0. The first one is the depth of NUMA
 * nodes. Return 0, -ENOENT if there are fewer points, or -EBADMSG (also for a depth of
 * 0). */
int assoc_reference_point(const void *prop, size_t len, size_t n, uint32_t *depth);

/* Read the domain of a device-tree node from its ibm,associativity. Return 0, -ERANGE or
 * -EBADMSG. */
int assoc_domain(const void *prop, size_t len, uint32_t depth, uint32_t *domain);

struct assoc_arrays {
	struct cells domains;
	uint32_t arrays, entries;
};

/* Firmware uses up to 6 domains per array. */
enum { ASSOC_ENTRIES_MAX = 64 };

/* Check and read ibm,associativity-lookup-arrays. Return 0, or -EBADMSG if the length
 * does not match the two counts, the arrays are empty, or an array is longer than
 * ASSOC_ENTRIES_MAX. */
int assoc_arrays_read(struct assoc_arrays *aa, const void *prop, size_t len);

/* Read the domain for the array index of an LMB. Return 0, -ERANGE for a bad depth, or
 * -ENOENT if no array has this index. */
int assoc_arrays_domain(const struct assoc_arrays *aa, uint32_t index, uint32_t depth,
			uint32_t *domain);

/* Find the array with the same domains as the ibm,associativity of a node. Return 0,
 * -ENOENT or -EBADMSG. */
int assoc_arrays_find(const struct assoc_arrays *aa, const void *prop, size_t len,
		      uint32_t *index);

/* Form 2: distances between domains; 10 is the distance of a domain to itself. */
struct assoc_distances {
	struct cells domains;
	const uint8_t *bytes;
};

/* Read the two tables of form 2. Return 0, or -EBADMSG if they are cut or do not
 * match. */
int assoc_distances_read(struct assoc_distances *d, const void *index_table,
			 size_t index_len, const void *distance_table,
			 size_t distance_len);
/* Read the distance between two domains. Return 0, or -ENOENT if a domain is unknown. */
int assoc_distance(const struct assoc_distances *d, uint32_t from, uint32_t to,
		   uint8_t *distance);
