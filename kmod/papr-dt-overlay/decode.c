// SPDX-License-Identifier: GPL-2.0
/* Read the meaning of a blob. */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

#define ID_RULE "blob: papr,overlay-id must be 1 to %d letters, digits or ._:-"

/* Read a property that is one string; NULL: it is missing. Return 0 or -EINVAL. */
static int decode_string(const struct device_node *np, const char *name,
			 const char **text)
{
	int len;

	*text = of_get_property(np, name, &len);
	return *text && strnlen(*text, len) != len - 1 ? -EINVAL : 0;
}

/* Read a property that is one cell. Return 1, 0 if it is missing, or an error. */
static int decode_cell(const struct device_node *np, const char *name, u32 *cell)
{
	int found = of_property_read_variable_u32_array(np, name, cell, 1, 1);

	return found == -EINVAL ? 0 : found;
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
static int decode_root(struct overlay *o)
{
	u32 format = 1;

	if (decode_cell(o->root, "papr,format", &format) < 0 || !format)
		return refuse(o->reason, -EINVAL, "blob: papr,format must be 1");
	if (decode_cell(o->root, "papr,flags", &o->flags) < 0)
		return refuse(o->reason, -EINVAL, "blob: papr,flags must be one cell");
	if (decode_string(o->root, "papr,revert", &o->revert))
		return refuse(o->reason, -EINVAL, "blob: papr,revert must be one string");
	if (decode_string(o->root, "papr,overlay-id", &o->id) ||
	    (o->id && !decode_id_is_ok(o->id)))
		return refuse(o->reason, -EINVAL, ID_RULE, OVERLAY_ID_MAX);
	if (format > 1)
		return refuse(o->reason, -EOPNOTSUPP, "blob: papr,format %u is unknown",
			      format);
	if (o->flags & ~(OVERLAY_CHECK_ONLY | OVERLAY_TRANSIENT))
		return refuse(o->reason, -EOPNOTSUPP, "blob: papr,flags 0x%x is unknown",
			      o->flags);
	return 0;
}

/* Read a list of one or more names. A missing list is no error here. */
static int decode_names(const struct device_node *np, struct fragment *f)
{
	int at = 0, len;

	f->names = of_get_property(np, "papr,properties", &f->names_len);
	if (!f->names)
		return 0;
	do {
		len = strnlen(f->names + at, f->names_len - at);
		if (!len || len == f->names_len - at)
			return -EINVAL;
		at += len + 1;
		cond_resched();
	} while (at < f->names_len);
	return 0;
}

static int decode_target(const struct device_node *np, struct fragment *f,
			 struct reason *reason)
{
	int found = decode_cell(np, "target", &f->phandle), err;

	if (found < 0)
		return refuse(reason, -EINVAL, "%.64s: target must be one cell", f->name);
	if (found)
		return 0;
	err = decode_string(np, "target-path", &f->path);
	if (!f->path)
		return refuse(reason, -EINVAL, "%.64s: no target", f->name);
	if (err || *f->path != '/')
		return refuse(reason, -EINVAL,
			      "%.64s: target-path must be an absolute path, not %.64s",
			      f->name, err ? "several" : f->path);
	return 0;
}

static int decode_fragment(const struct device_node *np, struct fragment *f,
			   struct reason *reason)
{
	static const char *const ops[] = { "merge", "add", "update", "remove-node",
					   "remove-properties" };
	const char *text;
	bool removes;
	int err, op;

	f->name = node_name(np);
	err = decode_string(np, "papr,op", &text);
	if (err)
		return refuse(reason, err, "%.64s: papr,op must be one string", f->name);
	err = decode_target(np, f, reason);
	if (err)
		return err;
	if (decode_names(np, f))
		return refuse(reason, -EINVAL,
			      "%.64s: papr,properties must be a list of names", f->name);
	op = text ? match_string(ops, ARRAY_SIZE(ops), text) : OVERLAY_MERGE;
	if (op < 0)
		return refuse(reason, -EOPNOTSUPP, "%.64s: papr,op is unknown", f->name);
	f->op = op;
	removes = op == OVERLAY_REMOVE_NODE || op == OVERLAY_REMOVE_PROPERTIES;
	if (!f->content && !removes)
		return refuse(reason, -EINVAL, "%.64s: __overlay__ is missing", f->name);
	if (f->content && removes)
		return refuse(reason, -EINVAL, "%.64s: papr,op allows no __overlay__",
			      f->name);
	if (op == OVERLAY_REMOVE_PROPERTIES && !f->names)
		return refuse(reason, -EINVAL, "%.64s: papr,properties is missing",
			      f->name);
	return 0;
}

/* Read a child of the root. A fragment is recognized by its contents. Other nodes are for
 * compilers and boot loaders. */
static int decode_child(struct overlay *o, const struct device_node *np)
{
	struct device_node *content = np->child;
	struct fragment *f = &o->fragment[o->fragments];

	while (content && strcmp(node_name(content), "__overlay__"))
		content = content->sibling;
	if (!content && !of_find_property(np, "papr,op", NULL))
		return 0;
	if (o->fragments++ == OVERLAY_FRAGMENTS_MAX)
		return refuse(o->reason, -E2BIG, "blob: too many fragments");
	f->content = content;
	return decode_fragment(np, f, o->reason);
}

/* Refuse what papr-overlay(8) resolves in a compiler's blob: references, and labels for a
 * tree that has some. */
static int decode_refuse_references(const struct overlay *o)
{
	static const char *const names[] = { "__local_fixups__", "__fixups__",
					     "__symbols__" };
	struct device_node *np, *labels = NULL;
	int err = 0, count;

	if (!of_find_property(o->root, "papr,format", NULL))
		labels = of_find_node_by_path("/__symbols__");
	count = labels ? 3 : 2;
	of_node_put(labels);
	for (np = o->root->child; np && !err; np = np->sibling)
		if ((np->properties || np->child) &&
		    match_string(names, count, node_name(np)) >= 0)
			err = refuse(o->reason, -EOPNOTSUPP,
				     "blob: %s is not resolved, see papr-overlay(8)",
				     node_name(np));
	return err;
}

static int decode_blob(struct overlay *o)
{
	struct device_node *np;
	int err = decode_root(o);

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
	err = blob_unflatten(o, len);
	return err ? err : decode_blob(o);
}

void overlay_free(struct overlay *o)
{
	if (!o)
		return;
	kvfree(o->root);
	kvfree(o->blob);
	kvfree(o);
}
