// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/sized.h"
#include "vmm/dr/connectors.h"
#include "wire/drc.h"

enum { KIND_SHIFT = 28, KINDS = 16 };

static const struct kind {
	const char *type, *prefix;
	bool physical;
	uint8_t empty, ready;
} kinds[KINDS] = {
	[DRC_KIND_CPU] = { "CPU", "CPU ", false, DRC_STATE_LOGICAL_UNUSABLE,
			   DRC_STATE_LOGICAL_CONFIGURED },
	[DRC_KIND_PHB] = { "PHB", "PHB ", false, DRC_STATE_LOGICAL_UNUSABLE,
			   DRC_STATE_LOGICAL_CONFIGURED },
	[DRC_KIND_VIO] = { "SLOT", "VIO ", false, DRC_STATE_LOGICAL_UNUSABLE,
			   DRC_STATE_LOGICAL_CONFIGURED },
	/* Clients recognize hot-pluggable PCI slots by type 28. */
	[DRC_KIND_PCI] = { "28", "C", true, DRC_STATE_PHYSICAL_POWERON,
			   DRC_STATE_PHYSICAL_CONFIGURED },
	[DRC_KIND_SLOT] = { "SLOT", "SLOT ", false, DRC_STATE_LOGICAL_UNUSABLE,
			    DRC_STATE_LOGICAL_CONFIGURED },
	[DRC_KIND_LMB] = { "MEM", "LMB ", false, DRC_STATE_LOGICAL_UNUSABLE,
			   DRC_STATE_LOGICAL_CONFIGURED },
	[DRC_KIND_PMEM] = { "PMEM", "PMEM ", false, DRC_STATE_LOGICAL_UNUSABLE,
			    DRC_STATE_LOGICAL_CONFIGURED },
};

static const struct kind *kind_of(const struct connector *c)
{
	return &kinds[c->index >> KIND_SHIFT];
}

struct connector_bank *connector_bank_add(struct connectors *all, enum drc_kind kind,
					  uint32_t first_id, uint32_t step,
					  uint32_t count)
{
	struct connector_bank *bank = malloc(sizeof(*bank));
	struct connector_bank **at = &all->banks;

	if (!bank)
		return NULL;

	*bank = (struct connector_bank){
		.kind = kind,
		.first = (uint32_t)kind << KIND_SHIFT | first_id,
		.step = step,
		.count = count,
		.all = calloc(count ? count : 1, sizeof(*bank->all)),
	};
	if (!bank->all) {
		free(bank);
		return NULL;
	}

	for (uint32_t i = 0; i < count; i++) {
		bank->all[i].index = bank->first + i * step;
		bank->all[i].state = kinds[kind].empty;
	}
	while (*at && (*at)->first < bank->first)
		at = &(*at)->next;
	bank->next = *at;
	*at = bank;
	return bank;
}

static void free_bank(struct connector_bank *bank)
{
	for (uint32_t i = 0; i < bank->count; i++)
		connector_walk_drop(&bank->all[i]);
	free(bank->all);
	free(bank);
}

void connector_bank_remove(struct connectors *all, struct connector_bank *bank)
{
	for (struct connector_bank **at = &all->banks; *at; at = &(*at)->next) {
		if (*at != bank)
			continue;
		*at = bank->next;
		free_bank(bank);
		return;
	}
}

void connectors_free(struct connectors *all)
{
	while (all->banks)
		connector_bank_remove(all, all->banks);
}

struct connector_bank *connectors_of_kind(const struct connectors *all,
					  enum drc_kind kind)
{
	struct connector_bank *bank = all->banks;

	while (bank && bank->kind != kind)
		bank = bank->next;
	return bank;
}

struct connector *connector_find(const struct connectors *all, uint32_t index)
{
	for (struct connector_bank *bank = all->banks; bank; bank = bank->next) {
		uint32_t offset = index - bank->first;

		if (index < bank->first)
			break;
		if (offset % bank->step == 0 && offset / bank->step < bank->count)
			return &bank->all[offset / bank->step];
	}

	return NULL;
}

