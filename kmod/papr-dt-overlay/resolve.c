// SPDX-License-Identifier: GPL-2.0
/*
 * Resolve the references of a compiler's blob. Compilers number the handles of an overlay
 * from 1, and do not resolve references to the base. This file moves the blob's handles
 * above those of the live tree, and gives every reference its value. "__local_fixups__"
 * lists the references to the blob's own nodes. "__fixups__" lists those to labels of the
 * base, which the live tree has in /__symbols__.
 */
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

#define HANDLE_MAX 0xfffffffeU

struct resolve {
	struct overlay *o;
	u32 delta; /* the largest handle of the live tree */
	unsigned int references;
};

/* Read a cell of a property. It may be unaligned. */
static u32 resolve_read_cell(const struct property *prop, u32 at)
{
	__be32 cell;

	memcpy(&cell, prop->value + at, sizeof(cell));
	return be32_to_cpu(cell);
}

static void resolve_write_cell(struct property *prop, u32 at, u32 value)
{
	__be32 cell = cpu_to_be32(value);

	memcpy(prop->value + at, &cell, sizeof(cell));
}

static bool resolve_has_cell(const struct property *prop, u32 at)
{
	return prop->length >= sizeof(u32) && at <= prop->length - sizeof(u32);
}

/* Refuse the blob because of a node of it. */
static int resolve_refuse(const struct resolve *r, int err, const struct device_node *np,
			  const char *name, const char *why)
{
	const struct device_node *above;
	char path[256], *at = path + sizeof(path) - 1;
	size_t len;

	*at = '\0';
	for (above = np; above->parent; above = above->parent) {
		len = strlen(above->full_name);
		if (len >= at - path)
			return refuse(r->o->reason, err, "%.128s: %.64s: %s",
				      np->full_name, name, why);
		at -= len + 1;
		*at = '/';
		memcpy(at + 1, above->full_name, len);
	}
	return refuse(r->o->reason, err, "%s: %.64s: %s", *at ? at : "/", name, why);
}

static int resolve_count_reference(struct resolve *r)
{
	if (++r->references <= OVERLAY_REFERENCES_MAX)
		return 0;
	return refuse(r->o->reason, -E2BIG, "more than %d references",
		      OVERLAY_REFERENCES_MAX);
}

/* ---- The blob's own handles ---------------------------------------------------- */

static u32 resolve_largest_handle(void)
{
	struct device_node *np = NULL;
	u32 largest = 0;

	/* for_each_of_allnodes() needs a function that is not exported. */
	while ((np = of_find_all_nodes(np))) {
		if (np->phandle <= HANDLE_MAX)
			largest = max(largest, np->phandle);
		cond_resched();
	}
	return largest;
}

static int resolve_shift_cell(const struct resolve *r, struct property *prop, u32 at,
			      u32 limit)
{
	u32 value = resolve_read_cell(prop, at);

	if (value > limit || r->delta > limit - value)
		return -ENOSPC;
	resolve_write_cell(prop, at, value + r->delta);
	return 0;
}

static int resolve_shift_handle(const struct resolve *r, struct device_node *np,
				struct property *prop)
{
	if (prop->length != sizeof(u32))
		return resolve_refuse(r, -EINVAL, np, prop->name,
				      "the handle is not one cell");
	if (resolve_shift_cell(r, prop, 0, HANDLE_MAX))
		return resolve_refuse(r, -ENOSPC, np, prop->name,
				      "no handle is free above the base's largest");
	return 0;
}

/* Move the handles of a node and its descendants. The recursion is bounded: blob_check()
 * limits the levels. */
static int resolve_shift_handles(const struct resolve *r, struct device_node *np)
{
	struct device_node *child;
	struct property *prop;
	int err = 0;

	for (prop = np->properties; prop && !err; prop = prop->next)
		if (property_is_handle(prop->name))
			err = resolve_shift_handle(r, np, prop);
	for (child = np->child; child && !err; child = child->sibling)
		err = resolve_shift_handles(r, child);
	cond_resched();
	return err;
}

/* ---- References to the blob's own nodes ---------------------------------------- */

static int resolve_local_property(struct resolve *r, struct device_node *np,
				  const struct property *fixup)
{
	static const char outside[] =
		"__local_fixups__ has an offset outside the property";
	struct property *prop = of_find_property(np, fixup->name, NULL);
	int i, err = 0;
	u32 at;

	/* A name was checked already. */
	if (!prop || !strcmp(prop->name, "name"))
		return resolve_refuse(r, -EINVAL, np, fixup->name,
				      "__local_fixups__ names a missing property");
	if (fixup->length % sizeof(u32))
		return resolve_refuse(r, -EINVAL, np, fixup->name,
				      "__local_fixups__ has a partial cell");
	for (i = 0; i < fixup->length && !err; i += sizeof(u32)) {
		at = resolve_read_cell(fixup, i);
		err = resolve_count_reference(r);
		if (err)
			return err;
		if (!resolve_has_cell(prop, at))
			return resolve_refuse(r, -EINVAL, np, fixup->name, outside);
		if (resolve_shift_cell(r, prop, at, U32_MAX))
			return resolve_refuse(r, -ENOSPC, np, fixup->name,
					      "a reference exceeds 32 bits");
	}
	return err;
}

