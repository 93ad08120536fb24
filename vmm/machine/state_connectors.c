// SPDX-License-Identifier: LGPL-2.1-or-later
/* Connectors that differ from new ones, and the guest's changes to the devices that are
 * attached to them. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/base/device.h"
#include "vmm/dr/connectors.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/memory/memory.h"
#include "vmm/state/state.h"
#include "wire/drc.h"

struct entry {
	struct connector *c;
	uint8_t state, indicator;
	bool unplug_requested, attached, hotplugged;
	uint32_t number;
};

struct loaded {
	uint32_t n;
	struct entry entries[];
};

enum { ENTRY_MIN_BYTES = 8 };

static uint8_t empty_state(const struct connector *c)
{
	return connector_is_physical(c) ? DRC_STATE_PHYSICAL_POWERON
					: DRC_STATE_LOGICAL_UNUSABLE;
}

static bool is_as_new(const struct connector *c)
{
	return !c->dev && !c->indicator && !c->unplug_requested &&
	       c->state == empty_state(c);
}

/* ---- Save ---- */

static void put_device(struct builder *b, const struct device *dev)
{
	builder_str(b, dev->driver);
	builder_str(b, dev->id ? dev->id : "");
	builder_u8(b, dev->hotplugged);
	builder_be32(b, dev->number);
}

static void put_connector(struct builder *b, const struct connector *c)
{
	builder_be32(b, c->index);
	builder_u8(b, c->state);
	builder_u8(b, c->indicator);
	builder_u8(b, c->unplug_requested);
	builder_u8(b, c->dev != NULL);
	if (c->dev)
		put_device(b, c->dev);
}

static void save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct connector_bank *bank;
	uint32_t n = 0;

	for (bank = connectors_of(vmm)->banks; bank; bank = bank->next)
		for (uint32_t i = 0; i < bank->count; i++)
			n += !is_as_new(&bank->all[i]);
	builder_be32(b, n);
	for (bank = connectors_of(vmm)->banks; bank; bank = bank->next)
		for (uint32_t i = 0; i < bank->count; i++)
			if (!is_as_new(&bank->all[i]))
				put_connector(b, &bank->all[i]);
}

/* ---- Load ---- */

static bool state_is_possible(const struct entry *e)
{
	if (!e->attached)
		return e->state == empty_state(e->c) && !e->unplug_requested;
	/* In the empty state an unplug completes at once, and persistent memory cannot be
	 * unplugged. Such a request could never complete. */
	if (e->unplug_requested &&
	    (e->state == empty_state(e->c) || connector_kind(e->c) == DRC_KIND_PMEM))
		return false;
	if (connector_is_physical(e->c))
		return e->state >= DRC_STATE_PHYSICAL_POWERON &&
		       e->state <= DRC_STATE_PHYSICAL_CONFIGURED;
	return e->state >= DRC_STATE_LOGICAL_UNUSABLE &&
	       e->state <= DRC_STATE_LOGICAL_CONFIGURED;
}

static bool indicator_is_possible(const struct entry *e)
{
	return e->indicator <= (connector_is_physical(e->c) ? DRC_LED_ACTION : 0);
}

/* Return true if the attached device is the same as on the saved machine. */
static bool device_is_same(struct cursor *c, struct entry *e)
{
	const char *driver = cursor_str(c), *id = cursor_str(c);
	const struct device *dev = e->c->dev;

	e->hotplugged = state_bool(c);
	e->number = cursor_be32(c);
	return c->err || (dev && !strcmp(dev->driver, driver) &&
			  !strcmp(dev->id ? dev->id : "", id));
}

static int load_entry(const struct papr_vmm *vmm, struct cursor *c, struct entry *e)
{
	e->c = connector_find(connectors_of(vmm), cursor_be32(c));
	if (!c->err && !e->c)
		return -ENODEV;
	e->state = cursor_u8(c);
	e->indicator = cursor_u8(c);
	e->unplug_requested = state_bool(c);
	e->attached = state_bool(c);
	if (!c->err && e->attached && !device_is_same(c, e))
		return -ENODEV;
	if (c->err || !state_is_possible(e) || !indicator_is_possible(e))
		return -EBADMSG;
	return 0;
}

/* Load the entries. Their indexes must ascend, so that apply() can match them with the
 * connectors in one pass. */
static int load_entries(const struct papr_vmm *vmm, struct cursor *c, struct loaded *l)
{
	for (uint32_t i = 0; i < l->n; i++) {
		int err = load_entry(vmm, c, &l->entries[i]);

		if (err)
			return err;
		if (i && l->entries[i].c->index <= l->entries[i - 1].c->index)
			return -EBADMSG;
	}
	return cursor_left(c) ? -EBADMSG : 0;
}

