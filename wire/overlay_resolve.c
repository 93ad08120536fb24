// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/dt_name.h"
#include "wire/fdt_index.h"
#include "wire/number.h"
#include "wire/overlay_resolve.h"
#include "wire/printable.h"

enum {
	CELL_BYTES = 4,
	PATH_BYTES = 256,
};

#define HANDLE_MAX UINT32_C(0xfffffffe)

/* A reference of a fragment to a node of the blob. */
struct reference {
	uint32_t handle;
	void *cell;
};

struct resolve {
	void *blob;
	const void *base; /* NULL: any label resolves */
	struct fdt_index of_blob, of_base;
	unsigned int references;
	bool is_content;	/* the references are those of a fragment */
	struct reference *kept; /* of fragments; after all labels, sorted by handle */
	size_t n_kept;
	char *reason;
	size_t room;
};

/* ---- Reasons --------------------------------------------------------------------- */

__attribute__((format(printf, 3, 4))) static int
overlay_resolve_refuse(struct resolve *r, int err, const char *format, ...)
{
	va_list args;

	if (!r->room)
		return err;
	va_start(args, format);
	vsnprintf(r->reason, r->room, format, args);
	va_end(args);
	printable(r->reason);
	return err;
}

/* Return the path of a node of the blob, cut so that the reason still fits. */
static const char *overlay_resolve_path(const struct resolve *r, int node,
					char path[PATH_BYTES])
{
	if (fdt_get_path(r->blob, node, path, PATH_BYTES))
		snprintf(path, PATH_BYTES, "%.128s", fdt_get_name(r->blob, node, NULL));
	return path;
}

static int overlay_resolve_refuse_at(struct resolve *r, int err, int node,
				     const char *property, const char *why)
{
	char path[PATH_BYTES];

	return overlay_resolve_refuse(r, err, "%s: %.64s: %s",
				      overlay_resolve_path(r, node, path), property, why);
}

static int overlay_resolve_count(struct resolve *r)
{
	if (++r->references <= OVERLAY_REFERENCES_MAX)
		return 0;
	return overlay_resolve_refuse(r, -E2BIG, "more than %d references",
				      OVERLAY_REFERENCES_MAX);
}

/* ---- Handles and references within the blob ---------------------------------------- */

/* Add the base's largest handle to the cell at `at`. Return -ENOSPC if the sum or the
 * cell exceeds limit. */
static int overlay_resolve_shift(const struct resolve *r, void *at, uint32_t limit)
{
	uint32_t value = fdt32_ld(at);

	if (value > limit || r->of_base.largest > limit - value)
		return -ENOSPC;
	fdt32_st(at, value + r->of_base.largest);
	return 0;
}

static int overlay_resolve_handle(struct resolve *r, int node, const char *name)
{
	int len;
	uint8_t *value = fdt_getprop_w(r->blob, node, name, &len);

	if (!value)
		return 0;
	if (len != CELL_BYTES)
		return overlay_resolve_refuse_at(r, -EINVAL, node, name,
						 "the handle is not one cell");
	if (overlay_resolve_shift(r, value, HANDLE_MAX))
		return overlay_resolve_refuse_at(
			r, -ENOSPC, node, name,
			"no handle is free above the base's largest");
	return 0;
}

static int overlay_resolve_handles(struct resolve *r)
{
	for (int node = 0; node >= 0; node = fdt_next_node(r->blob, node, NULL))
		for (int i = 0; i < DT_HANDLE_NAMES; i++) {
			int err = overlay_resolve_handle(r, node, dt_handle_names[i]);

			if (err)
				return err;
		}
	return 0;
}

/* Shift the references in one property of node, and keep those of fragments: others, such as
 * "__overrides__", do not reach the live tree. The property of the same name below
 * "__local_fixups__" has their offsets. */
static int overlay_resolve_local_property(struct resolve *r, int node, int at)
{
	const char *name;
	int len, value_len;
	const fdt32_t *offsets = fdt_getprop_by_offset(r->blob, at, &name, &len);
	uint8_t *value = fdt_getprop_w(r->blob, node, name, &value_len);

	if (!value || !strcmp(name, "name"))
		return overlay_resolve_refuse_at(
			r, -EINVAL, node, name,
			"__local_fixups__ names a missing property");
	if (len % CELL_BYTES)
		return overlay_resolve_refuse_at(r, -EINVAL, node, name,
						 "__local_fixups__ has a partial cell");
	for (int i = 0; i < len / CELL_BYTES; i++) {
		uint32_t offset = fdt32_ld(&offsets[i]);
		int err;

		if (value_len < CELL_BYTES || offset > (uint32_t)(value_len - CELL_BYTES))
			return overlay_resolve_refuse_at(r, -EINVAL, node, name,
							 "__local_fixups__ has an offset "
							 "outside the property");
		err = overlay_resolve_count(r);
		if (!err && overlay_resolve_shift(r, value + offset, UINT32_MAX))
			err = overlay_resolve_refuse_at(r, -ENOSPC, node, name,
							"a reference exceeds 32 bits");
		if (err)
			return err;
		if (r->is_content && !dt_name_is_handle(name))
			r->kept[r->n_kept++].cell = value + offset;
	}
	return 0;
}

