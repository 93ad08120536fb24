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
#include "wire/overlay.h"
#include "wire/overlay_resolve.h"
#include "wire/printable.h"

enum { PATH_BYTES = 160, MORE_BYTES = 1024 };

struct blob_merge {
	void *tree;
	const void *blob;
	uint32_t largest; /* handle of the tree: what is above is free */
	struct overlay_fragment f;
	char *why;
};

/* Refuse the blob because of a node of the tree. */
__attribute__((format(printf, 4, 5))) static int
blob_merge_refuse(const struct blob_merge *m, int node, int err, const char *format, ...)
{
	char path[PATH_BYTES], text[PATH_BYTES];
	va_list args;

	if (fdt_get_path(m->tree, node, path, sizeof(path)))
		snprintf(path, sizeof(path), "%.128s", fdt_get_name(m->tree, node, NULL));
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	snprintf(m->why, INPUT_WHY_BYTES, "%.64s, %.159s: %.159s", m->f.name, path, text);
	printable(m->why);
	return err;
}

static int blob_merge_handle(struct blob_merge *m, int node, const char *name,
			     uint32_t handle)
{
	uint32_t own = overlay_base_handle(m->tree, node);

	if (!handle)
		return blob_merge_refuse(m, node, -EINVAL,
					 "%s must be one cell, and not 0", name);
	if (own && own != handle)
		return blob_merge_refuse(m, node, -EINVAL,
					 "the node has handle 0x%x, not 0x%x", own,
					 handle);
	if (!own && handle <= m->largest && overlay_base_node(m->tree, handle) >= 0)
		return blob_merge_refuse(m, node, -EEXIST, "handle 0x%x is in use",
					 handle);
	if (handle > m->largest)
		m->largest = handle;
	return 0;
}

static int blob_merge_property(struct blob_merge *m, int node, int at)
{
	int len, err = 0;
	const char *name;
	const void *value = fdt_getprop_by_offset(m->blob, at, &name, &len);
	bool is_there = fdt_getprop(m->tree, node, name, NULL);

	if (!strcmp(name, "name"))
		return 0;
	if (dt_name_is_handle(name))
		err = blob_merge_handle(m, node, name, len == 4 ? fdt32_ld(value) : 0);
	else if (m->f.op == OVERLAY_ADD && is_there)
		err = blob_merge_refuse(m, node, -EEXIST, "property %s exists", name);
	if (!err && m->f.op == OVERLAY_UPDATE && !is_there)
		err = blob_merge_refuse(m, node, -ENOENT, "property %s does not exist",
					name);
	if (!err && fdt_setprop(m->tree, node, name, value, len))
		err = blob_merge_refuse(m, node, -EFBIG, "the tree has no room");
	return err;
}

/* For libfdt, "hub" is the same as "hub@1": it would not add the one beside the other. */
static int blob_merge_new_child(struct blob_merge *m, int node, const char *name)
{
	int child = fdt_add_subnode(m->tree, node, "/");

	return child < 0 || fdt_set_name(m->tree, child, name) ? -EFBIG : child;
}

static int blob_merge_content(struct blob_merge *m, int node, int content)
{
	int at, there, err;

	fdt_for_each_property_offset(at, m->blob, content) {
		err = blob_merge_property(m, node, at);
		if (err)
			return err;
	}
	fdt_for_each_subnode(at, m->blob, content) {
		const char *name = fdt_get_name(m->blob, at, NULL);

		there = overlay_base_child(m->tree, node, name, strlen(name));
		if (there >= 0 && m->f.op == OVERLAY_ADD)
			return blob_merge_refuse(m, there, -EEXIST, "the node exists");
		if (there < 0 && m->f.op == OVERLAY_UPDATE)
			return blob_merge_refuse(m, node, -ENOENT,
						 "child %s does not exist", name);
		if (there < 0)
			there = blob_merge_new_child(m, node, name);
		err = there < 0
			      ? blob_merge_refuse(m, node, -EFBIG, "the tree has no room")
			      : blob_merge_content(m, there, at);
		if (err)
			return err;
	}
	return 0;
}

static int blob_merge_remove_properties(struct blob_merge *m, int node)
{
	const char *name = m->f.names;

	for (; name < m->f.names + m->f.names_len; name += strlen(name) + 1) {
		if (dt_name_is_handle(name) || !strcmp(name, "name"))
			return blob_merge_refuse(m, node, -EINVAL,
						 "property %s cannot be removed", name);
		if (fdt_delprop(m->tree, node, name))
			return blob_merge_refuse(m, node, -ENOENT,
						 "property %s does not exist", name);
	}
	return 0;
}

static int blob_merge_fragment(struct blob_merge *m)
{
	const struct overlay_fragment *f = &m->f;
	int node = f->path ? overlay_base_at(m->tree, f->path)
			   : overlay_base_node(m->tree, f->phandle);

	if (node < 0 && f->path)
		snprintf(m->why, INPUT_WHY_BYTES,
			 "%.64s: the base tree has no node at target-path %.256s",
			 f->name, f->path);
	else if (node < 0)
		snprintf(m->why, INPUT_WHY_BYTES,
			 "%.64s: the base tree has no node with the target's handle 0x%x",
			 f->name, f->phandle);
	printable(m->why);
	if (node < 0)
		return -ENODEV;
	if (f->op == OVERLAY_REMOVE_PROPERTIES)
		return blob_merge_remove_properties(m, node);
	if (f->op != OVERLAY_REMOVE_NODE)
		return blob_merge_content(m, node, f->content);
	if (!node)
		return blob_merge_refuse(m, node, -EPERM, "the root cannot be removed");
	fdt_del_node(m->tree, node);
	return 0;
}

int blob_merge(struct input *tree, const struct input *blob, char why[INPUT_WHY_BYTES])
{
	size_t room = tree->size + blob->size + MORE_BYTES;
	struct blob_merge m = { .tree = malloc(room), .blob = blob->bytes, .why = why };
	struct overlay o;
	int at = 0, err = m.tree ? overlay_decode(&o, blob->bytes, blob->size) : -ENOMEM;

	*why = '\0';
	if (!err && fdt_open_into(tree->bytes, m.tree, (int)room))
		err = -EINVAL;
	if (err)
		snprintf(why, INPUT_WHY_BYTES, "%s", strerror(-err));
	else
		m.largest = overlay_base_largest(m.tree);
	while (!err && overlay_next(&o, &at, &m.f) == 1)
		err = blob_merge_fragment(&m);
	if (!err) {
		free(tree->bytes);
		fdt_pack(m.tree);
		*tree = (struct input){ .bytes = m.tree, .size = fdt_totalsize(m.tree) };
	} else {
		free(m.tree);
	}
	return err;
}
