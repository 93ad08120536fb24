/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_out.h - writes a flattened tree from its first node to its last
 *
 * A layer over libfdt's sequential writer. The buffer grows as needed. The first error
 * is kept, later calls do nothing, and the caller checks once, at the end. Nodes and
 * properties appear in the order of the calls.
 *
 * Memory:  the blob is malloc'ed; fdt_out_end() hands it over.
 * Errors:  negative errno: -ENOMEM, -E2BIG above FDT_OUT_MAX, -EINVAL misuse.
 * Source:  libfdt (fdt_sw)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FDT_OUT_MAX = 64 << 20, FDT_OUT_DEPTH = 16 };

struct fdt_out {
	void *fdt;
	size_t size;
	unsigned int depth; /* number of open nodes */
	bool phandles;	    /* add "ibm,phandle" to each node */
	uint32_t path[FDT_OUT_DEPTH];
	bool in_nodes; /* the reserve map is complete */
	int err;
};

void fdt_out_begin(struct fdt_out *out);
/* Add an entry to the memory reserve map. Must precede the first node. */
void fdt_out_reserve(struct fdt_out *out, uint64_t address, uint64_t size);
/* Finish the tree. *fdt receives a malloc'ed blob of *size bytes. On error everything is
 * freed. */
int fdt_out_end(struct fdt_out *out, void **fdt, size_t *size);

/* Record an error of the caller, unless an error is recorded already. 0 has no effect. */
void fdt_out_fail(struct fdt_out *out, int err);

/* Give nodes that are opened from now on an "ibm,phandle", derived from the node's path,
 * so it is always the same. above is the path before the names of these nodes, "" for a
 * whole tree. A first node without a name has the path above itself. */
void fdt_out_phandles(struct fdt_out *out, const char *above);
/* Return the "ibm,phandle" for a path. */
uint32_t fdt_out_phandle_of(const char *path);

void fdt_out_node(struct fdt_out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fdt_out_node_end(struct fdt_out *out);

void fdt_out_prop(struct fdt_out *out, const char *name, const void *value, size_t len);
/* Add a property of len bytes. The caller fills in the value before the next call. Return
 * NULL after an error. */
void *fdt_out_space(struct fdt_out *out, const char *name, size_t len);
void fdt_out_empty(struct fdt_out *out, const char *name);
void fdt_out_u32(struct fdt_out *out, const char *name, uint32_t value);
void fdt_out_u64(struct fdt_out *out, const char *name, uint64_t value);
void fdt_out_str(struct fdt_out *out, const char *name, const char *value);
void fdt_out_cells(struct fdt_out *out, const char *name, const uint32_t *cells,
		   size_t n);
#define FDT_OUT_CELLS(out, name, ...)                               \
	fdt_out_cells(out, name, (const uint32_t[]){ __VA_ARGS__ }, \
		      sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))
