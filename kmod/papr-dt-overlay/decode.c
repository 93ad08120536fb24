// SPDX-License-Identifier: GPL-2.0
/*
 * What a blob means. Its tree is made nodes of the kernel's kind first, which are read and
 * never attached.
 */
#include <linux/ctype.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/mm.h>
#include <linux/of_fdt.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

/* A property that is one string; NULL: it is not there, or *err. */
static const char *string_of(const struct device_node *np, const char *name, int *err)
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

/* Is it there? */
static bool cell_of(const struct device_node *np, const char *name, u32 *cell, int *err)
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

static int check_id(const char *id)
{
	size_t len = strlen(id), i;

	if (!len || len > OVERLAY_ID_MAX)
		return -EINVAL;
	for (i = 0; i < len; i++)
		if (!isascii(id[i]) || (!isalnum(id[i]) && !strchr("._:-", id[i])))
			return -EINVAL;
	return 0;
}

static int decode_root(struct overlay *o, const struct device_node *root)
{
	u32 format = 1;
	int err = 0;

	cell_of(root, "papr,format", &format, &err);
	cell_of(root, "papr,flags", &o->flags, &err);
	o->id = string_of(root, "papr,overlay-id", &err);
	o->revert = string_of(root, "papr,revert", &err);
	if (!err && o->id)
		err = check_id(o->id);
	if (!err && !format)
		err = -EINVAL;
	if (err)
		return err;
	if (format > 1 || o->flags & ~(OVERLAY_CHECK_ONLY | OVERLAY_TRANSIENT))
		return -EOPNOTSUPP;
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

/* A list of one name or more. */
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
	}
	return 0;
}

static struct device_node *content_of(const struct device_node *np)
{
	struct device_node *child;

	for (child = np->child; child; child = child->sibling)
		if (!strcmp(node_name(child), "__overlay__"))
			return child;
	return NULL;
}

static int decode_fragment(const struct device_node *np, struct fragment *f)
{
	bool removes;
	int err = 0, op_err;

	op_err = decode_op(string_of(np, "papr,op", &err), &f->op);
	f->content = content_of(np);
	if (!cell_of(np, "target", &f->phandle, &err)) {
		f->path = string_of(np, "target-path", &err);
		if (!f->path || *f->path != '/')
			return -EINVAL;
	}
	if (!err)
		err = decode_names(np, f);
	if (err)
		return err;
	if (op_err)
		return op_err;
	removes = f->op == OVERLAY_REMOVE_NODE || f->op == OVERLAY_REMOVE_PROPERTIES;
	if (!f->content != removes || (f->op == OVERLAY_REMOVE_PROPERTIES && !f->names))
		return -EINVAL;
	return 0;
}

static bool is_fragment(const char *name)
{
	static const char word[] = "fragment";
	const char *end = name + sizeof(word) - 1;

	return strstarts(name, word) && (!*end || *end == '@' || *end == '-');
}

/* Its name is none of the blob's: the kernel has made it. */
static bool is_empty(const struct device_node *np)
{
	const struct property *p;

	for (p = np->properties; p; p = p->next)
		if (strcmp(p->name, "name"))
			return false;
	return !np->child;
}

/* Firmware's fragments have absolute handles: there is nothing to resolve. */
static int decode_child(struct overlay *o, const struct device_node *np)
{
	const char *name = node_name(np);

	if (is_fragment(name)) {
		if (o->fragments == OVERLAY_FRAGMENTS_MAX)
			return -E2BIG;
		return decode_fragment(np, &o->fragment[o->fragments++]);
	}
	if (!strcmp(name, "__symbols__") || !strcmp(name, "aliases"))
		return 0;
	if (strcmp(name, "__fixups__") && strcmp(name, "__local_fixups__"))
		return -EINVAL;
	return is_empty(np) ? 0 : -EOPNOTSUPP;
}

int overlay_decode(struct overlay **out, void *blob)
{
	struct overlay *o = kvzalloc(sizeof(*o), GFP_KERNEL);
	struct device_node *root = NULL, *np;
	int err;

	*out = o;
	if (!o) {
		kvfree(blob);
		return -ENOMEM;
	}
	o->blob = blob;
	o->memory = of_fdt_unflatten_tree(blob, NULL, &root);
	if (!o->memory || !root)
		return -ENOMEM;
	err = decode_root(o, root);
	for (np = root->child; np && !err; np = np->sibling)
		err = decode_child(o, np);
	if (err)
		return err;
	/* Either fragments or a command. */
	return !o->fragments == !o->revert ? -EINVAL : 0;
}

void overlay_free(struct overlay *o)
{
	if (!o)
		return;
	kfree(o->memory);
	kvfree(o->blob);
	kvfree(o);
}
