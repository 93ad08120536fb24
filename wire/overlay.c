// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "wire/cursor.h"
#include "wire/dt_name.h"
#include "wire/fdt_check.h"
#include "wire/fdt_names.h"
#include "wire/overlay.h"
#include "wire/printable.h"

enum {
	FDT_VERSION = 17,
	DEPTH_OVERLAY = 3, /* root, fragment, "__overlay__" */
	/* "__local_fixups__" repeats the whole tree one level lower. */
	DEPTH_MAX = 1 + DEPTH_OVERLAY + OVERLAY_DEPTH_MAX,
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

/* Return a property that is one string, or NULL if it is missing. *err: it is no
 * string. */
static const char *overlay_read_string(const void *fdt, int node, const char *name,
				       int *err)
{
	int len;
	const char *value = fdt_getprop(fdt, node, name, &len);

	if (value && (len < 1 || memchr(value, 0, (size_t)len) != value + len - 1)) {
		*err = -EINVAL;
		return NULL;
	}
	return value;
}

/* Return true if the property exists. *err: it is not one cell. */
static bool overlay_read_cell(const void *fdt, int node, const char *name, uint32_t *cell,
			      int *err)
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

/* ---- Structure -------------------------------------------------------------------- */

struct walk {
	struct overlay *o;
	const void *fdt;
	unsigned int all_nodes, nodes, props; /* nodes: in all "__overlay__" together */
	int depth;
	bool is_content;   /* below "__overlay__" */
	bool behind_child; /* properties are no longer allowed */
};

int overlay_vrefuse(char reason[OVERLAY_REASON_BYTES], int err, const char *format,
		    va_list args)
{
	if (*reason || err == -ENOMEM)
		return err;
	vsnprintf(reason, OVERLAY_REASON_BYTES, format, args);
	printable(reason);
	return err;
}

static int __attribute__((format(printf, 3, 4)))
overlay_refuse(struct overlay *o, int err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	overlay_vrefuse(o->reason, err, format, args);
	va_end(args);
	return err;
}

static int overlay_walk_node(struct walk *w, int offset)
{
	const char *name = fdt_get_name(w->fdt, offset, NULL);

	/* For libfdt, a name with an address is found by the name without it, too. */
	if (!name || (w->depth ? !dt_name_is_ok(name) : *name != '\0') ||
	    (w->depth == DEPTH_OVERLAY - 1 && !strncmp(name, "__overlay__@", 12)))
		return overlay_refuse(w->o, -EINVAL, "blob: invalid name of a node");
	w->behind_child = false;
	if (w->depth < DEPTH_OVERLAY)
		w->is_content =
			w->depth == DEPTH_OVERLAY - 1 && !strcmp(name, "__overlay__");
	if (++w->all_nodes > OVERLAY_ALL_NODES_MAX ||
	    (w->is_content && w->depth >= DEPTH_OVERLAY &&
	     ++w->nodes > OVERLAY_NODES_MAX))
		return overlay_refuse(w->o, -E2BIG, "blob: too many nodes");
	if (w->depth == DEPTH_MAX ||
	    (w->is_content && w->depth == DEPTH_OVERLAY + OVERLAY_DEPTH_MAX))
		return overlay_refuse(w->o, -E2BIG, "blob: too many levels of nodes");
	w->depth++;
	return 0;
}

/* Check the values of new nodes that a kernel reads without checking their length. */
static bool overlay_value_is_ok(const char *name, const char *value, int len)
{
	if (!strcmp(name, "name"))
		return len > 0 && memchr(value, 0, (size_t)len) == value + len - 1;
	return !dt_name_is_handle(name) || len == 4;
}

static int overlay_walk_property(struct walk *w, int offset)
{
	const char *name, *value;
	int len;

	if (w->behind_child)
		return overlay_refuse(w->o, -EINVAL,
				      "blob: a property after a child node");
	value = fdt_getprop_by_offset(w->fdt, offset, &name, &len);
	if (!value)
		return -EINVAL;
	if (!dt_name_is_ok(name))
		return overlay_refuse(w->o, -EINVAL, "blob: invalid name of a property");
	if (w->is_content && w->depth > DEPTH_OVERLAY &&
	    !overlay_value_is_ok(name, value, len))
		return overlay_refuse(w->o, -EINVAL, "blob: invalid value of %s", name);
	if (++w->props > OVERLAY_PROPS_MAX)
		return overlay_refuse(w->o, -E2BIG, "blob: too many properties");
	return 0;
}

/* Check that the tree has one root, and that nothing follows it. */
static int overlay_walk_all(struct walk *w)
{
	int offset = 0, next, err = 0;
	bool had_root = false;

	for (; !err; offset = next) {
		switch (fdt_next_tag(w->fdt, offset, &next)) {
		case FDT_BEGIN_NODE:
			err = had_root ? -EINVAL : overlay_walk_node(w, offset);
			break;
		case FDT_PROP:
			err = w->depth ? overlay_walk_property(w, offset) : -EINVAL;
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

static int overlay_check_twins(const struct walk *w)
{
	const char **names;
	int node, err = 0;

	names = calloc(w->props + w->all_nodes, sizeof(*names));
	if (!names)
		return -ENOMEM;
	for (node = 0; node >= 0 && !err; node = fdt_next_node(w->fdt, node, NULL)) {
		const char *twin = fdt_names_twins(w->fdt, node, names);

		if (twin)
			err = overlay_refuse(w->o, -EINVAL, "blob: %s", twin);
	}
	free(names);
	return err;
}

static bool overlay_blocks_overlap(uint32_t a, uint32_t a_bytes, uint32_t b,
				   uint32_t b_bytes)
{
	return (a > b ? a : b) < (a + a_bytes < b + b_bytes ? a + a_bytes : b + b_bytes);
}

/* Check that no two blocks overlap: resolving a reference writes to values, and must not
 * change names that were checked. fdt_check_header() accepted the tree. */
static bool overlay_blocks_are_apart(const void *fdt)
{
	const uint32_t at[] = { 0, fdt_off_mem_rsvmap(fdt), fdt_off_dt_struct(fdt),
				fdt_off_dt_strings(fdt) };
	int n = fdt_num_mem_rsv(fdt);
	const uint32_t bytes[] = { (uint32_t)fdt_header_size(fdt), (uint32_t)(n + 1) * 16,
				   fdt_size_dt_struct(fdt), fdt_size_dt_strings(fdt) };

	for (int i = 0; i < 4; i++)
		for (int j = 0; j < i; j++)
			if (n < 0 ||
			    overlay_blocks_overlap(at[i], bytes[i], at[j], bytes[j]))
				return false;
	return true;
}

static int overlay_check_tree(struct overlay *o, size_t len)
{
	struct walk w = { .o = o, .fdt = o->fdt };
	int err;

	if (fdt_version(o->fdt) < FDT_VERSION ||
	    fdt_last_comp_version(o->fdt) > FDT_VERSION ||
	    fdt_off_dt_struct(o->fdt) % 4 || fdt_off_mem_rsvmap(o->fdt) % 8 ||
	    fdt_check_header(o->fdt) || !overlay_blocks_are_apart(o->fdt))
		return overlay_refuse(o, -EINVAL, "blob: damaged header");
	err = fdt_check(o->fdt, len) ? -EINVAL : overlay_walk_all(&w);
	if (!err)
		err = overlay_check_twins(&w);
	return err ? overlay_refuse(o, err, "blob: damaged structure") : 0;
}

/* ---- Meaning ---------------------------------------------------------------------- */

bool overlay_id_is_ok(const char *id)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwx"
				      "yz0123456789._:-";
	size_t len = strlen(id);

	return len && len <= OVERLAY_ID_MAX && strspn(id, allowed) == len;
}

static int overlay_decode_root(struct overlay *o)
{
	uint32_t format = 0;
	int err = 0;

	o->is_marked = overlay_read_cell(o->fdt, 0, "papr,format", &format, &err);
	o->keeps_handles = o->is_marked;
	if (err || (o->is_marked && !format))
		return overlay_refuse(o, -EINVAL, "blob: papr,format must be 1");
	overlay_read_cell(o->fdt, 0, "papr,flags", &o->flags, &err);
	if (err)
		return overlay_refuse(o, err, "blob: papr,flags must be one cell");
	o->revert = overlay_read_string(o->fdt, 0, "papr,revert", &err);
	if (err)
		return overlay_refuse(o, err, "blob: papr,revert must be one string");
	o->id = overlay_read_string(o->fdt, 0, "papr,overlay-id", &err);
	if (err || (o->id && !overlay_id_is_ok(o->id)))
		return overlay_refuse(
			o, -EINVAL,
			"blob: papr,overlay-id must be 1 to %d letters, digits or ._:-",
			OVERLAY_ID_MAX);
	if (format > 1)
		return overlay_refuse(o, -EOPNOTSUPP, "blob: papr,format %u is unknown",
				      format);
	if (o->flags & ~(uint32_t)(OVERLAY_CHECK_ONLY | OVERLAY_TRANSIENT))
		return overlay_refuse(o, -EOPNOTSUPP, "blob: papr,flags 0x%x is unknown",
				      o->flags);
	return 0;
}

static int overlay_decode_op(const char *text, enum overlay_op *op)
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

/* Read a list of one or more names. A missing list is no error here. */
static int overlay_decode_names(const void *fdt, int node, struct overlay_fragment *f)
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

static int overlay_decode_target(struct overlay *o, int node, struct overlay_fragment *f)
{
	int err = 0;

	if (overlay_read_cell(o->fdt, node, "target", &f->phandle, &err))
		return err ? overlay_refuse(o, err, "%.64s: target must be one cell",
					    f->name)
			   : 0;
	f->path = overlay_read_string(o->fdt, node, "target-path", &err);
	if (!err && !f->path)
		return overlay_refuse(o, -EINVAL, "%.64s: no target", f->name);
	if (err || *f->path != '/')
		return overlay_refuse(o, -EINVAL,
				      "%.64s: target-path must be an absolute path, not "
				      "%.64s",
				      f->name, err ? "several" : f->path);
	return 0;
}

static int overlay_decode_fragment(struct overlay *o, int node,
				   struct overlay_fragment *f)
{
	bool removes;
	int err = 0, op_err;

	*f = (struct overlay_fragment){ .name = fdt_get_name(o->fdt, node, NULL) };
	f->content = fdt_subnode_offset(o->fdt, node, "__overlay__");
	if (f->content < 0)
		f->content = -1;
	op_err = overlay_decode_op(overlay_read_string(o->fdt, node, "papr,op", &err),
				   &f->op);
	if (err)
		return overlay_refuse(o, err, "%.64s: papr,op must be one string",
				      f->name);
	err = overlay_decode_target(o, node, f);
	if (err)
		return err;
	if (overlay_decode_names(o->fdt, node, f))
		return overlay_refuse(o, -EINVAL,
				      "%.64s: papr,properties must be a list of names",
				      f->name);
	if (op_err)
		return overlay_refuse(o, op_err, "%.64s: papr,op is unknown", f->name);
	removes = f->op == OVERLAY_REMOVE_NODE || f->op == OVERLAY_REMOVE_PROPERTIES;
	if (f->content < 0 && !removes)
		return overlay_refuse(o, -EINVAL, "%.64s: __overlay__ is missing",
				      f->name);
	if (f->content >= 0 && removes)
		return overlay_refuse(o, -EINVAL, "%.64s: papr,op allows no __overlay__",
				      f->name);
	if (f->op == OVERLAY_REMOVE_PROPERTIES && !f->names)
		return overlay_refuse(o, -EINVAL, "%.64s: papr,properties is missing",
				      f->name);
	return 0;
}

/* Return true for a fragment, which is recognized by its contents. Other nodes are for
 * compilers and boot loaders. */
static bool overlay_is_fragment(const void *fdt, int node)
{
	return fdt_subnode_offset(fdt, node, "__overlay__") >= 0 ||
	       fdt_getprop(fdt, node, "papr,op", NULL);
}

/* Return a child of the root, or -1 if it is missing or empty. */
static int overlay_list(const void *fdt, const char *name)
{
	int node = fdt_subnode_offset(fdt, 0, name);

	return node >= 0 && (fdt_first_property_offset(fdt, node) >= 0 ||
			     fdt_first_subnode(fdt, node) >= 0)
		       ? node
		       : -1;
}

int overlay_refuse_unresolved(struct overlay *o, bool has_labels)
{
	static const char *const names[] = { "__local_fixups__", "__fixups__",
					     "__symbols__" };

	for (int i = 0; i < (has_labels ? 3 : 2); i++)
		if (overlay_list(o->fdt, names[i]) >= 0)
			return overlay_refuse(
				o, -EOPNOTSUPP,
				"blob: %s is not resolved, see papr-overlay(8)",
				names[i]);
	return 0;
}

static int overlay_decode_fragments(struct overlay *o)
{
	struct overlay_fragment f;
	int node, err = 0;

	fdt_for_each_subnode(node, o->fdt, 0) {
		if (!overlay_is_fragment(o->fdt, node))
			continue;
		if (++o->fragments > OVERLAY_FRAGMENTS_MAX)
			return overlay_refuse(o, -E2BIG, "blob: too many fragments");
		err = overlay_decode_fragment(o, node, &f);
		if (err)
			return err;
	}
	if (o->fragments && o->revert)
		return overlay_refuse(o, -EINVAL, "blob: fragments beside papr,revert");
	if (!o->fragments && !o->revert)
		return overlay_refuse(o, -EINVAL, "blob: no fragment");
	return 0;
}

int overlay_decode(struct overlay *o, const void *blob, size_t len)
{
	size_t size;
	int err;

	*o = (struct overlay){ .fdt = blob, .symbols = -1 };
	err = len < sizeof(struct fdt_header) ? -EINVAL : overlay_size(blob, &size);
	if (err == -EFBIG)
		return overlay_refuse(o, err, "blob: %u bytes, the limit is %d",
				      fdt_totalsize(blob), OVERLAY_BYTES_MAX);
	if (err)
		return overlay_refuse(o, err, "blob: not a flattened device tree");
	if (size != len)
		return overlay_refuse(o, -EINVAL,
				      size < len ? "blob: bytes after its end"
						 : "blob: incomplete");
	err = overlay_check_tree(o, len);
	if (!err)
		err = overlay_decode_root(o);
	if (!err)
		err = overlay_decode_fragments(o);
	if (err)
		return err;
	if (o->is_marked)
		return overlay_refuse_unresolved(o, false);
	o->symbols = overlay_list(blob, "__symbols__");
	o->keeps_handles = o->symbols < 0 && overlay_list(blob, "__fixups__") < 0 &&
			   overlay_list(blob, "__local_fixups__") < 0;
	return 0;
}

int overlay_next(const struct overlay *o, int *at, struct overlay_fragment *out)
{
	struct overlay checked = *o;
	int node = *at ? fdt_next_subnode(o->fdt, *at) : fdt_first_subnode(o->fdt, 0);

	while (node >= 0 && !overlay_is_fragment(o->fdt, node))
		node = fdt_next_subnode(o->fdt, node);
	*at = node;
	return node >= 0 && !overlay_decode_fragment(&checked, node, out);
}
