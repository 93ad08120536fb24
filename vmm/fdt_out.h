/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * fdt_out.h - writes a flattened tree from its first node to its last
 *
 * Over libfdt's sequential writer: the buffer grows, the first error sticks, and
 * the caller looks at it once, at the end. Nodes and properties appear in the order
 * in which they are put.
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
	unsigned int depth; /* nodes that are open */
	bool phandles;	    /* each node gets one, made of its path */
	uint32_t path[FDT_OUT_DEPTH];
	bool in_nodes;	    /* the reserve map is complete */
	int err;
};

void fdt_out_begin(struct fdt_out *out);
/* An entry of the memory reserve map, before the first node. */
void fdt_out_reserve(struct fdt_out *out, uint64_t address, uint64_t size);
/* *fdt is malloc'ed, of *size bytes, complete. On error everything is freed. */
int fdt_out_end(struct fdt_out *out, void **fdt, size_t *size);

/* The caller itself failed: err sticks if it is the first. 0 changes nothing. */
void fdt_out_fail(struct fdt_out *out, int err);

/* Nodes that are opened from now on get "ibm,phandle", which is always the same for the
 * same path: the first one is at the path above, "" being the root's parent. */
void fdt_out_phandles(struct fdt_out *out, const char *above);
/* What that is for a path. */
uint32_t fdt_out_phandle_of(const char *path);

void fdt_out_node(struct fdt_out *out, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fdt_out_node_end(struct fdt_out *out);

void fdt_out_prop(struct fdt_out *out, const char *name, const void *value, size_t len);
/* A property of len bytes to be filled in by the caller before the next call; NULL
 * after an error. */
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
