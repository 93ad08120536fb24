// SPDX-License-Identifier: GPL-2.0-or-later
/* Logical connectors, as the kernel's own code uses them. It works around no quirks of
 * firmware, and does nothing that a program must do itself. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/drc_info.h"
#include "wire/drc_list.h"
#include "wire/workarea.h"

enum { STEPS_MAX = 1 << 16 };

static int32_t set_indicator(struct kernel *k, uint32_t type, uint32_t index,
			     uint32_t value)
{
	const uint32_t in[] = { type, index, value };

	return kernel_rtas(k, "set-indicator", 3, in, 0, NULL);
}

static int32_t sense(struct kernel *k, uint32_t index, uint32_t *state)
{
	const uint32_t in[] = { DRC_ENTITY_SENSE, index };

	return kernel_rtas(k, "get-sensor-state", 2, in, 1, state);
}

/* Convert firmware's status to the kernel's errno. */
static int errno_of(int32_t status)
{
	static const struct {
		int32_t status;
		int err;
	} known[] = { { 0, 0 },
		      { -3, -EINVAL },
		      { -9000, -EFAULT },
		      { -9001, -EEXIST },
		      { -9002, -ENODEV } };

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].status == status)
			return known[i].err;
	return -EIO;
}

/* Acquire the connector. If its state is not "unusable" (released), return -1, which
 * programs receive as EPERM. */
int kdrc_acquire(struct kernel *k, uint32_t index)
{
	uint32_t state;
	int err;

	if (sense(k, index, &state) || state != DRC_SENSE_UNUSABLE)
		return -1;
	err = errno_of(set_indicator(k, DRC_ALLOCATION, index, DRC_USABLE));
	if (err)
		return err;
	err = errno_of(set_indicator(k, DRC_ISOLATION, index, DRC_UNISOLATE));
	if (err)
		set_indicator(k, DRC_ALLOCATION, index, DRC_UNUSABLE);
	return err;
}

/* Release the connector. If its state is not "present", return -1, which programs receive
 * as EPERM. */
int kdrc_release(struct kernel *k, uint32_t index)
{
	uint32_t state;
	int err;

	if (sense(k, index, &state) || state != DRC_SENSE_PRESENT)
		return -1;
	err = errno_of(set_indicator(k, DRC_ISOLATION, index, DRC_ISOLATE));
	if (err)
		return err;
	err = errno_of(set_indicator(k, DRC_ALLOCATION, index, DRC_UNUSABLE));
	if (err)
		set_indicator(k, DRC_ISOLATION, index, DRC_UNISOLATE);
	return err;
}

void kdrc_unisolate(struct kernel *k, uint32_t index)
{
	set_indicator(k, DRC_ISOLATION, index, DRC_UNISOLATE);
}

struct walk {
	struct kernel *k;
	struct dt_node *parent, *top, *at;
	struct dt_node *before; /* the parent's first child when the walk began */
};

/* Attach a node. The caches of a processor are further top nodes, siblings of the
 * first. */
static int walk_node(struct walk *w, const char *name, bool sibling)
{
	struct dt_node *into = w->at;

	if (sibling && into)
		into = into->parent;
	if (!into)
		into = w->parent;
	if (w->top && into == w->parent && !sibling)
		return -EIO;
	w->at = ktree_add(w->k, into, name);
	if (!w->top)
		w->top = w->at;
	return w->at ? 0 : -ENOMEM;
}

static void walk_undo(struct walk *w)
{
	while (w->parent->children != w->before)
		ktree_remove(w->k, w->parent->children);
}

/* Notify the kernel of all new top nodes. The newest is the first of its siblings. */
static void walk_attached(struct walk *w)
{
	for (struct dt_node *n = w->parent->children; n != w->before; n = n->next)
		ktree_attached(w->k, n);
}

