// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes and properties of the live tree, allocated in the way in which the kernel frees
 * them.
 */
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/fwnode.h>
#include <linux/memory_hotplug.h>
#include <linux/mmzone.h>
#include <linux/nodemask.h>
#include <linux/of_address.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "overlay.h"

struct device_node *node_new(const char *name)
{
	struct device_node *root = of_find_node_by_path("/");
	struct device_node *np = root ? kzalloc(sizeof(*np), GFP_KERNEL) : NULL;

	if (np)
		np->full_name = kstrdup(name, GFP_KERNEL);
	if (!np || !np->full_name) {
		kfree(np);
		of_node_put(root);
		return NULL;
	}
	/* Do as of_node_init(), which modules cannot use: the type of nodes is not
	 * exported. */
	kobject_init(&np->kobj, (struct kobj_type *)root->kobj.ktype);
	fwnode_init(&np->fwnode, &of_fwnode_ops);
	of_node_set_flag(np, OF_DYNAMIC);
	of_node_set_flag(np, OF_DETACHED);
	of_node_put(root);
	return np;
}

void node_drop(struct device_node *np)
{
	if (of_node_check_flag(np, OF_DYNAMIC))
		of_node_put(np);
}

bool node_is_attached(const struct device_node *np)
{
	return !of_node_check_flag(np, OF_DETACHED) && np->kobj.state_in_sysfs;
}

static bool node_cpu_is_in_use(const struct device_node *np)
{
	struct device_node *of_cpu;
	bool is_in_use = false;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		of_cpu = of_get_cpu_node(cpu, NULL);
		is_in_use |= of_cpu == np;
		of_node_put(of_cpu);
	}
	return is_in_use;
}

/* Return true if a page in this range is online. Only the memory that Linux has counts: a
 * range may be of any size. */
static bool node_range_is_in_use(unsigned long from, unsigned long end)
{
	unsigned long pfn, last;
	int nid;

	for_each_online_node(nid) {
		pfn = SECTION_ALIGN_DOWN(max(from, node_start_pfn(nid)));
		last = min(end, node_end_pfn(nid));
		for (; pfn < last; pfn += PAGES_PER_SECTION) {
			if (pfn_to_online_page(pfn))
				return true;
			cond_resched();
		}
	}
	return false;
}

static bool node_memory_is_in_use(struct device_node *np)
{
	struct resource res;
	int i;

	for (i = 0; !of_address_to_resource(np, i, &res); i++) {
		if (node_range_is_in_use(PFN_DOWN(res.start), PFN_DOWN(res.end) + 1))
			return true;
		cond_resched();
	}
	return false;
}

bool node_is_in_use(struct device_node *np)
{
	if (of_node_is_type(np, "cpu"))
		return node_cpu_is_in_use(np);
	if (of_node_is_type(np, "memory"))
		return node_memory_is_in_use(np);
	return false;
}

/* The order in which the kernel searches for a handle when it attaches a node. */
static const char *const handles[] = { "phandle", "linux,phandle", "ibm,phandle" };

u32 node_handle(const struct device_node *np)
{
	int i, err = -EINVAL; /* missing */
	u32 handle = 0;

	for (i = 0; i < ARRAY_SIZE(handles) && err == -EINVAL; i++)
		err = of_property_read_u32(np, handles[i], &handle);
	return handle;
}

const char *node_name(const struct device_node *np)
{
	return np->full_name; /* it has no path */
}

struct device_node *node_child(const struct device_node *np, const char *name)
{
	struct device_node *child;

	for_each_child_of_node(np, child)
		if (!strcmp(node_name(child), name))
			return child;
	return NULL;
}

struct property *property_new(const char *name, const void *value, int len)
{
	struct property *prop = kzalloc(sizeof(*prop), GFP_KERNEL);

	if (!prop)
		return NULL;
	prop->name = kstrdup(name, GFP_KERNEL);
	/* A NUL after the value protects code that reads it as a string. Live properties
	 * without a value may have no pointer. */
	prop->value = kmemdup_nul(value ?: "", len, GFP_KERNEL);
	prop->length = len;
	if (!prop->name || !prop->value) {
		property_free(prop);
		return NULL;
	}
	of_property_set_flag(prop, OF_DYNAMIC);
	return prop;
}

void property_free(struct property *prop)
{
	if (!prop)
		return;
	kfree(prop->value);
	kfree(prop->name);
	kfree(prop);
}

bool property_is(const struct property *a, const struct property *b)
{
	return a->length == b->length && !memcmp(a->value, b->value, a->length);
}

bool property_is_handle(const char *name)
{
	/* Most names differ in the first letter. */
	return (*name == 'p' || *name == 'l' || *name == 'i') &&
	       match_string(handles, ARRAY_SIZE(handles), name) >= 0;
}
