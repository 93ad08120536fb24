// SPDX-License-Identifier: GPL-2.0
/* Read the meaning of a blob. */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

#define ID_RULE "blob: papr,overlay-id must be 1 to %d letters, digits or ._:-"

/* Return a property that is one string, or NULL if it is missing. *err: it is no
 * string. */
static const char *decode_string(const struct device_node *np, const char *name, int *err)
{
	int len;
	const char *value = of_get_property(np, name, &len);

	if (!value)
		return NULL;
	if (len < 1 || strnlen(value, len) != len - 1) {
		*err = -EINVAL;
		return NULL;
	}
	return value;
}

/* Return true if the property exists. *err: it is not one cell. */
static bool decode_cell(const struct device_node *np, const char *name, u32 *cell,
			int *err)
{
	int len;
	const __be32 *value = of_get_property(np, name, &len);

	if (!value)
		return false;
	if (len == sizeof(*value))
		*cell = be32_to_cpup(value);
	else
		*err = -EINVAL;
	return true;
}

static bool decode_id_is_ok(const char *id)
{
	size_t len = strlen(id), i;

	for (i = 0; i < len; i++)
		if (!isascii(id[i]) || (!isalnum(id[i]) && !strchr("._:-", id[i])))
			return false;
	return len && len <= OVERLAY_ID_MAX;
}

/* Read the properties of the root. */
static int decode_root(struct overlay *o, u32 *format)
{
	int err = 0;

	decode_cell(o->root, "papr,format", format, &err);
	if (err || !*format)
		return refuse(o->reason, -EINVAL, "blob: papr,format must be 1");
	decode_cell(o->root, "papr,flags", &o->flags, &err);
	if (err)
		return refuse(o->reason, err, "blob: papr,flags must be one cell");
	o->revert = decode_string(o->root, "papr,revert", &err);
	if (err)
		return refuse(o->reason, err, "blob: papr,revert must be one string");
	o->id = decode_string(o->root, "papr,overlay-id", &err);
	if (err || (o->id && !decode_id_is_ok(o->id)))
		return refuse(o->reason, -EINVAL, ID_RULE, OVERLAY_ID_MAX);
	if (*format > 1)
		return refuse(o->reason, -EOPNOTSUPP, "blob: papr,format %u is unknown",
			      *format);
	if (o->flags & ~(OVERLAY_CHECK_ONLY | OVERLAY_TRANSIENT))
		return refuse(o->reason, -EOPNOTSUPP, "blob: papr,flags 0x%x is unknown",
			      o->flags);
	return 0;
}

static int decode_op(const char *text, enum overlay_op *op)
{
	static const char *const names[] = { "merge", "add", "update", "remove-node",
					     "remove-properties" };
	unsigned int i;

	*op = OVERLAY_MERGE;
	if (!text)
		return 0;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (!strcmp(text, names[i])) {
			*op = i;
			return 0;
		}
	return -EOPNOTSUPP;
}

/* Read a list of one or more names. A missing list is no error here. */
static int decode_names(const struct device_node *np, struct fragment *f)
{
	int at, len;

	f->names = of_get_property(np, "papr,properties", &f->names_len);
	if (!f->names)
		return 0;
	if (!f->names_len)
		return -EINVAL;
	for (at = 0; at < f->names_len; at += len + 1) {
		len = strnlen(f->names + at, f->names_len - at);
		if (!len || len == f->names_len - at)
			return -EINVAL;
		cond_resched();
	}
	return 0;
}

static int decode_target(const struct device_node *np, struct fragment *f,
			 struct reason *reason)
{
	int err = 0;

	if (decode_cell(np, "target", &f->phandle, &err))
		return err ? refuse(reason, err, "%.64s: target must be one cell",
				    f->name)
			   : 0;
	f->path = decode_string(np, "target-path", &err);
	if (!err && f->path && *f->path == '/')
		return 0;
	if (!err && !f->path)
		return refuse(reason, -EINVAL, "%.64s: no target", f->name);
	return refuse(reason, -EINVAL,
		      "%.64s: target-path must be an absolute path, not %.64s", f->name,
		      err ? "several" : f->path);
}