/* Resolve a node and its children. The nodes below "__local_fixups__" have the names of
 * the blob's own nodes. overlay_decode() limits the depth. */
static int overlay_resolve_local(struct resolve *r, int node, int fixups)
{
	int at, err;

	fdt_for_each_property_offset(at, r->blob, fixups) {
		err = overlay_resolve_local_property(r, node, at);
		if (err)
			return err;
	}
	fdt_for_each_subnode(at, r->blob, fixups) {
		int child = fdt_index_child(&r->of_blob, node, r->blob, at, true);

		if (child < 0)
			return overlay_resolve_refuse_at(
				r, -EINVAL, node, fdt_get_name(r->blob, at, NULL),
				"__local_fixups__ names a missing node");
		if (!node)
			r->is_content =
				fdt_subnode_offset(r->blob, child, "__overlay__") >= 0;
		err = overlay_resolve_local(r, child, at);
		if (err)
			return err;
	}
	return 0;
}

/* ---- References to labels of the base ------------------------------------------------ */

/* An entry of "__fixups__", "PATH:PROPERTY:OFFSET". */
struct entry {
	const char *path, *property;
	size_t path_len, property_len;
	uint64_t offset;
};

static int overlay_resolve_parse_entry(struct entry *e, const char *text, size_t len)
{
	const char *end = text + len, *colon = memchr(text, ':', len);

	if (!colon || *text != '/')
		return -EINVAL;
	e->path = text;
	e->path_len = (size_t)(colon - text);
	e->property = colon + 1;
	colon = memchr(e->property, ':', (size_t)(end - e->property));
	if (!colon || colon == e->property)
		return -EINVAL;
	e->property_len = (size_t)(colon - e->property);
	return number_read(colon + 1, (size_t)(end - colon - 1), 10, &e->offset) ? -EINVAL
										 : 0;
}

static int overlay_resolve_refuse_entry(struct resolve *r, const char *label,
					const char *text, size_t len, const char *why)
{
	return overlay_resolve_refuse(r, -EINVAL,
				      "label %.64s: \"%.*s\" in __fixups__: %s", label,
				      (int)(len < 200 ? len : 200), text, why);
}

static int overlay_resolve_entry(struct resolve *r, const char *label, const char *text,
				 size_t len, uint32_t phandle)
{
	struct entry e;
	uint8_t *value;
	int node, value_len, err = overlay_resolve_count(r);

	if (err)
		return err;
	if (overlay_resolve_parse_entry(&e, text, len))
		return overlay_resolve_refuse_entry(r, label, text, len,
						    "not PATH:PROPERTY:OFFSET");
	node = fdt_index_at(&r->of_blob, e.path, e.path_len, true);
	if (node < 0)
		return overlay_resolve_refuse_entry(r, label, text, len, "no such node");
	value = fdt_getprop_namelen_w(r->blob, node, e.property, (int)e.property_len,
				      &value_len);
	if (!value)
		return overlay_resolve_refuse_entry(r, label, text, len,
						    "no such property");
	/* libfdt's own check can overflow. */
	if (value_len < CELL_BYTES || e.offset > (uint64_t)(value_len - CELL_BYTES))
		return overlay_resolve_refuse_entry(r, label, text, len,
						    "the offset is outside the property");
	fdt32_st(value + e.offset, phandle);
	return 0;
}

/* Find the handle of the node that has this label. */
static int overlay_resolve_find(const struct resolve *r, const char *label,
				uint32_t *phandle)
{
	int len, node = fdt_index_at(&r->of_base, "__symbols__", 11, true);
	const char *path = node < 0 ? NULL : fdt_getprop(r->base, node, label, &len);

	if (!path)
		return -ENOENT;
	if (!len || path[len - 1] || *path != '/')
		return -ENODEV;
	node = fdt_index_at(&r->of_base, path, strlen(path), true);
	*phandle = node < 0 ? 0 : fdt_index_handle(r->base, node);
	return *phandle ? 0 : -ENODEV;
}

static int overlay_resolve_label(struct resolve *r, int at)
{
	const char *label;
	int len, err;
	const char *text = fdt_getprop_by_offset(r->blob, at, &label, &len);
	const char *end = text + len;
	uint32_t phandle = 1;

	err = r->base ? overlay_resolve_find(r, label, &phandle) : 0;
	if (err)
		return overlay_resolve_refuse(r, err, "label %.64s: %s", label,
					      err == -ENOENT
						      ? "the base tree has no such label"
						      : "its node is missing in the base "
							"tree, or has no handle");
	do { /* An entry can overwrite later ones, so search each NUL again. */
		const char *nul = memchr(text, 0, (size_t)(end - text));

		if (!nul)
			return overlay_resolve_refuse_entry(r, label, text,
							    (size_t)(end - text),
							    "it does not end with NUL");
		err = overlay_resolve_entry(r, label, text, (size_t)(nul - text),
					    phandle);
		text = nul + 1;
	} while (!err && text < end);
	return err;
}

