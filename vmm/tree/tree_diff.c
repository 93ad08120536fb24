// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/tree/fdt_out.h"
#include "vmm/tree/tree_diff.h"

enum { NOWHERE = -1 };

struct diff {
	const void *before, *now;
	bool *kept; /* by offset / 4: this node of now is part of the result */
	struct fdt_out out;
};

/* Find a child by its exact name. libfdt's search also accepts a name without its unit
 * address. */
static int same_child(const void *fdt, int parent, const char *name)
{
	int node;

	fdt_for_each_subnode(node, fdt, parent) {
		const char *other = fdt_get_name(fdt, node, NULL);

		if (other && !strcmp(other, name))
			return node;
	}
	return NOWHERE;
}

/* Return the offset in before of a child of now. */
static int counterpart(const struct diff *d, int child, int parent_before)
{
	const char *name = fdt_get_name(d->now, child, NULL);

	if (parent_before == NOWHERE || !name)
		return NOWHERE;
	return same_child(d->before, parent_before, name);
}

static bool prop_differs(const struct diff *d, int prop, int node_before,
			 const char **name, const void **value, int *len)
{
	const void *old;
	int old_len;

	*value = fdt_getprop_by_offset(d->now, prop, name, len);
	if (!*value)
		return false;
	if (node_before == NOWHERE)
		return true;

	old = fdt_getprop(d->before, node_before, *name, &old_len);
	return !old || old_len != *len || memcmp(old, *value, (size_t)*len);
}

/* Return true if each property and child of a node of before exists in now. */
static bool all_there(const struct diff *d, int node_before, int node)
{
	int prop, child;

	fdt_for_each_property_offset(prop, d->before, node_before) {
		const char *name;

		if (!fdt_getprop_by_offset(d->before, prop, &name, NULL) ||
		    !fdt_getprop(d->now, node, name, NULL))
			return false;
	}
	fdt_for_each_subnode(child, d->before, node_before) {
		const char *name = fdt_get_name(d->before, child, NULL);

		if (!name || same_child(d->now, node, name) == NOWHERE)
			return false;
	}
	return true;
}

/* Mark the nodes of now that are part of the result. Return 1 if this node or one below
 * it is marked, 0, or -EXDEV. The recursion is as deep as the tree of now, which the
 * machine built. */
static int mark(struct diff *d, int node, int node_before)
{
	bool keep = node_before == NOWHERE;
	int prop, child;

	if (node_before != NOWHERE && !all_there(d, node_before, node))
		return -EXDEV;

	fdt_for_each_property_offset(prop, d->now, node) {
		const void *value;
		const char *name;
		int len;

		keep |= prop_differs(d, prop, node_before, &name, &value, &len);
	}
	fdt_for_each_subnode(child, d->now, node) {
		int below = mark(d, child, counterpart(d, child, node_before));

		if (below < 0)
			return below;
		keep |= below;
	}
	d->kept[node / 4] = keep;
	return keep;
}

static void put(struct diff *d, int node, int node_before)
{
	int prop, child;

	fdt_out_node(&d->out, "%s", fdt_get_name(d->now, node, NULL));
	fdt_for_each_property_offset(prop, d->now, node) {
		const void *value;
		const char *name;
		int len;

		if (prop_differs(d, prop, node_before, &name, &value, &len))
			fdt_out_prop(&d->out, name, value, (size_t)len);
	}
	fdt_for_each_subnode(child, d->now, node) {
		if (d->kept[child / 4])
			put(d, child, counterpart(d, child, node_before));
	}
	fdt_out_node_end(&d->out);
}

int tree_diff(const void *before, const void *now, void **fdt, size_t *size)
{
	struct diff d = { .before = before, .now = now };
	int err;

	d.kept = calloc(fdt_size_dt_struct(now) / 4 + 1, sizeof(*d.kept));
	if (!d.kept)
		return -ENOMEM;

	err = mark(&d, 0, 0);
	if (err >= 0) {
		fdt_out_begin(&d.out);
		put(&d, 0, 0);
		err = fdt_out_end(&d.out, fdt, size);
	}
	free(d.kept);
	return err;
}
