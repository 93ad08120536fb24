// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "overlay/blob_merge.h"
#include "wire/dt_name.h"
#include "wire/fdt_index.h"
#include "wire/overlay.h"
#include "wire/printable.h"

enum { PATH_BYTES = 160, MORE_BYTES = 1024 };

/* libfdt moves all that follows a change, and looks for each name from the start. So a
 * fragment's content is merged in one pass that writes a new structure block. */
struct blob_merge {
	char *tree;
	const void *blob;
	struct fdt_index of_tree, of_blob; /* of the tree before the fragment */
	uint32_t names;			   /* offset of the blob's names in the tree */
	uint32_t handles[OVERLAY_NODES_MAX + 1]; /* that the fragment adds */
	size_t n_handles;
	char *out;
	size_t size;
	struct overlay_fragment f;
	int target;
	char *why;
};

/* Refuse the blob because of a node of its content; -1: the target. */
__attribute__((format(printf, 4, 5))) static int
blob_merge_refuse(const struct blob_merge *m, int node, int err, const char *format, ...)
{
	char path[PATH_BYTES], own[PATH_BYTES], text[PATH_BYTES];
	const char *below = "";
	va_list args;

	if (node >= 0 && fdt_get_path(m->blob, node, own, sizeof(own)))
		below = fdt_get_name(m->blob, node, NULL);
	else if (node >= 0)
		below = own + strlen("//__overlay__") + strlen(m->f.name);
	if (fdt_get_path(m->tree, m->target, path, sizeof(path)) ||
	    (!m->target && *below))
		*path = '\0';
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(m->why, INPUT_WHY_BYTES, "%.64s, %s%.128s: %.159s", m->f.name, path,
		 below, text);
	printable(m->why);
	return err;
}

/* ---- Content ---------------------------------------------------------------------- */

/* Append a tag of a tree, or a whole node. Return the offset after it. */
static int blob_merge_copy(struct blob_merge *m, const void *fdt, int at, bool is_whole)
{
	const char *from = (const char *)fdt + fdt_off_dt_struct(fdt) + at;
	int depth = 0, end = at;

	do {
		uint32_t tag = fdt_next_tag(fdt, end, &end);

		depth += (tag == FDT_BEGIN_NODE) - (tag == FDT_END_NODE);
	} while (is_whole && depth > 0);
	memcpy(m->out + m->size, from, (size_t)(end - at));
	m->size += (size_t)(end - at);
	return end;
}

static int blob_merge_handle(struct blob_merge *m, int node, const char *name,
			     uint32_t *own, uint32_t handle)
{
	bool is_used =
		handle <= m->of_tree.largest && fdt_index_owner(&m->of_tree, handle) >= 0;

	if (!handle)
		return blob_merge_refuse(m, node, -EINVAL,
					 "%s must be one cell, and not 0", name);
	if (*own && *own != handle)
		return blob_merge_refuse(m, node, -EINVAL,
					 "the node has handle 0x%x, not 0x%x", *own,
					 handle);
	for (size_t i = 0; i < m->n_handles; i++)
		is_used |= m->handles[i] == handle;
	if (!*own && is_used)
		return blob_merge_refuse(m, node, -EEXIST, "handle 0x%x is in use",
					 handle);
	if (!*own && m->n_handles > OVERLAY_NODES_MAX)
		return blob_merge_refuse(m, node, -E2BIG, "too many handles");
	if (!*own)
		m->handles[m->n_handles++] = *own = handle;
	return 0;
}

static int blob_merge_property(struct blob_merge *m, int node, int there, int at,
			       uint32_t *own)
{
	int len, err = 0;
	const char *name;
	const void *value = fdt_getprop_by_offset(m->blob, at, &name, &len);
	bool is_there = fdt_getprop(m->tree, there, name, NULL);
	struct fdt_property *copy = (void *)(m->out + m->size);

	if (!strcmp(name, "name"))
		return 0;
	if (dt_name_is_handle(name))
		err = blob_merge_handle(m, node, name, own,
					len == 4 ? fdt32_ld(value) : 0);
	else if (m->f.op == OVERLAY_ADD && is_there)
		err = blob_merge_refuse(m, node, -EEXIST, "property %s exists", name);
	if (!err && m->f.op == OVERLAY_UPDATE && !is_there)
		err = blob_merge_refuse(m, node, -ENOENT, "property %s does not exist",
					name);
	if (is_there)
		fdt_nop_property(m->tree, there, name);
	blob_merge_copy(m, m->blob, at, false);
	fdt32_st(&copy->nameoff, fdt32_ld(&copy->nameoff) + m->names);
	return err;
}

/* Write what follows the name of a node of the blob, with what the tree has of it. there:
 * negative if it is new, for which libfdt finds no property. */
static int blob_merge_content(struct blob_merge *m, int there, int node)
{
	int at, child, err = 0;
	uint32_t own = fdt_index_handle(m->tree, there);

	fdt_for_each_property_offset(at, m->blob, node)
		if (!err)
			err = blob_merge_property(m, node, there, at, &own);
	fdt_for_each_property_offset(at, m->tree, there)
		blob_merge_copy(m, m->tree, at, false);
	fdt_for_each_subnode(at, m->blob, node) {
		child = fdt_index_child(&m->of_tree, there, m->blob, at, false);
		if (!err && child >= 0 && m->f.op == OVERLAY_ADD)
			err = blob_merge_refuse(m, at, -EEXIST, "the node exists");
		if (!err && child < 0 && m->f.op == OVERLAY_UPDATE)
			err = blob_merge_refuse(m, node, -ENOENT,
						"child %s does not exist",
						fdt_get_name(m->blob, at, NULL));
		blob_merge_copy(m, m->blob, at, false);
		if (!err)
			err = blob_merge_content(m, child, at);
	}
	if (there >= 0)
		fdt_for_each_subnode(at, m->tree, there)
			if (fdt_index_child(&m->of_blob, node, m->tree, at, false) < 0)
				blob_merge_copy(m, m->tree, at, true);
	fdt32_st(m->out + m->size, FDT_END_NODE);
	m->size += FDT_TAGSIZE;
	return err;
}