static int walk_item(struct walk *w, const struct cc_item *item)
{
	switch (item->status) {
	case CC_SIBLING:
	case CC_CHILD:
		return walk_node(w, item->name, item->status == CC_SIBLING);
	case CC_PROPERTY:
		return w->at ? ktree_put(w->at, item->name, item->value, item->len)
			     : -EIO;
	case CC_PARENT:
		if (w->at && w->at->parent != w->parent)
			w->at = w->at->parent;
		return 0;
	}
	return -EIO;
}

static int32_t configure(struct kernel *k, uint32_t extent)
{
	const uint32_t in[] = { (uint32_t)k->work_area, extent };

	return kernel_rtas(k, "ibm,configure-connector", 2, in, 0, NULL);
}

int kdrc_attach(struct kernel *k, uint32_t index, struct dt_node *parent,
		struct dt_node **node)
{
	struct walk w = { .k = k, .parent = parent, .before = parent->children };
	uint8_t *area = kernel_work_area(k);
	struct cc_item item;
	uint32_t extent = 0;
	int32_t status = 0;
	int steps, err = 0;

	workarea_start(area, index);
	for (steps = 0; !err && steps < STEPS_MAX; steps++) {
		status = configure(k, extent);
		if (status == CC_COMPLETE)
			break;
		if (status == CC_MORE_MEMORY) {
			extent = (uint32_t)k->work_area + CC_PAGE_BYTES;
			continue;
		}
		extent = 0;
		if (workarea_decode(&item, status, area, CC_PAGE_BYTES))
			err = -EIO;
		else
			err = walk_item(&w, &item);
	}
	if (!err && (status || !w.top))
		err = -EIO;
	if (err && status)
		kernel_print(
			k,
			"dlpar: Unexpected Error (%d) returned from configure-connector",
			status);
	if (err) {
		walk_undo(&w);
		return err;
	}
	walk_attached(&w);
	if (node)
		*node = w.top;
	return 0;
}

static bool each_info(const void *bytes, size_t len, kdrc_fn *fn, void *arg)
{
	struct drc_info_iter it;
	struct drc_info info;
	struct kdrc drc;
	bool first = true;

	if (drc_info_begin(&it, bytes, len))
		return false;
	while (drc_info_next(&it, &info) == 1) {
		snprintf(drc.type, sizeof(drc.type), "%s", info.type);
		drc.power_domain = info.power_domain;
		for (uint32_t i = 0; i < info.count && i < 65536; i++, first = false)
			if (!drc_info_nth(&info, i, &drc.index, drc.name,
					  sizeof(drc.name)) &&
			    fn(&drc, first, arg))
				return true;
	}
	return false;
}

bool kdrc_each(const struct dt_node *node, kdrc_fn *fn, void *arg)
{
	struct cursor props[DRC_LIST_PROPS];
	struct drc_list_iter it;
	bool first = true;
	struct kdrc drc;
	struct drc one;
	const void *bytes;
	size_t len;

	bytes = ktree_get(node, DRC_INFO_PROP, &len);
	if (bytes)
		return each_info(bytes, len, fn, arg);
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		bytes = ktree_get(node, drc_list_prop_names[i], &len);
		if (!bytes)
			return false;
		props[i] = cursor_of(bytes, len);
	}
	if (drc_list_begin(&it, props))
		return false;
	for (; drc_list_next(&it, &one) == 1; first = false) {
		drc.index = one.index;
		drc.power_domain = one.power_domain;
		snprintf(drc.name, sizeof(drc.name), "%s", one.name);
		snprintf(drc.type, sizeof(drc.type), "%s", one.type);
		if (fn(&drc, first, arg))
			return true;
	}
	return false;
}

struct wanted {
	uint32_t index;
	struct kdrc *out;
};

static bool is_wanted(const struct kdrc *drc, bool first, void *arg)
{
	const struct wanted *w = arg;

	(void)first;
	if (drc->index != w->index)
		return false;
	if (w->out)
		*w->out = *drc;
	return true;
}

bool kdrc_in(const struct dt_node *node, uint32_t index, struct kdrc *drc)
{
	struct wanted w = { index, drc };

	return kdrc_each(node, is_wanted, &w);
}
