// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <libfdt.h>

#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/dt_name.h"
#include "wire/number.h"
#include "wire/overlay_resolve.h"
#include "wire/printable.h"

enum {
	CELL_BYTES = 4,
	PATH_BYTES = 256,
};

#define HANDLE_MAX UINT32_C(0xfffffffe)

struct resolve {
	void *blob;
	const void *base; /* NULL: any label resolves */
	uint32_t largest; /* handle of the base; 0: no node has one */
	unsigned int references;
	/* 0: references are shifted; a handle: those to it are found, and become `to` */
	uint32_t from, to;
	bool is_found;
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

/* ---- Trees ----------------------------------------------------------------------- */

static uint32_t overlay_resolve_read(const uint8_t *at)
{
	struct cursor c = cursor_of(at, CELL_BYTES);

	return cursor_be32(&c);
}

static void overlay_resolve_write(uint8_t *at, uint32_t value)
{
	struct builder b = builder_of(at, CELL_BYTES);

	builder_be32(&b, value);
}

uint32_t overlay_base_handle(const void *fdt, int node)
{
	int len;
	const void *own = fdt_getprop(fdt, node, "ibm,phandle", &len);
	uint32_t handle = own && len == CELL_BYTES ? overlay_resolve_read(own)
						   : fdt_get_phandle(fdt, node);

	return handle == UINT32_MAX ? 0 : handle;
}

int overlay_base_node(const void *fdt, uint32_t handle)
{
	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL))
		if (handle && overlay_base_handle(fdt, node) == handle)
			return node;
	return -ENODEV;
}

int overlay_base_child(const void *fdt, int node, const char *name, size_t len)
{
	int child;

	fdt_for_each_subnode(child, fdt, node) {
		const char *own = fdt_get_name(fdt, child, NULL);

		if (!strncmp(own, name, len) && !own[len])
			return child;
	}
	return -ENODEV;
}

int overlay_base_at(const void *fdt, const char *path)
{
	int node = 0;

	while (node >= 0 && path[strspn(path, "/")]) {
		path += strspn(path, "/");
		node = overlay_base_child(fdt, node, path, strcspn(path, "/"));
		path += strcspn(path, "/");
	}
	return node;
}

uint32_t overlay_base_largest(const void *fdt)
{
	uint32_t largest = 0;

	for (int node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		uint32_t handle = overlay_base_handle(fdt, node);

		largest = handle > largest ? handle : largest;
	}
	return largest;
}

/* ---- Handles and references within the blob ---------------------------------------- */

/* Add the base's largest handle to the cell at `at`. Return -ENOSPC if the sum or the
 * cell exceeds limit. */
