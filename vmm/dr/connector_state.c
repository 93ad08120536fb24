// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The two state machines: what a guest's call changes in a connector.
 *
 * Source:  PAPR+ 13.5.3.3, 13.5.3.4; QEMU 7.2 for the status in each state
 */
#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/dr/connectors.h"
#include "wire/drc.h"
#include "wire/rtas_args.h"

void connector_reject(struct papr_vmm *vmm, struct connector *c)
{
	if (c->dev->class->reject) {
		c->dev->class->reject(vmm, c->dev, c);
		return;
	}

	c->unplug_requested = false;
	device_rejected(vmm, c->dev);
}

static int32_t isolate_physical(struct papr_vmm *vmm, struct connector *c)
{
	switch (c->state) {
	case DRC_STATE_PHYSICAL_POWERON:
		return RTAS_SUCCESS;
	case DRC_STATE_PHYSICAL_CONFIGURED:
		c->state = DRC_STATE_PHYSICAL_POWERON;
		if (c->unplug_requested)
			connector_release(vmm, c);
		return RTAS_SUCCESS;
	default: /* a walk that has begun must be finished first */
		return RTAS_PARAMETER_ERROR;
	}
}

static int32_t isolate_logical(const struct papr_vmm *vmm, struct connector *c)
{
	switch (c->state) {
	case DRC_STATE_LOGICAL_UNUSABLE:
	case DRC_STATE_LOGICAL_AVAILABLE:
		return RTAS_SUCCESS;
	case DRC_STATE_LOGICAL_CONFIGURED:
		/* The guest can isolate memory only if the host requested the unplug. On
		 * PowerVM a guest may release memory on its own. */
		if (connector_kind(c) == DRC_KIND_LMB && !c->unplug_requested &&
		    !machine_of(vmm)->cfg.powervm)
			return RTAS_HARDWARE_ERROR;
		c->state = DRC_STATE_LOGICAL_AVAILABLE;
		return RTAS_SUCCESS;
	default:
		return RTAS_PARAMETER_ERROR;
	}
}

int32_t connector_isolate(struct papr_vmm *vmm, struct connector *c)
{
	return connector_is_physical(c) ? isolate_physical(vmm, c)
					: isolate_logical(vmm, c);
}

static int32_t unisolate_physical(struct connector *c)
{
	switch (c->state) {
	case DRC_STATE_PHYSICAL_POWERON:
		if (!c->dev)
			return RTAS_PARAMETER_ERROR;
		c->state = DRC_STATE_PHYSICAL_UNISOLATE;
		connector_walk_restart(c);
		return RTAS_SUCCESS;
	case DRC_STATE_PHYSICAL_UNISOLATE:
	case DRC_STATE_PHYSICAL_CONFIGURED:
		return RTAS_SUCCESS;
	default:
		return RTAS_PARAMETER_ERROR;
	}
}

static int32_t unisolate_logical(struct papr_vmm *vmm, struct connector *c)
{
	switch (c->state) {
	case DRC_STATE_LOGICAL_AVAILABLE:
		c->state = DRC_STATE_LOGICAL_UNISOLATE;
		connector_walk_restart(c);
		return RTAS_SUCCESS;
	case DRC_STATE_LOGICAL_UNISOLATE:
	case DRC_STATE_LOGICAL_CONFIGURED:
		if (c->unplug_requested && c->dev)
			connector_reject(vmm, c);
		return RTAS_SUCCESS;
	default:
		return RTAS_PARAMETER_ERROR;
	}
}

int32_t connector_unisolate(struct papr_vmm *vmm, struct connector *c)
{
	return connector_is_physical(c) ? unisolate_physical(c)
					: unisolate_logical(vmm, c);
}

int32_t connector_set_usable(struct connector *c)
{
	if (connector_is_physical(c))
		return RTAS_PARAMETER_ERROR;

	if (c->state == DRC_STATE_LOGICAL_UNUSABLE) {
		if (!c->dev || c->unplug_requested)
			return RTAS_PARAMETER_ERROR;
		c->state = DRC_STATE_LOGICAL_AVAILABLE;
	}
	return RTAS_SUCCESS;
}

int32_t connector_set_unusable(struct papr_vmm *vmm, struct connector *c)
{
	switch (c->state) {
	case DRC_STATE_LOGICAL_UNUSABLE:
		return RTAS_SUCCESS;
	case DRC_STATE_LOGICAL_AVAILABLE:
		c->state = DRC_STATE_LOGICAL_UNUSABLE;
		if (c->unplug_requested)
			connector_release(vmm, c);
		return RTAS_SUCCESS;
	default: /* acquired by the guest, or physical */
		return RTAS_PARAMETER_ERROR;
	}
}

int32_t connector_set_indicator(struct connector *c, uint32_t value)
{
	if (!connector_is_physical(c) || value > DRC_LED_ACTION)
		return RTAS_PARAMETER_ERROR;

	c->indicator = (uint8_t)value;
	return RTAS_SUCCESS;
}

uint32_t connector_sense(const struct connector *c)
{
	if (connector_is_physical(c))
		return c->dev ? DRC_SENSE_PRESENT : DRC_SENSE_EMPTY;

	return c->state == DRC_STATE_LOGICAL_UNUSABLE ? DRC_SENSE_UNUSABLE
						      : DRC_SENSE_PRESENT;
}
