// SPDX-License-Identifier: GPL-2.0
/*
 * The tree as it will be when a plan has been carried out. A plan does not touch the live
 * tree before all of it is known to be possible, and each of its changes has to see those
 * before it: so what it makes true is kept as facts, which are asked before the live tree.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

enum { FACT_PLACE, FACT_CHILD, FACT_PROPERTY, FACT_HANDLE };

static u32 key_of(int kind, const void *owner, const char *name)
{
	u32 hash = hash_ptr(owner, 32) + kind;

	return name ? jhash(name, strlen(name), hash) : hash;
}

static struct fact *fact_of(const struct plan *plan, int kind, const void *owner,
			    const char *name)
{
	struct fact *fact;

	hash_for_each_possible(plan->hash, fact, hash, key_of(kind, owner, name)) {
		if (fact->kind != kind || fact->owner != owner)
			continue;
		if (!name || !strcmp(name, fact->name))
			return fact;
	}
	return NULL;
}

/* The newest one of a name counts. */
static int now(struct plan *plan, int kind, const void *owner, const char *name,
	       void *value)
{
	struct fact *fact = fact_of(plan, kind, owner, name);

	if (fact) {
		fact->value = value;
		return 0;
	}
	fact = kzalloc(sizeof(*fact), GFP_KERNEL);
	if (!fact)
		return -ENOMEM;
	*fact = (struct fact){
		.kind = kind, .owner = owner, .name = name, .value = value
	};
	hash_add(plan->hash, &fact->hash, key_of(kind, owner, name));
	list_add_tail(&fact->list, &plan->facts);
	return 0;
}

static const void *handle_key(u32 phandle)
{
	return (const void *)(unsigned long)phandle;
}

int view_now_child(struct plan *plan, const struct device_node *parent,
		   struct device_node *np)
{
	return now(plan, FACT_CHILD, parent, node_name(np), np);
}

int view_now_handle(struct plan *plan, u32 phandle, struct device_node *np)
{
	return now(plan, FACT_HANDLE, handle_key(phandle), NULL, np);
}

int view_now_property(struct plan *plan, const struct device_node *np, const char *name,
		      struct property *prop)
{
	return now(plan, FACT_PROPERTY, np, name, prop);
}

struct place *view_place(struct plan *plan, struct device_node *np)
{
	struct fact *fact = fact_of(plan, FACT_PLACE, np, NULL);
	struct place *place;

	if (fact)
		return fact->value;
	place = kzalloc(sizeof(*place), GFP_KERNEL);
	if (!place)
		return NULL;
	place->path = kasprintf(GFP_KERNEL, "%pOF", np);
	if (!place->path || now(plan, FACT_PLACE, np, NULL, place)) {
		kfree(place->path);
		kfree(place);
		return NULL;
	}
	place->np = of_node_get(np);
	list_add_tail(&place->list, &plan->places);
	return place;
}

/* ---- What it looks like -------------------------------------------------------- */

const char *node_name(const struct device_node *np)
{
	return kbasename(np->full_name);
}

/* In the order in which attaching it looks for one. */
u32 node_handle(const struct device_node *np)
{
	static const char *const names[] = { "phandle", "linux,phandle", "ibm,phandle" };
	const __be32 *value;
	int i, len;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		value = of_get_property(np, names[i], &len);
		if (value)
			return len == sizeof(*value) ? be32_to_cpup(value) : 0;
	}
	return 0;
}

bool view_is_gone(const struct plan *plan, const struct device_node *np)
{
	const struct fact *fact;

	for (; np; np = np->parent) {
		fact = fact_of(plan, FACT_PLACE, np, NULL);
		if (fact && ((const struct place *)fact->value)->gone)
			return true;
	}
	return false;
}

struct device_node *view_child(const struct plan *plan, const struct device_node *np,
			       const char *name)
{
	struct fact *fact = fact_of(plan, FACT_CHILD, np, name);
	struct device_node *child;

	if (fact && !view_is_gone(plan, fact->value))
		return of_node_get(fact->value);
	for_each_child_of_node(np, child)
		if (!strcmp(node_name(child), name) && !view_is_gone(plan, child))
			return child;
	return NULL;
}

/* As a path of /proc/device-tree: no alias, nothing left out. */
struct device_node *view_find(const struct plan *plan, const char *path)
{
	struct device_node *np = of_find_node_by_path("/"), *child;
	char name[NAME_MAX + 1];
	size_t len;

	while (np && *path == '/' && *++path) {
		len = strcspn(path, "/");
		child = NULL;
		if (len && len < sizeof(name)) {
			memcpy(name, path, len);
			name[len] = '\0';
			child = view_child(plan, np, name);
		}
		of_node_put(np);
		np = child;
		path += len;
	}
	return np;
}

struct device_node *view_by_phandle(const struct plan *plan, u32 phandle)
{
	struct fact *fact = fact_of(plan, FACT_HANDLE, handle_key(phandle), NULL);
	struct device_node *np;

	if (!phandle)
		return NULL;
	if (fact && !view_is_gone(plan, fact->value))
		return of_node_get(fact->value);
	np = of_find_node_by_phandle(phandle);
	if (!np || !view_is_gone(plan, np))
		return np;
	of_node_put(np);
	return NULL;
}

struct property *view_property(const struct plan *plan, const struct device_node *np,
			       const char *name)
{
	struct fact *fact = fact_of(plan, FACT_PROPERTY, np, name);

	return fact ? fact->value : of_find_property(np, name, NULL);
}

/* ---- A node and all below it --------------------------------------------------- */

static int nodes_push(struct nodes *nodes, struct device_node *np)
{
	struct device_node **more;
	unsigned int room;

	if (nodes->count == nodes->room) {
		room = nodes->room ? 2 * nodes->room : 16;
		more = kvcalloc(room, sizeof(*more), GFP_KERNEL);
		if (!more)
			return -ENOMEM;
		if (nodes->count)
			memcpy(more, nodes->np, nodes->count * sizeof(*more));
		kvfree(nodes->np);
		nodes->np = more;
		nodes->room = room;
	}
	nodes->np[nodes->count++] = of_node_get(np);
	return 0;
}

void nodes_free(struct nodes *nodes)
{
	while (nodes->count)
		of_node_put(nodes->np[--nodes->count]);
	kvfree(nodes->np);
	*nodes = (struct nodes){ NULL };
}

static int push_children(const struct plan *plan, struct device_node *np,
			 struct nodes *nodes)
{
	struct device_node *child;
	const struct fact *fact;
	int err;

	list_for_each_entry(fact, &plan->facts, list) {
		if (fact->kind != FACT_CHILD || fact->owner != np ||
		    view_is_gone(plan, fact->value))
			continue;
		err = nodes_push(nodes, fact->value);
		if (err)
			return err;
	}
	for_each_child_of_node(np, child) {
		if (view_is_gone(plan, child))
			continue;
		err = nodes_push(nodes, child);
		if (err) {
			of_node_put(child);
			return err;
		}
	}
	return 0;
}

static void turn_round(struct device_node **np, unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n / 2; i++)
		swap(np[i], np[n - 1 - i]);
}

int view_collect(const struct plan *plan, struct device_node *np, struct nodes *nodes)
{
	unsigned int i, first;
	int err = nodes_push(nodes, np);

	for (i = 0; !err && i < nodes->count; i++) {
		first = nodes->count;
		err = push_children(plan, nodes->np[i], nodes);
		turn_round(nodes->np + first, nodes->count - first);
		cond_resched();
	}
	return err;
}