/* Replace the structure block of the tree, which the names follow. */
static int blob_merge_add(struct blob_merge *m)
{
	char *structure = m->tree + fdt_off_dt_struct(m->tree);
	size_t old = fdt_size_dt_struct(m->tree);
	int after, err;

	m->size = 0;
	after = blob_merge_copy(m, m->tree, m->target, true);
	memcpy(m->out, structure, (size_t)m->target);
	m->size = (size_t)m->target;
	blob_merge_copy(m, m->tree, m->target, false);
	m->n_handles = 0;
	err = blob_merge_content(m, m->target, m->f.content);
	if (err)
		return err;
	memcpy(m->out + m->size, structure + after, old - (size_t)after);
	m->size += old - (size_t)after;
	memmove(structure + m->size, m->tree + fdt_off_dt_strings(m->tree),
		fdt_size_dt_strings(m->tree));
	memcpy(structure, m->out, m->size);
	fdt_set_size_dt_struct(m->tree, (uint32_t)m->size);
	fdt_set_off_dt_strings(m->tree, fdt_off_dt_struct(m->tree) + (uint32_t)m->size);
	return 0;
}

/* ---- Fragments -------------------------------------------------------------------- */

static int blob_merge_remove_properties(struct blob_merge *m)
{
	const char *name = m->f.names;

	for (; name < m->f.names + m->f.names_len; name += strlen(name) + 1) {
		if (dt_name_is_handle(name) || !strcmp(name, "name"))
			return blob_merge_refuse(m, -1, -EINVAL,
						 "property %s cannot be removed", name);
		if (fdt_nop_property(m->tree, m->target, name))
			return blob_merge_refuse(m, -1, -ENOENT,
						 "property %s does not exist", name);
	}
	return 0;
}

static int blob_merge_fragment(struct blob_merge *m)
{
	const struct overlay_fragment *f = &m->f;

	fdt_index_free(&m->of_tree);
	if (fdt_index_make(&m->of_tree, m->tree))
		return -ENOMEM;
	m->target = f->path ? fdt_index_at(&m->of_tree, f->path, strlen(f->path), false)
			    : fdt_index_owner(&m->of_tree, f->phandle);
	if (m->target < 0 && f->path)
		snprintf(m->why, INPUT_WHY_BYTES,
			 "%.64s: the base tree has no node at target-path %.256s",
			 f->name, f->path);
	else if (m->target < 0)
		snprintf(m->why, INPUT_WHY_BYTES,
			 "%.64s: the base tree has no node with the target's handle 0x%x",
			 f->name, f->phandle);
	printable(m->why);
	if (m->target < 0)
		return -ENODEV;
	if (f->op == OVERLAY_REMOVE_PROPERTIES)
		return blob_merge_remove_properties(m);
	if (f->op != OVERLAY_REMOVE_NODE)
		return blob_merge_add(m);
	if (!m->target)
		return blob_merge_refuse(m, -1, -EPERM, "the root cannot be removed");
	fdt_nop_node(m->tree, m->target);
	return 0;
}

static int blob_merge_all(struct blob_merge *m, const struct overlay *o)
{
	int at = 0, err = fdt_index_make(&m->of_blob, m->blob);

	m->names = fdt_size_dt_strings(m->tree);
	memcpy(m->tree + fdt_off_dt_strings(m->tree) + m->names,
	       (const char *)m->blob + fdt_off_dt_strings(m->blob),
	       fdt_size_dt_strings(m->blob));
	fdt_set_size_dt_strings(m->tree, m->names + fdt_size_dt_strings(m->blob));
	while (!err && overlay_next(o, &at, &m->f) == 1)
		err = blob_merge_fragment(m);
	fdt_index_free(&m->of_tree);
	fdt_index_free(&m->of_blob);
	return err;
}

int blob_merge(struct input *tree, const struct input *blob, char why[INPUT_WHY_BYTES])
{
	size_t room = tree->size + blob->size + MORE_BYTES;
	struct blob_merge m = {
		.tree = malloc(room), .blob = blob->bytes, .out = malloc(room), .why = why
	};
	struct overlay o;
	int err = overlay_decode(&o, blob->bytes, blob->size);

	snprintf(why, INPUT_WHY_BYTES, "%s", o.reason);
	if (!err && (!m.tree || !m.out))
		err = -ENOMEM;
	if (!err && fdt_open_into(tree->bytes, m.tree, (int)room))
		err = -EINVAL;
	if (!err)
		err = blob_merge_all(&m, &o);
	if (err && !*why)
		snprintf(why, INPUT_WHY_BYTES, "%s", strerror(-err));
	if (!err) {
		free(tree->bytes);
		fdt_pack(m.tree);
		*tree = (struct input){ .bytes = m.tree, .size = fdt_totalsize(m.tree) };
	} else {
		free(m.tree);
	}
	free(m.out);
	return err;
}