static const struct entry *find_entry(const struct loaded *l, const struct connector *c)
{
	uint32_t low = 0, high = l->n;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (l->entries[mid].c->index < c->index)
			low = mid + 1;
		else
			high = mid;
	}
	return low < l->n && l->entries[low].c == c ? &l->entries[low] : NULL;
}

/* Return true if the DIMM keeps at least one LMB in the saved state, or has none here.
 * The guest may have released some LMBs, but without any LMB the DIMM would not exist. */
static bool dimm_remains(const struct papr_vmm *vmm, const struct loaded *l,
			 const struct dimm *dimm)
{
	bool has_any = false, remains = false;

	for (uint64_t at = 0; at < dimm->size && !remains; at += LMB_BYTES) {
		const struct connector *c = lmb_connector(vmm, dimm->address + at);
		const struct entry *e = find_entry(l, c);

		has_any |= c->dev == &dimm->dev;
		remains = e && e->attached;
	}
	return remains || !has_any;
}

/* Return true if the saved machine has every device of this machine. */
static bool nothing_else(const struct papr_vmm *vmm, const struct loaded *l)
{
	const struct connector_bank *bank;

	for (bank = connectors_of(vmm)->banks; bank; bank = bank->next) {
		for (uint32_t i = 0; i < bank->count && bank->kind != DRC_KIND_LMB; i++) {
			const struct connector *c = &bank->all[i];
			const struct entry *e = c->dev ? find_entry(l, c) : NULL;

			if (c->dev && !(e && e->attached))
				return false;
		}
	}
	for (const struct dimm *d = memory_of(vmm)->dimms; d; d = d->next)
		if (!d->nvdimm && !dimm_remains(vmm, l, d))
			return false;
	return true;
}

static int load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		struct papr_error *error)
{
	uint32_t n = cursor_be32(c);
	struct loaded *l;
	int err;

	if (n > cursor_left(c) / ENTRY_MIN_BYTES)
		return -EBADMSG;
	l = calloc(1, sizeof(*l) + n * sizeof(l->entries[0]));
	if (!l)
		return -ENOMEM;
	l->n = n;
	err = load_entries(vmm, c, l);
	if (!err && !nothing_else(vmm, l))
		err = -ENODEV;
	if (!err)
		*loaded = l;
	else
		free(l);
	if (err == -ENODEV)
		papr_fail(error, err,
			  "The devices differ from those of the saved machine");
	return err;
}

/* ---- Apply ---- */

static void make_as_new(struct connector *c)
{
	connector_walk_drop(c);
	c->state = empty_state(c);
	c->indicator = 0;
	c->unplug_requested = false;
	c->dev = NULL;
}

static void apply_entry(const struct entry *e, struct device *dev)
{
	e->c->state = e->state;
	e->c->indicator = e->indicator;
	e->c->unplug_requested = e->unplug_requested;
	if (!e->attached)
		return;
	e->c->dev = dev;
	dev->hotplugged = e->hotplugged;
	dev->number = e->number;
}

/* Recount the LMBs that an unplug in progress waits for. The count is not saved. */
static void recount_lmbs(const struct papr_vmm *vmm, struct dimm *dimm)
{
	uint64_t first = dimm->address / LMB_BYTES, n = dimm->size / LMB_BYTES;

	dimm->unplugging = false;
	dimm->lmbs_left = 0;
	for (uint64_t i = first; i < first + n; i++) {
		const struct connector *c = connector_find(
			connectors_of(vmm), (uint32_t)DRC_KIND_LMB << 28 | (uint32_t)i);

		if (!c || c->dev != &dimm->dev)
			continue;
		dimm->lmbs_left++;
		if (c->unplug_requested)
			dimm->unplugging = true;
	}
	if (!dimm->unplugging)
		dimm->lmbs_left = 0;
}

static void apply(struct papr_vmm *vmm, void *loaded)
{
	const struct loaded *l = loaded;
	uint32_t next = 0;

	for (struct connector_bank *b = connectors_of(vmm)->banks; b; b = b->next)
		for (uint32_t i = 0; i < b->count; i++) {
			struct device *dev = b->all[i].dev;

			make_as_new(&b->all[i]);
			if (next < l->n && l->entries[next].c == &b->all[i])
				apply_entry(&l->entries[next++], dev);
		}
	for (struct dimm *d = memory_of(vmm)->dimms; d; d = d->next)
		if (!d->nvdimm)
			recount_lmbs(vmm, d);
	free(loaded);
}

const struct state_section state_connectors = {
	.tag = "CONN", .save = save, .load = load, .apply = apply
};
