// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/cursor.h"
#include "wire/dt_name.h"
#include "wire/fdt_names.h"
#include "wire/overlay.h"

enum {
	FDT_VERSION = 17,
	DEPTH_OVERLAY = 3, /* root, fragment, "__overlay__" */
};

int overlay_size(const void *head, size_t *size)
{
	struct cursor c = cursor_of(head, OVERLAY_HEAD_BYTES);
	uint32_t magic = cursor_be32(&c), total = cursor_be32(&c);

	if (magic != FDT_MAGIC || total < sizeof(struct fdt_header))
		return -EINVAL;
	if (total > OVERLAY_BYTES_MAX)
		return -EFBIG;
	*size = total;
	return 0;
}

/* A property that is one string; NULL: it is not there, or *err. */
static const char *string_of(const void *fdt, int node, const char *name, int *err)
{
	int len;
	const char *value = fdt_getprop(fdt, node, name, &len);

	if (value && (len < 1 || memchr(value, 0, (size_t)len) != value + len - 1)) {
		*err = -EINVAL;
		return NULL;
	}
	return value;
}

/* Is it there? */
static bool cell_of(const void *fdt, int node, const char *name, uint32_t *cell, int *err)
{
	int len;
	const void *value = fdt_getprop(fdt, node, name, &len);
	struct cursor c = cursor_of(value, value ? (size_t)len : 0);

	if (!value)
		return false;
	*cell = cursor_be32(&c);
	if (c.err || cursor_left(&c))
		*err = -EINVAL;
	return true;
}

/* ---- The tree as such ------------------------------------------------------------ */

struct walk {
	const void *fdt;
	unsigned int all_nodes, nodes, props; /* nodes: of what is to be there */
	int depth;
	bool behind_child; /* where no property can be */
};

static int walk_node(struct walk *w, int offset)
{
	const char *name = fdt_get_name(w->fdt, offset, NULL);

	if (!name || (w->depth ? !dt_name_is_ok(name) : *name != '\0'))
		return -EINVAL;
	w->behind_child = false;
	if (++w->all_nodes > OVERLAY_ALL_NODES_MAX)
		return -E2BIG;
	if (++w->depth <= DEPTH_OVERLAY)
		return 0;
	return w->depth - DEPTH_OVERLAY > OVERLAY_DEPTH_MAX ||
			       ++w->nodes > OVERLAY_NODES_MAX
		       ? -E2BIG
		       : 0;
}

/* What a kernel reads of a new node without looking how long it is. */
static bool value_is_ok(const char *name, const char *value, int len)
{
	if (!strcmp(name, "name"))
		return len > 0 && memchr(value, 0, (size_t)len) == value + len - 1;
	if (!strcmp(name, "phandle") || !strcmp(name, "linux,phandle") ||
	    !strcmp(name, "ibm,phandle"))
		return len == 4;
	return true;
}

static int walk_property(struct walk *w, int offset)
{
	const char *name, *value;
	int len;

	value = w->behind_child ? NULL
				: fdt_getprop_by_offset(w->fdt, offset, &name, &len);
	if (!value || !dt_name_is_ok(name) ||
	    (w->depth > DEPTH_OVERLAY && !value_is_ok(name, value, len)))
		return -EINVAL;
	return ++w->props > OVERLAY_PROPS_MAX ? -E2BIG : 0;
}

/* One root, and nothing behind it. */
static int walk_all(struct walk *w)
{
	int offset = 0, next, err = 0;
	bool had_root = false;

	for (; !err; offset = next) {
		switch (fdt_next_tag(w->fdt, offset, &next)) {
		case FDT_BEGIN_NODE:
			err = had_root ? -EINVAL : walk_node(w, offset);
			break;
		case FDT_PROP:
			err = w->depth ? walk_property(w, offset) : -EINVAL;
			break;
		case FDT_END_NODE:
			if (!w->depth)
				return -EINVAL;
			w->behind_child = true;
			had_root = --w->depth == 0;
			break;
		case FDT_NOP:
			break;
		case FDT_END:
			return next >= 0 && had_root ? 0 : -EINVAL;
		default:
			return -EINVAL;
		}
		if (!err && next < 0)
			err = -EINVAL;
	}
	return err;
}

static int no_twins(const struct walk *w)
{
	const char **names;
	int node;
	bool found = false;

	names = calloc(w->props + w->all_nodes, sizeof(*names));
	if (!names)
		return -ENOMEM;
	for (node = 0; node >= 0 && !found; node = fdt_next_node(w->fdt, node, NULL))
		found = fdt_names_twins(w->fdt, node, names);
	free(names);
	return found ? -EINVAL : 0;
}

static int check_tree(const void *fdt, size_t len)
{
	struct walk w = { .fdt = fdt };
	int err;

	if (fdt_version(fdt) < FDT_VERSION || fdt_last_comp_version(fdt) > FDT_VERSION ||
	    fdt_off_dt_struct(fdt) % 4 || fdt_off_mem_rsvmap(fdt) % 8 ||
	    fdt_check_full(fdt, len))
		return -EINVAL;
	err = walk_all(&w);
	return err ? err : no_twins(&w);
}

/* ---- What it means ----------------------------------------------------------------- */