/* ---- Nodes that exist in the base ------------------------------------------------------ */

static int overlay_resolve_compare(const void *a, const void *b)
{
	const struct reference *x = a, *y = b;

	return (x->handle > y->handle) - (x->handle < y->handle);
}

/* Point the kept references to another handle. Return true if one changed. */
static bool overlay_resolve_redirect(struct resolve *r, uint32_t from, uint32_t to)
{
	size_t low = 0, high = r->n_kept;
	bool is_found = false;

	while (low < high) {
		size_t i = (low + high) / 2;

		if (r->kept[i].handle < from)
			low = i + 1;
		else
			high = i;
	}
	for (; low < r->n_kept && r->kept[low].handle == from; low++)
		if (fdt32_ld(r->kept[low].cell) == from) {
			fdt32_st(r->kept[low].cell, to);
			is_found = true;
		}
	return is_found;
}

/* A node of the base keeps its handle: the blob's becomes that one. Without a handle of
 * its own, it gets the blob's if a fragment refers to it. */
static void overlay_resolve_known(struct resolve *r, int node, int there)
{
	uint32_t own = fdt_index_handle(r->base, there);
	uint32_t handle = fdt_index_handle(r->blob, node);
	bool is_found = handle && handle != own &&
			overlay_resolve_redirect(r, handle, own ? own : handle);
	int child;

	for (int i = 0; handle && i < DT_HANDLE_NAMES; i++) {
		void *value = fdt_getprop_w(r->blob, node, dt_handle_names[i], NULL);

		if (value && own)
			fdt32_st(value, own);
		else if (value && !is_found)
			fdt_nop_property(r->blob, node, dt_handle_names[i]);
	}
	fdt_for_each_subnode(child, r->blob, node) {
		int same = fdt_index_child(&r->of_base, there, r->blob, child, false);

		if (same >= 0)
			overlay_resolve_known(r, child, same);
	}
}

static void overlay_resolve_targets(struct resolve *r)
{
	int node;

	for (size_t i = 0; i < r->n_kept; i++)
		r->kept[i].handle = fdt32_ld(r->kept[i].cell);
	qsort(r->kept, r->n_kept, sizeof(*r->kept), overlay_resolve_compare);
	fdt_for_each_subnode(node, r->blob, 0) {
		int len, content = fdt_subnode_offset(r->blob, node, "__overlay__");
		const void *handle = fdt_getprop(r->blob, node, "target", &len);
		const char *path = fdt_getprop(r->blob, node, "target-path", NULL);
		int there = -ENODEV;

		if (handle && len == CELL_BYTES)
			there = fdt_index_owner(&r->of_base, fdt32_ld(handle));
		else if (path)
			there = fdt_index_at(&r->of_base, path, strlen(path), false);
		if (content >= 0 && there >= 0)
			overlay_resolve_known(r, content, there);
	}
}

/* ---- The whole blob --------------------------------------------------------------- */

static void overlay_resolve_erase(struct resolve *r, const char *list)
{
	int node = fdt_subnode_offset(r->blob, 0, list);

	if (node >= 0)
		fdt_nop_node(r->blob, node);
}

static int overlay_resolve_all(struct resolve *r)
{
	int local = fdt_subnode_offset(r->blob, 0, "__local_fixups__");
	int fixups = fdt_subnode_offset(r->blob, 0, "__fixups__");
	int at, err = fdt_index_make(&r->of_blob, r->blob);

	if (!err && r->base)
		err = fdt_index_make(&r->of_base, r->base);
	r->kept = calloc(OVERLAY_REFERENCES_MAX, sizeof(*r->kept));
	if (err || !r->kept)
		return overlay_resolve_refuse(r, -ENOMEM, "no memory");
	err = overlay_resolve_handles(r);
	if (!err && local >= 0)
		err = overlay_resolve_local(r, 0, local);
	fdt_for_each_property_offset(at, r->blob, fixups)
		if (!err)
			err = overlay_resolve_label(r, at);
	if (!err && r->base)
		overlay_resolve_targets(r);
	return err;
}

int overlay_resolve(void *blob, const void *base, char *reason, size_t room)
{
	struct resolve r = { .blob = blob, .base = base, .reason = reason, .room = room };
	int err;

	if (r.room > OVERLAY_REASON_BYTES)
		r.room = OVERLAY_REASON_BYTES;
	if (r.room)
		*reason = '\0';
	err = overlay_resolve_all(&r);
	overlay_resolve_erase(&r, "__local_fixups__");
	overlay_resolve_erase(&r, "__fixups__");
	fdt_index_free(&r.of_blob);
	fdt_index_free(&r.of_base);
	free(r.kept);
	return err;
}