static int overlay_resolve_shift(const struct resolve *r, uint8_t *at, uint32_t limit)
{
	uint32_t value = overlay_resolve_read(at);

	if (value > limit || r->largest > limit - value)
		return -ENOSPC;
	overlay_resolve_write(at, value + r->largest);
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

/* Shift a reference within the blob. The second time, redirect those to one handle. */
static int overlay_resolve_reference(struct resolve *r, uint8_t *cell)
{
	int err;

	if (!r->from) {
		err = overlay_resolve_count(r);
		return err ? err : overlay_resolve_shift(r, cell, UINT32_MAX);
	}
	if (overlay_resolve_read(cell) == r->from) {
		overlay_resolve_write(cell, r->to);
		r->is_found = true;
	}
	return 0;
}

/* Resolve the references in one property of node. An entry of "__fixups__" may change the
 * offsets before the second time. The property of the same name below
 * "__local_fixups__" has their offsets. */
static int overlay_resolve_local_property(struct resolve *r, int node, int at)
{
	const char *name;
	int len, value_len;
	const uint8_t *offsets = fdt_getprop_by_offset(r->blob, at, &name, &len);
	uint8_t *value = fdt_getprop_w(r->blob, node, name, &value_len);

	if (!value || !strcmp(name, "name"))
		return overlay_resolve_refuse_at(
			r, -EINVAL, node, name,
			"__local_fixups__ names a missing property");
	if (len % CELL_BYTES)
		return overlay_resolve_refuse_at(r, -EINVAL, node, name,
						 "__local_fixups__ has a partial cell");
	for (int i = 0; i < len; i += CELL_BYTES) {
		uint32_t offset = overlay_resolve_read(offsets + i);
		int err;

		if (value_len < CELL_BYTES || offset > (uint32_t)(value_len - CELL_BYTES))
			return overlay_resolve_refuse_at(r, -EINVAL, node, name,
							 "__local_fixups__ has an offset "
							 "outside the property");
		err = overlay_resolve_reference(r, value + offset);
		if (err == -ENOSPC)
			return overlay_resolve_refuse_at(r, err, node, name,
							 "a reference exceeds 32 bits");
		if (err)
			return err;
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
		const char *name = fdt_get_name(r->blob, at, NULL);
		int child = fdt_subnode_offset(r->blob, node, name);

		if (child < 0)
			return overlay_resolve_refuse_at(
				r, -EINVAL, node, name,
				"__local_fixups__ names a missing node");
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
	uint8_t cell[CELL_BYTES];
	int node, value_len, err = overlay_resolve_count(r);

	if (err)
		return err;
	if (overlay_resolve_parse_entry(&e, text, len))
		return overlay_resolve_refuse_entry(r, label, text, len,
						    "not PATH:PROPERTY:OFFSET");
	node = fdt_path_offset_namelen(r->blob, e.path, (int)e.path_len);
	if (node < 0)
		return overlay_resolve_refuse_entry(r, label, text, len, "no such node");
	if (!fdt_getprop_namelen(r->blob, node, e.property, (int)e.property_len,
				 &value_len))
		return overlay_resolve_refuse_entry(r, label, text, len,
						    "no such property");
	/* libfdt's own check can overflow. */
	if (value_len < CELL_BYTES || e.offset > (uint64_t)(value_len - CELL_BYTES))
		return overlay_resolve_refuse_entry(r, label, text, len,
						    "the offset is outside the property");
	overlay_resolve_write(cell, phandle);
	fdt_setprop_inplace_namelen_partial(r->blob, node, e.property,
					    (int)e.property_len, (uint32_t)e.offset, cell,
					    CELL_BYTES);
	return 0;
}

/* Find the handle of the node that has this label. */
static int overlay_resolve_find(const void *base, const char *label, uint32_t *phandle)
{
	int len, node = fdt_path_offset(base, "/__symbols__");
	const char *path = node >= 0 ? fdt_getprop(base, node, label, &len) : NULL;

	if (!path)
		return -ENOENT;
	if (!len || path[len - 1] || *path != '/')
		return -ENODEV;
	node = fdt_path_offset(base, path);
	*phandle = node < 0 ? 0 : overlay_base_handle(base, node);
	return *phandle ? 0 : -ENODEV;
}

static int overlay_resolve_label(struct resolve *r, int at)
{
	const char *label;
	int len, err;
	const char *text = fdt_getprop_by_offset(r->blob, at, &label, &len);
	const char *end = text + len;
	uint32_t phandle = 1;

	err = r->base ? overlay_resolve_find(r->base, label, &phandle) : 0;
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

static int overlay_resolve_labels(struct resolve *r, int fixups)
{
	int at, err;

	fdt_for_each_property_offset(at, r->blob, fixups) {
		err = overlay_resolve_label(r, at);
		if (err)
			return err;
	}
	return 0;
}

/* ---- Nodes that exist in the base ------------------------------------------------------ */

/* Point the references of fragments to another handle. Others, such as "__overrides__",
 * do not reach the live tree. */
static int overlay_resolve_redirect(struct resolve *r, uint32_t from, uint32_t to)
{
	int at, node, fixups = fdt_subnode_offset(r->blob, 0, "__local_fixups__"),
		      err = 0;

	if (fixups < 0) /* libfdt would start at the root */
		return 0;
	r->from = from;
	r->to = to;
	r->is_found = false;
	fdt_for_each_subnode(at, r->blob, fixups) {
		node = fdt_subnode_offset(r->blob, 0, fdt_get_name(r->blob, at, NULL));
		if (!err && fdt_subnode_offset(r->blob, node, "__overlay__") >= 0)
			err = overlay_resolve_local(r, node, at);
	}
	r->from = 0;
	return err;
}

/* A node of the base keeps its handle: the blob's becomes that one. Without a handle of
 * its own, it gets the blob's if a fragment refers to it. */
static int overlay_resolve_known(struct resolve *r, int node, int there)
{
	uint32_t own = overlay_base_handle(r->base, there);
	uint32_t handle = overlay_base_handle(r->blob, node);
	int child, err = 0;

	if (handle && handle != own)
		err = overlay_resolve_redirect(r, handle, own ? own : handle);
	for (int i = 0; handle && i < DT_HANDLE_NAMES; i++) {
		uint8_t *value = fdt_getprop_w(r->blob, node, dt_handle_names[i], NULL);

		if (value && own)
			overlay_resolve_write(value, own);
		else if (value && !r->is_found)
			fdt_nop_property(r->blob, node, dt_handle_names[i]);
	}
	fdt_for_each_subnode(child, r->blob, node) {
		const char *name = fdt_get_name(r->blob, child, NULL);
		int same = overlay_base_child(r->base, there, name, strlen(name));

		if (!err && same >= 0)
			err = overlay_resolve_known(r, child, same);
	}
	return err;
}

static int overlay_resolve_targets(struct resolve *r)
{
	int node, err = 0;

	fdt_for_each_subnode(node, r->blob, 0) {
		int len, content = fdt_subnode_offset(r->blob, node, "__overlay__");
		const void *handle = fdt_getprop(r->blob, node, "target", &len);
		const char *path = fdt_getprop(r->blob, node, "target-path", NULL);
		int there = -ENODEV;

		if (handle && len == CELL_BYTES)
			there = overlay_base_node(r->base, overlay_resolve_read(handle));
		else if (path)
			there = overlay_base_at(r->base, path);
		if (!err && content >= 0 && there >= 0)
			err = overlay_resolve_known(r, content, there);
	}
	return err;
}

/* ---- The whole blob --------------------------------------------------------------- */

static void overlay_resolve_erase(struct resolve *r, const char *list)
{
	int node = fdt_subnode_offset(r->blob, 0, list);

	if (node >= 0)
		fdt_nop_node(r->blob, node);
}

int overlay_resolve(void *blob, const void *base, char *reason, size_t room)
{
	struct resolve r = { .blob = blob, .base = base, .reason = reason, .room = room };
	int node, err;

	if (r.room > OVERLAY_REASON_BYTES)
		r.room = OVERLAY_REASON_BYTES;
	if (r.room)
		*reason = '\0';
	if (base)
		r.largest = overlay_base_largest(base);
	err = overlay_resolve_handles(&r);
	node = fdt_subnode_offset(blob, 0, "__local_fixups__");
	if (!err && node >= 0)
		err = overlay_resolve_local(&r, 0, node);
	node = fdt_subnode_offset(blob, 0, "__fixups__");
	if (!err && node >= 0)
		err = overlay_resolve_labels(&r, node);
	if (!err && base)
		err = overlay_resolve_targets(&r);
	overlay_resolve_erase(&r, "__local_fixups__");
	overlay_resolve_erase(&r, "__fixups__");
	return err;
}