static int check_id(const char *id)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
				      "yz0123456789._:-";
	size_t len = strlen(id);

	return len && len <= OVERLAY_ID_MAX && strspn(id, allowed) == len ? 0 : -EINVAL;
}

static int decode_root(struct overlay *o)
{
	uint32_t format = 1;
	int err = 0;

	cell_of(o->fdt, 0, "papr,format", &format, &err);
	cell_of(o->fdt, 0, "papr,flags", &o->flags, &err);
	o->id = string_of(o->fdt, 0, "papr,overlay-id", &err);
	o->revert = string_of(o->fdt, 0, "papr,revert", &err);
	if (!err && o->id)
		err = check_id(o->id);
	if (!err && !format)
		err = -EINVAL;
	if (err)
		return err;
	return format > 1 || o->flags &
				       ~(uint32_t)(OVERLAY_CHECK_ONLY | OVERLAY_TRANSIENT)
		       ? -EOPNOTSUPP
		       : 0;
}

static int decode_op(const char *text, enum overlay_op *op)
{
	static const char *const names[] = { "merge", "add", "update", "remove-node",
					     "remove-properties" };

	*op = OVERLAY_MERGE;
	for (unsigned int i = 0; text && i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(text, names[i])) {
			*op = (enum overlay_op)i;
			return 0;
		}
	return text ? -EOPNOTSUPP : 0;
}

/* A list of one name or more. */
static int decode_names(const void *fdt, int node, struct overlay_fragment *f)
{
	int len;
	struct cursor c;

	f->names = fdt_getprop(fdt, node, "papr,properties", &len);
	if (!f->names)
		return 0;
	f->names_len = (size_t)len;
	c = cursor_of(f->names, f->names_len);
	do {
		const char *name = cursor_str(&c);

		if (!name || !*name)
			return -EINVAL;
	} while (cursor_left(&c));
	return 0;
}

static int decode_fragment(const void *fdt, int node, struct overlay_fragment *f)
{
	bool has_content, removes;
	int err = 0, op_err;

	*f = (struct overlay_fragment){ 0 };
	op_err = decode_op(string_of(fdt, node, "papr,op", &err), &f->op);
	f->content = fdt_subnode_offset(fdt, node, "__overlay__");
	has_content = f->content >= 0;
	if (!has_content)
		f->content = -1;
	if (!cell_of(fdt, node, "target", &f->phandle, &err)) {
		f->path = string_of(fdt, node, "target-path", &err);
		if (!f->path || *f->path != '/')
			return -EINVAL;
	}
	if (!err)
		err = decode_names(fdt, node, f);
	if (err)
		return err;
	if (op_err)
		return op_err;
	removes = f->op == OVERLAY_REMOVE_NODE || f->op == OVERLAY_REMOVE_PROPERTIES;
	if (has_content == removes || (f->op == OVERLAY_REMOVE_PROPERTIES && !f->names))
		return -EINVAL;
	return 0;
}

static bool is_fragment(const char *name)
{
	static const char word[] = "fragment";
	size_t len = sizeof(word) - 1;

	return !strncmp(name, word, len) &&
	       (!name[len] || name[len] == '@' || name[len] == '-');
}

/* Firmware's fragments have absolute handles: there is nothing to resolve. */
static int decode_child(struct overlay *o, int node)
{
	const char *name = fdt_get_name(o->fdt, node, NULL);
	struct overlay_fragment f;

	if (is_fragment(name)) {
		if (++o->fragments > OVERLAY_FRAGMENTS_MAX)
			return -E2BIG;
		return decode_fragment(o->fdt, node, &f);
	}
	if (!strcmp(name, "__symbols__") || !strcmp(name, "aliases"))
		return 0;
	if (strcmp(name, "__fixups__") != 0 && strcmp(name, "__local_fixups__") != 0)
		return -EINVAL;
	return fdt_first_property_offset(o->fdt, node) >= 0 ||
			       fdt_first_subnode(o->fdt, node) >= 0
		       ? -EOPNOTSUPP
		       : 0;
}

int overlay_decode(struct overlay *o, const void *blob, size_t len)
{
	size_t size;
	int node, err;

	*o = (struct overlay){ .fdt = blob };
	if (len < sizeof(struct fdt_header))
		return -EINVAL;
	err = overlay_size(blob, &size);
	if (err)
		return err;
	err = size == len ? check_tree(blob, len) : -EINVAL;
	if (!err)
		err = decode_root(o);
	if (err)
		return err;
	fdt_for_each_subnode(node, blob, 0) {
		err = decode_child(o, node);
		if (err)
			return err;
	}
	/* Either fragments or a command. */
	return !o->fragments == !o->revert ? -EINVAL : 0;
}

int overlay_next(const struct overlay *o, int *at, struct overlay_fragment *out)
{
	int node = *at ? fdt_next_subnode(o->fdt, *at) : fdt_first_subnode(o->fdt, 0);

	while (node >= 0 && !is_fragment(fdt_get_name(o->fdt, node, NULL)))
		node = fdt_next_subnode(o->fdt, node);
	*at = node;
	return node >= 0 && !decode_fragment(o->fdt, node, out);
}
