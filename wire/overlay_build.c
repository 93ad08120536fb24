// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/builder.h"
#include "wire/fdt_frag.h"
#include "wire/overlay.h"

enum { FIRST_BYTES = 4096 };

/* Grow the buffer after a libfdt call that failed for lack of space. Return true if the
 * caller must repeat the call. Otherwise return false, with b->err set if the call
 * failed. */
static bool overlay_build_grow(struct overlay_build *b, int fdt_err)
{
	size_t size = b->size * 2;
	void *fdt;

	if (fdt_err >= 0)
		return false;
	b->err = -EINVAL;
	if (fdt_err != -FDT_ERR_NOSPACE)
		return false;
	/* Twice the limit, because the blob is packed at the end. */
	fdt = size <= 2 * OVERLAY_BYTES_MAX ? malloc(size) : NULL;
	if (!fdt) {
		b->err = size <= 2 * OVERLAY_BYTES_MAX ? -ENOMEM : -EFBIG;
		return false;
	}
	fdt_resize(b->fdt, fdt, (int)size);
	free(b->fdt);
	b->fdt = fdt;
	b->size = size;
	b->err = 0;
	return true;
}

static void overlay_build_write_property(struct overlay_build *b, const char *name,
					 const void *value, size_t len)
{
	int err;

	if (!b->err && len > OVERLAY_BYTES_MAX)
		b->err = -EFBIG;
	if (b->err)
		return;
	do
		err = fdt_property(b->fdt, name, value, (int)len);
	while (overlay_build_grow(b, err));
}

static void overlay_build_open_node(struct overlay_build *b, const char *name)
{
	int err;

	if (b->err)
		return;
	do
		err = fdt_begin_node(b->fdt, name);
	while (overlay_build_grow(b, err));
	b->depth++;
	b->has_child = false;
}

static void overlay_build_close_node(struct overlay_build *b)
{
	int err;

	if (b->err)
		return;
	do
		err = fdt_end_node(b->fdt);
	while (overlay_build_grow(b, err));
	b->depth--;
	b->has_child = true;
}

static void overlay_build_write_string(struct overlay_build *b, const char *name,
				       const char *value)
{
	if (value)
		overlay_build_write_property(b, name, value, strlen(value) + 1);
}

void overlay_build_begin(struct overlay_build *b, const char *id, uint32_t flags,
			 const char *revert)
{
	/* Without this property the blob is a compiler's, and its handles are
	 * renumbered. */
	static const uint8_t format[] = { 0, 0, 0, 1 };
	uint8_t cell[4];
	struct builder cells = builder_of(cell, sizeof(cell));
	int err;

	*b = (struct overlay_build){ .fdt = malloc(FIRST_BYTES), .size = FIRST_BYTES };
	if (!b->fdt) {
		b->err = -ENOMEM;
		return;
	}
	err = fdt_create_with_flags(b->fdt, FIRST_BYTES, FDT_CREATE_FLAG_NO_NAME_DEDUP);
	if (!err)
		err = fdt_finish_reservemap(b->fdt);
	if (!err)
		err = fdt_begin_node(b->fdt, "");
	if (err)
		b->err = -EINVAL;
	overlay_build_write_property(b, "papr,format", format, sizeof(format));
	overlay_build_write_string(b, "papr,overlay-id", id);
	overlay_build_write_string(b, "papr,revert", revert);
	builder_be32(&cells, flags);
	if (flags)
		overlay_build_write_property(b, "papr,flags", cell, sizeof(cell));
}

void overlay_build_free(struct overlay_build *b)
{
	free(b->fdt);
	*b = (struct overlay_build){ 0 };
}

/* End the last fragment with its content. */
static void overlay_build_close_fragment(struct overlay_build *b)
{
	if (!b->err && b->depth > 2)
		b->err = -EINVAL;
	while (!b->err && b->depth)
		overlay_build_close_node(b);
}

void overlay_build_fragment(struct overlay_build *b, enum overlay_op op, const char *path,
			    const char *names, size_t names_len)
{
	static const char *const ops[] = {
		[OVERLAY_ADD] = "add",
		[OVERLAY_UPDATE] = "update",
		[OVERLAY_REMOVE_NODE] = "remove-node",
		[OVERLAY_REMOVE_PROPERTIES] = "remove-properties",
	};
	char name[32];

	overlay_build_close_fragment(b);
	snprintf(name, sizeof(name), "fragment@%u", b->fragments++);
	overlay_build_open_node(b, name);
	overlay_build_write_string(b, "target-path", path);
	overlay_build_write_string(b, "papr,op", ops[op]); /* "merge" is the default */
	if (names)
		overlay_build_write_property(b, "papr,properties", names, names_len);
	if (op <= OVERLAY_UPDATE)
		overlay_build_open_node(b, "__overlay__");
}

void overlay_build_property(struct overlay_build *b, const char *name, const void *value,
			    size_t len)
{
	if (!b->err && (b->depth < 2 || b->has_child))
		b->err = -EINVAL;
	overlay_build_write_property(b, name, value, len);
}

void overlay_build_node(struct overlay_build *b, const char *name)
{
	if (!b->err && b->depth < 2)
		b->err = -EINVAL;
	overlay_build_open_node(b, name);
}

void overlay_build_node_end(struct overlay_build *b)
{
	if (!b->err && b->depth < 3)
		b->err = -EINVAL;
	overlay_build_close_node(b);
}

void overlay_build_tree(struct overlay_build *b, const void *fdt, int node)
{
	struct fdt_walk walk;
	struct cc_item item = { 0 };
	int depth = 0, err;

	fdt_walk_begin(&walk, fdt, node);
	do {
		err = fdt_walk_next(&walk, &item);
		if (err && !b->err)
			b->err = -EINVAL;
		if (b->err)
			return;
		if (item.status == CC_CHILD) {
			overlay_build_node(b, item.name);
			depth++;
		} else if (item.status == CC_PROPERTY) {
			overlay_build_property(b, item.name, item.value, item.len);
		} else if (depth--) { /* the end of a node, or of the walk */
			overlay_build_node_end(b);
		}
	} while (item.status != CC_COMPLETE);
}

int overlay_build_end(struct overlay_build *b)
{
	int err;

	overlay_build_close_fragment(b);
	if (b->err)
		return b->err;
	do
		err = fdt_end_node(b->fdt);
	while (overlay_build_grow(b, err));
	do
		err = b->err ? b->err : fdt_finish(b->fdt);
	while (!b->err && overlay_build_grow(b, err));
	if (b->err)
		return b->err;
	b->size = fdt_totalsize(b->fdt);
	return b->size > OVERLAY_BYTES_MAX ? -EFBIG : 0;
}
