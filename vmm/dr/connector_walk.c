// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ibm,configure-connector. Each connector has its own position. It is independent of
 * the walks of other connectors and of the work area. The tree of a walk is built once
 * per attached device: like QEMU, it is kept from the first walk until the device is
 * gone, whatever changes meanwhile.
 *
 * Source:  PAPR+ 13.5.3.5; where QEMU 7.2 restarts a walk
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/dr/connectors.h"
#include "vmm/tree/fdt_out.h"
#include "wire/fdt_frag.h"
#include "wire/rtas_args.h"
#include "wire/workarea.h"

/* Limit of extents, far above what a client needs. */
enum { MAX_EXTENTS = 16 };

struct cc_position {
	void *fdt; /* tree of the walk; NULL: not built yet */
	struct fdt_walk walk;
	unsigned int delayed;	/* delays answered before the current answer */
	uint32_t area;		/* work area that the extents belong to */
	unsigned int extents;	/* number of extents (second work areas) */
	unsigned int following; /* number of extents that follow the area without a gap */
	bool has_moved;		/* it is not at the first node */
};

void connector_walk_drop(struct connector *c)
{
	if (!c->walk)
		return;

	free(c->walk->fdt);
	free(c->walk);
	c->walk = NULL;
}

void connector_walk_restart(struct connector *c)
{
	struct cc_position *at = c->walk;

	if (!at)
		return;

	at->delayed = at->extents = at->following = 0;
	at->has_moved = false;
	if (at->fdt)
		fdt_walk_begin_all(&at->walk, at->fdt, fdt_first_subnode(at->fdt, 0));
}

void connector_walk_anew(struct connector *c)
{
	if (c->walk && c->walk->has_moved)
		connector_walk_restart(c);
}

/* Build a nameless root with the device's node in it. */
static int build_fragment(struct papr_vmm *vmm, struct connector *c)
{
	const char *above = connector_above(c);
	struct cc_position *at = c->walk;
	struct fdt_out out;
	size_t size;
	int err;

	fdt_out_begin(&out);
	if (machine_of(vmm)->cfg.powervm && above)
		fdt_out_phandles(&out, above);
	fdt_out_node(&out, "%s", "");
	fdt_out_fail(&out, c->dev->class->put_node(vmm, c->dev, c, &out, true));
	fdt_out_node_end(&out);
	err = fdt_out_end(&out, &at->fdt, &size);
	if (!err && above) {
		err = machine_of(vmm)->hooks->amend_tree(vmm, above, &at->fdt, &size);
		if (err)
			free(at->fdt);
	}
	if (err) {
		at->fdt = NULL;
		return err;
	}

	fdt_walk_begin_all(&at->walk, at->fdt, fdt_first_subnode(at->fdt, 0));
	return 0;
}

static int32_t begin(struct papr_vmm *vmm, struct connector *c)
{
	if (!c->walk)
		c->walk = calloc(1, sizeof(*c->walk));
	if (!c->walk || !c->dev)
		return RTAS_HARDWARE_ERROR;
	if (c->walk->fdt)
		return RTAS_SUCCESS;

	/* A host bridge's node cannot be built while the stored tree has no interrupt
	 * controller. */
	return build_fragment(vmm, c) ? RTAS_HARDWARE_ERROR : RTAS_SUCCESS;
}

static bool is_delayed(const struct papr_cc_quirks *quirks, struct cc_position *at)
{
	if (!quirks->delay_status || at->delayed == quirks->n_delays) {
		at->delayed = 0;
		return false;
	}

	at->delayed++;
	return true;
}

static void take_extent(struct cc_position *at, uint32_t area, uint32_t extent)
{
	uint64_t behind = (uint64_t)area + CC_PAGE_BYTES * (1 + (uint64_t)at->following);

	/* A new work area has no extents yet. */
	if (at->area != area) {
		at->area = area;
		at->extents = at->following = 0;
		behind = (uint64_t)area + CC_PAGE_BYTES;
	}
	if (!extent)
		return;

	at->extents++;
	/* Offsets count from the start of the first work area. A client cannot find data
	 * in an extent elsewhere. */
	if (extent == behind && at->following < MAX_EXTENTS)
		at->following++;
}

/* Return how far from the start of the work area an answer may reach. The quirk
 * page_bytes reserves a part of the area, until the client passes an extent. */
static size_t room(const struct papr_cc_quirks *quirks, const struct cc_position *at)
{
	if (!at->extents && quirks->page_bytes && quirks->page_bytes < CC_PAGE_BYTES)
		return quirks->page_bytes;
	return CC_PAGE_BYTES * (1 + (size_t)at->following);
}

static bool fits(const struct cc_item *item, size_t bytes)
{
	return !item->name ||
	       CC_TEXT_OFFSET + strlen(item->name) + 1 + item->len <= bytes;
}

/* Run one step of w. If the siblings quirk is set, replace "parent, child" by
 * "sibling". */
static int step(const struct papr_cc_quirks *quirks, struct fdt_walk *w,
		struct cc_item *item)
{
	struct fdt_walk further;
	struct cc_item next;
	int err = fdt_walk_next(w, item);

	if (err || !quirks->siblings || item->status != CC_PARENT)
		return err;

	further = *w;
	if (!fdt_walk_next(&further, &next) && next.status == CC_CHILD) {
		*w = further;
		*item = next;
		item->status = CC_SIBLING;
	}
	return 0;
}

static int32_t walk_on(const struct papr_vmm *vmm, struct connector *c,
		       struct cc_item *item)
{
	const struct papr_cc_quirks *quirks = &machine_of(vmm)->cfg.cc;
	struct cc_position *at = c->walk;
	struct fdt_walk w = at->walk;

	if (quirks->wants_extent && !at->extents)
		return CC_MORE_MEMORY;
	if (step(quirks, &w, item))
		return RTAS_HARDWARE_ERROR;

	if (!fits(item, room(quirks, at)))
		/* Request more memory only if all extents so far were usable. */
		return at->extents == at->following && at->following < MAX_EXTENTS
			       ? CC_MORE_MEMORY
			       : RTAS_HARDWARE_ERROR;
	at->walk = w;
	at->has_moved = true;
	return item->status;
}

static bool can_be_walked(const struct connector *c)
{
	return c->state == DRC_STATE_LOGICAL_UNISOLATE ||
	       c->state == DRC_STATE_PHYSICAL_UNISOLATE || connector_is_ready(c);
}

static void complete(struct connector *c)
{
	c->state = connector_is_physical(c) ? DRC_STATE_PHYSICAL_CONFIGURED
					    : DRC_STATE_LOGICAL_CONFIGURED;
	connector_walk_restart(c);
}

int32_t connector_configure(struct papr_vmm *vmm, struct connector *c, uint32_t area,
			    uint32_t extent, struct cc_item *item)
{
	int32_t status;

	*item = (struct cc_item){ 0 };
	if (!can_be_walked(c))
		return CC_UNUSABLE;
	/* The guest failed to release this memory, and configures it again. */
	if (connector_kind(c) == DRC_KIND_LMB && c->unplug_requested && c->dev)
		connector_reject(vmm, c);

	status = begin(vmm, c);
	if (status)
		return status;
	if (is_delayed(&machine_of(vmm)->cfg.cc, c->walk))
		return machine_of(vmm)->cfg.cc.delay_status;

	take_extent(c->walk, area, extent);
	status = walk_on(vmm, c, item);
	if (status == CC_COMPLETE)
		complete(c);
	return status;
}