static int decode_fragment(const struct device_node *np, struct fragment *f,
			   struct reason *reason)
{
	bool removes;
	int err = 0, op_err;

	f->name = node_name(np);
	f->content = node_below(np, "__overlay__", 11);
	op_err = decode_op(decode_string(np, "papr,op", &err), &f->op);
	if (err)
		return refuse(reason, err, "%.64s: papr,op must be one string", f->name);
	err = decode_target(np, f, reason);
	if (err)
		return err;
	if (decode_names(np, f))
		return refuse(reason, -EINVAL,
			      "%.64s: papr,properties must be a list of names", f->name);
	if (op_err)
		return refuse(reason, op_err, "%.64s: papr,op is unknown", f->name);
	removes = f->op == OVERLAY_REMOVE_NODE || f->op == OVERLAY_REMOVE_PROPERTIES;
	if (!f->content && !removes)
		return refuse(reason, -EINVAL, "%.64s: __overlay__ is missing", f->name);
	if (f->content && removes)
		return refuse(reason, -EINVAL, "%.64s: papr,op allows no __overlay__",
			      f->name);
	if (f->op == OVERLAY_REMOVE_PROPERTIES && !f->names)
		return refuse(reason, -EINVAL, "%.64s: papr,properties is missing",
			      f->name);
	return 0;
}

/* Read a child of the root. A fragment is recognized by its contents. Other nodes are for
 * compilers and boot loaders. */
static int decode_child(struct overlay *o, struct device_node *np)
{
	if (node_below(np, "__overlay__", 11) || of_find_property(np, "papr,op", NULL)) {
		if (o->fragments == OVERLAY_FRAGMENTS_MAX)
			return refuse(o->reason, -E2BIG, "blob: too many fragments");
		return decode_fragment(np, &o->fragment[o->fragments++], o->reason);
	}
	return 0;
}

/* Refuse what papr-overlay(8) resolves in a compiler's blob: references, and labels for a
 * tree that has some. */
static int decode_refuse_references(struct overlay *o)
{
	struct device_node *np, *labels = NULL;
	const char *name;
	int err = 0;

	if (!of_find_property(o->root, "papr,format", NULL))
		labels = of_find_node_by_path("/__symbols__");
	for (np = o->root->child; np && !err; np = np->sibling) {
		name = node_name(np);
		if (!np->properties && !np->child)
			continue;
		if (!strcmp(name, "__local_fixups__") || !strcmp(name, "__fixups__") ||
		    (labels && !strcmp(name, "__symbols__")))
			err = refuse(o->reason, -EOPNOTSUPP,
				     "blob: %s is not resolved, see papr-overlay(8)",
				     name);
	}
	of_node_put(labels);
	return err;
}

static int decode_blob(struct overlay *o)
{
	struct device_node *np;
	u32 format = 1;
	int err = decode_root(o, &format);

	for (np = o->root->child; np && !err; np = np->sibling)
		err = decode_child(o, np);
	if (err)
		return err;
	if (o->fragments && o->revert)
		return refuse(o->reason, -EINVAL, "blob: fragments beside papr,revert");
	if (!o->fragments && !o->revert)
		return refuse(o->reason, -EINVAL, "blob: no fragment");
	return decode_refuse_references(o);
}

int overlay_decode(struct overlay **out, void *blob, size_t len, struct reason *reason)
{
	struct overlay *o = kvzalloc(sizeof(*o), GFP_KERNEL);
	int err;

	*out = o;
	if (!o) {
		kvfree(blob);
		return -ENOMEM;
	}
	o->blob = blob;
	o->reason = reason;
	err = blob_unflatten(blob, len, &o->root, &o->props, reason);
	return err ? err : decode_blob(o);
}

void overlay_free(struct overlay *o)
{
	if (!o)
		return;
	kvfree(o->root);
	kvfree(o->props);
	kvfree(o->blob);
	kvfree(o);
}
