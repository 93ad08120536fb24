// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/tree/fdt_out.h"
#include "wire/builder.h"

enum { FIRST_BYTES = 4096, NAME_BYTES = 128 };

void fdt_out_fail(struct fdt_out *out, int err)
{
	if (!out->err)
		out->err = err;
}

/* Handle the result of a libfdt call. If the buffer was too small, enlarge it and return
 * true: the caller must repeat the call. */
static bool grew(struct fdt_out *out, int fdt_err)
{
	size_t size = out->size * 2;
	void *fdt;

	if (fdt_err != -FDT_ERR_NOSPACE) {
		if (fdt_err)
			fdt_out_fail(out, -EINVAL);
		return false;
	}

	fdt = size <= FDT_OUT_MAX ? calloc(1, size) : NULL;
	if (!fdt || fdt_resize(out->fdt, fdt, (int)size)) {
		fdt_out_fail(out, size <= FDT_OUT_MAX ? -ENOMEM : -E2BIG);
		free(fdt);
		return false;
	}

	free(out->fdt);
	out->fdt = fdt;
	out->size = size;
	return true;
}

/* All buffers are zeroed. libfdt does not set the padding after names and values, and the
 * guest can read it. */
void fdt_out_begin(struct fdt_out *out)
{
	*out = (struct fdt_out){ .fdt = calloc(1, FIRST_BYTES), .size = FIRST_BYTES };
	if (!out->fdt)
		fdt_out_fail(out, -ENOMEM);
	else if (fdt_create(out->fdt, FIRST_BYTES))
		fdt_out_fail(out, -EINVAL);
}

void fdt_out_reserve(struct fdt_out *out, uint64_t address, uint64_t size)
{
	int err;

	if (out->err)
		return;

	do
		err = fdt_add_reservemap_entry(out->fdt, address, size);
	while (grew(out, err));
}

static void finish_reserve_map(struct fdt_out *out)
{
	int err;

	if (out->in_nodes || out->err)
		return;

	do
		err = fdt_finish_reservemap(out->fdt);
	while (grew(out, err));
	out->in_nodes = true;
}

int fdt_out_end(struct fdt_out *out, void **fdt, size_t *size)
{
	int err;

	if (out->depth)
		fdt_out_fail(out, -EINVAL);
	if (!out->err)
		do
			err = fdt_finish(out->fdt);
		while (grew(out, err));

	err = out->err;
	if (err) {
		free(out->fdt);
	} else {
		/* Shrink the buffer: most trees are small, and some are kept. */
		*size = fdt_totalsize(out->fdt);
		*fdt = realloc(out->fdt, *size);
		if (!*fdt)
			*fdt = out->fdt;
	}
	*out = (struct fdt_out){ .err = -EINVAL };
	return err;
}

/* ---- Phandles ---- */

/* FNV-1a: the hash of a path continues with the names below it. */
enum { HASH_NONE = (int)0x811c9dc5, HASH_PRIME = 0x01000193 };

static uint32_t hash_on(uint32_t hash, const char *text)
{
	for (; *text; text++)
		hash = (hash ^ (uint8_t)*text) * HASH_PRIME;
	return hash;
}

static uint32_t phandle_of_hash(uint32_t hash)
{
	return 0x20000000 | (hash ^ hash >> 29) >> 3;
}

/* "/" and "" are the root. Other paths begin with a slash and do not end with one. */
uint32_t fdt_out_phandle_of(const char *path)
{
	return phandle_of_hash(hash_on((uint32_t)HASH_NONE, path[1] ? path : ""));
}

void fdt_out_phandles(struct fdt_out *out, const char *above)
{
	out->phandles = true;
	out->path[out->depth] = hash_on((uint32_t)HASH_NONE, above);
}

/* Add "ibm,phandle" to the new node. The interrupt controller has a fixed phandle, which
 * other nodes refer to. */
static void put_phandle(struct fdt_out *out, const char *name)
{
	uint32_t *hash = &out->path[out->depth];

	if (!out->phandles || out->depth >= FDT_OUT_DEPTH)
		return;
	*hash = out->depth ? out->path[out->depth - 1] : *hash;
	if (*name)
		*hash = hash_on(hash_on(*hash, "/"), name);
	if (strncmp(name, "interrupt-controller", 20) != 0)
		fdt_out_u32(out, "ibm,phandle", phandle_of_hash(*hash));
}

void fdt_out_node(struct fdt_out *out, const char *format, ...)
{
	char name[NAME_BYTES];
	va_list args;
	int len, err;

	va_start(args, format);
	len = vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	if (len < 0 || (size_t)len >= sizeof(name))
		fdt_out_fail(out, -EINVAL);
	finish_reserve_map(out);
	if (out->err)
		return;

	do
		err = fdt_begin_node(out->fdt, name);
	while (grew(out, err));
	put_phandle(out, name);
	out->depth++;
}

void fdt_out_node_end(struct fdt_out *out)
{
	int err;

	if (!out->depth)
		fdt_out_fail(out, -EINVAL);
	if (out->err)
		return;

	out->depth--;
	do
		err = fdt_end_node(out->fdt);
	while (grew(out, err));
}

void *fdt_out_space(struct fdt_out *out, const char *name, size_t len)
{
	void *space = NULL;
	int err;

	if (len > FDT_OUT_MAX)
		fdt_out_fail(out, -E2BIG);
	if (out->err)
		return NULL;

	do
		err = fdt_property_placeholder(out->fdt, name, (int)len, &space);
	while (grew(out, err));
	return out->err ? NULL : space;
}

void fdt_out_prop(struct fdt_out *out, const char *name, const void *value, size_t len)
{
	void *space = fdt_out_space(out, name, len);

	if (space && len)
		memcpy(space, value, len);
}

void fdt_out_empty(struct fdt_out *out, const char *name)
{
	fdt_out_prop(out, name, NULL, 0);
}

void fdt_out_u32(struct fdt_out *out, const char *name, uint32_t value)
{
	fdt_out_cells(out, name, &value, 1);
}

void fdt_out_u64(struct fdt_out *out, const char *name, uint64_t value)
{
	FDT_OUT_CELLS(out, name, (uint32_t)(value >> 32), (uint32_t)value);
}

void fdt_out_str(struct fdt_out *out, const char *name, const char *value)
{
	fdt_out_prop(out, name, value, strlen(value) + 1);
}

void fdt_out_cells(struct fdt_out *out, const char *name, const uint32_t *cells, size_t n)
{
	size_t len = n * sizeof(*cells);
	void *space = fdt_out_space(out, name, len);
	struct builder b = builder_of(space, len);

	for (size_t i = 0; space && i < n; i++)
		builder_be32(&b, cells[i]);
}