/* Resolve the references in np and its descendants; fixups has the same structure. */
static int resolve_local(struct resolve *r, struct device_node *np,
			 const struct device_node *fixups)
{
	struct device_node *mirrored;
	const struct device_node *child;
	const struct property *fixup;
	int err = 0;

	for (fixup = fixups->properties; fixup && !err; fixup = fixup->next)
		err = resolve_local_property(r, np, fixup);
	for (child = fixups->child; child && !err; child = child->sibling) {
		mirrored = node_below(np, node_name(child), strlen(node_name(child)));
		err = mirrored ? resolve_local(r, mirrored, child)
			       : resolve_refuse(r, -EINVAL, np, node_name(child),
						"__local_fixups__ names a missing node");
	}
	cond_resched();
	return err;
}

/* ---- References to the live tree ----------------------------------------------- */

/* Find the handle of the live node with this label. Return 0, -ENOENT or -ENODEV. */
static int resolve_label_handle(const char *label, u32 *handle)
{
	struct device_node *symbols = of_find_node_by_path("/__symbols__"), *np = NULL;
	const char *path = NULL;
	int len;

	if (symbols)
		path = of_get_property(symbols, label, &len);
	if (path && len && !path[len - 1] && *path == '/')
		np = node_find(path);
	of_node_put(symbols);
	*handle = np ? np->phandle : 0;
	of_node_put(np);
	if (*handle)
		return 0;
	return path ? -ENODEV : -ENOENT;
}

/* Find a node of the blob by its path. */
static struct device_node *resolve_find_node(struct device_node *root, const char *path,
					     const char *end)
{
	struct device_node *np = root;
	const char *next;

	if (*path != '/')
		return NULL;
	while (np && path < end) {
		next = ++path;
		while (next < end && *next != '/')
			next++;
		if (next > path)
			np = node_below(np, path, next - path);
		path = next;
	}
	return np;
}

static int resolve_refuse_place(const struct resolve *r, const char *label,
				const char *place, size_t len, const char *why)
{
	return refuse(r->o->reason, -EINVAL, "label %.64s: \"%.*s\" in __fixups__: %s",
		      label, (int)min_t(size_t, len, 200), place, why);
}

/* Resolve one entry of "__fixups__". place: "PATH:PROPERTY:OFFSET". */
static int resolve_place(struct resolve *r, const char *label, char *place, size_t len,
			 u32 handle)
{
	char *name = strchr(place, ':');
	char *offset = name ? strchr(name + 1, ':') : NULL;
	struct device_node *np;
	struct property *prop;
	u32 at;
	int err = resolve_count_reference(r);

	if (err)
		return err;
	if (!offset || *place != '/' || offset == name + 1 || !isdigit(offset[1]) ||
	    strspn(offset + 1, "0123456789") != strlen(offset + 1))
		return resolve_refuse_place(r, label, place, len,
					    "not PATH:PROPERTY:OFFSET");
	np = resolve_find_node(r->o->root, place, name);
	if (!np)
		return resolve_refuse_place(r, label, place, len, "no such node");
	*offset = '\0';
	prop = of_find_property(np, name + 1, NULL);
	*offset = ':';
	/* A name was checked already. */
	if (!prop || !strcmp(prop->name, "name"))
		return resolve_refuse_place(r, label, place, len, "no such property");
	if (kstrtou32(offset + 1, 10, &at) || !resolve_has_cell(prop, at))
		return resolve_refuse_place(r, label, place, len,
					    "the offset is outside the property");
	resolve_write_cell(prop, at, handle);
	return 0;
}

/* Resolve all entries of a label. An entry can overwrite later ones, so each length is
 * measured only when the entry is used. */
static int resolve_label(struct resolve *r, const struct property *fixup)
{
	static const char no_label[] = "the base tree has no such label";
	static const char no_node[] =
		"its node is missing in the base tree, or has no handle";
	char *place = fixup->value, *end = place + fixup->length;
	size_t len;
	u32 handle;
	int err = resolve_label_handle(fixup->name, &handle);

	if (err)
		return refuse(r->o->reason, err, "label %.64s: %s", fixup->name,
			      err == -ENOENT ? no_label : no_node);
	do {
		len = strnlen(place, end - place);
		if (len == end - place)
			return resolve_refuse_place(r, fixup->name, place, len,
						    "it does not end with NUL");
		err = resolve_place(r, fixup->name, place, len, handle);
		place += len + 1;
		cond_resched();
	} while (!err && place < end);
	return err;
}

int overlay_resolve(struct overlay *o)
{
	const struct device_node *local = node_below(o->root, "__local_fixups__", 16);
	const struct device_node *labels = node_below(o->root, "__fixups__", 10);
	struct resolve r = { .o = o, .delta = resolve_largest_handle() };
	const struct property *fixup;
	int err = resolve_shift_handles(&r, o->root);

	if (!err && local)
		err = resolve_local(&r, o->root, local);
	for (fixup = labels ? labels->properties : NULL; fixup && !err;
	     fixup = fixup->next)
		err = resolve_label(&r, fixup);
	return err;
}