enum drc_kind connector_kind(const struct connector *c)
{
	return (enum drc_kind)(c->index >> KIND_SHIFT);
}

bool connector_is_physical(const struct connector *c)
{
	return kind_of(c)->physical;
}

bool connector_is_ready(const struct connector *c)
{
	return c->state == kind_of(c)->ready;
}

const char *connector_type_text(enum drc_kind kind)
{
	return kinds[kind].type;
}

const char *connector_name_prefix(enum drc_kind kind)
{
	return kinds[kind].prefix;
}

/* Not by snprintf(): a large machine has 65,536 names in each tree. */
void connector_name(const struct connector *c, char name[32])
{
	uint32_t number = c->index & ((1u << KIND_SHIFT) - 1);
	char digits[11], *first = digits + sizeof(digits) - 1;

	*first = '\0';
	do
		*--first = (char)('0' + number % 10);
	while (number /= 10);
	stpcpy(stpcpy(name, kind_of(c)->prefix), first);
}

const char *connector_above(const struct connector *c)
{
	static const char *const above[KINDS] = {
		[DRC_KIND_CPU] = "/cpus",
		[DRC_KIND_PHB] = "",
		[DRC_KIND_VIO] = "/vdevice",
		[DRC_KIND_LMB] = "",
		[DRC_KIND_PMEM] = "/ibm,persistent-memory",
	};

	return above[connector_kind(c)];
}

int papr_vmm_drc_info(const struct papr_vmm *vmm, uint32_t index,
		      struct papr_drc_info *out)
{
	MACHINE_GUARD(vmm);
	const struct connector *c = connector_find(connectors_of(vmm), index);
	struct papr_drc_info is;

	if (!c)
		return 0;

	is = (struct papr_drc_info){
		.index = index,
		.type = kind_of(c)->type,
		.state = c->state,
		.has_device = c->dev,
		.unplug_requested = c->unplug_requested,
		.sense = connector_sense(c),
		.indicator = c->indicator,
	};
	connector_name(c, is.name);
	return sized_put(out, &is, sizeof(is));
}

int connector_attach(struct papr_vmm *vmm, struct connector *c, struct device *dev)
{
	if (c->dev || c->state != kind_of(c)->empty)
		return -EBUSY;

	c->dev = dev;
	if (!machine_of(vmm)->started)
		connector_reset(vmm, c);
	return 0;
}

void connector_request_unplug(struct papr_vmm *vmm, struct connector *c)
{
	c->unplug_requested = true;
	if (c->state == kind_of(c)->empty)
		connector_release(vmm, c);
}

void connector_release(struct papr_vmm *vmm, struct connector *c)
{
	struct device *dev = c->dev;

	c->dev = NULL;
	c->unplug_requested = false;
	connector_walk_drop(c);
	if (dev)
		dev->class->release(vmm, dev, c);
}

void connector_reset(struct papr_vmm *vmm, struct connector *c)
{
	if (c->unplug_requested)
		connector_release(vmm, c);

	/* From here on, nodes may describe connectors in another form. */
	if (machine_of(vmm)->cfg.drc_info)
		connector_walk_drop(c);
	connector_walk_restart(c);
	c->state = c->dev ? kind_of(c)->ready : kind_of(c)->empty;
	if (connector_is_physical(c))
		c->indicator = c->dev ? DRC_LED_ON : DRC_LED_OFF;
}

/* Reset all connectors. A released host bridge also frees its PCI banks. They follow the
 * bank of the host bridges, so the iteration remains valid. */
void connectors_reset(struct papr_vmm *vmm)
{
	for (struct connector_bank *bank = connectors_of(vmm)->banks; bank;
	     bank = bank->next)
		for (uint32_t i = 0; i < bank->count; i++)
			connector_reset(vmm, &bank->all[i]);
}

bool connectors_unplugging(const struct connectors *all, const struct device *dev)
{
	for (const struct connector_bank *bank = all->banks; bank; bank = bank->next)
		for (uint32_t i = 0; i < bank->count; i++)
			if (bank->all[i].dev == dev && bank->all[i].unplug_requested)
				return true;
	return false;
}
