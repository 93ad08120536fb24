// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * RTAS calls on connectors: indicators, sensors, power, ibm,configure-connector.
 *
 * Source:  PAPR+ 13.5.3; statuses as QEMU 7.2
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "wire/builder.h"
#include "wire/drc.h"
#include "wire/rtas_args.h"
#include "wire/workarea.h"

static int32_t set_isolation(struct papr_vmm *vmm, struct connector *c, uint32_t value)
{
	switch (value) {
	case DRC_ISOLATE:
		return connector_isolate(vmm, c);
	case DRC_UNISOLATE:
		return connector_unisolate(vmm, c);
	default:
		return RTAS_PARAMETER_ERROR;
	}
}

static int32_t set_allocation(struct papr_vmm *vmm, struct connector *c, uint32_t value)
{
	switch (value) {
	case DRC_UNUSABLE:
		return connector_set_unusable(vmm, c);
	case DRC_USABLE:
		return connector_set_usable(c);
	default: /* this machine does not support exchange and recover */
		return RTAS_PARAMETER_ERROR;
	}
}

/* type, index, value -> status */
void connector_rtas_set_indicator(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct connector *c = connector_find(connectors_of(vmm), rtas_in(f, 1));
	uint32_t value = rtas_in(f, 2);
	int32_t status = RTAS_PARAMETER_ERROR;

	if (c && rtas_in(f, 0) == DRC_ISOLATION)
		status = set_isolation(vmm, c, value);
	else if (c && rtas_in(f, 0) == DRC_DR_INDICATOR)
		status = connector_set_indicator(c, value);
	else if (c && rtas_in(f, 0) == DRC_ALLOCATION)
		status = set_allocation(vmm, c, value);
	rtas_status(f, status);
}

/* type, index -> status, value. Even with wrong counts both outputs are set. */
void connector_rtas_get_sensor(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const struct connector *c = NULL;

	if (f->nargs == 2 && f->nret == 2 && rtas_in(f, 0) == DRC_ENTITY_SENSE)
		c = connector_find(connectors_of(vmm), rtas_in(f, 1));
	rtas_status(f, c ? RTAS_SUCCESS : RTAS_PARAMETER_ERROR);
	rtas_out(f, 1, c ? connector_sense(c) : 0);
}

/* domain [, level] -> status, level. The only domain is live insertion, which is always
 * powered on. */
static void power_level(struct papr_vmm *vmm, struct rtas_frame *f)
{
	(void)vmm;
	if (rtas_in(f, 0) != DRC_NO_POWER_DOMAIN) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}

	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, DRC_POWER_ON);
}

/* Read a page. All of it must be memory before the walk moves, so that no answer is lost. */
static bool read_page(const struct papr_vmm *vmm, uint32_t addr, uint8_t *page)
{
	return !guest_read(vmm, addr, page, CC_PAGE_BYTES);
}

/* Write the cells that the status defines, and the text after them. The rest of the work
 * area does not change. */
static int write_item(const struct papr_vmm *vmm, uint32_t area,
		      const struct cc_item *item)
{
	size_t text = strlen(item->name) + 1 + item->len;
	uint8_t *image = calloc(1, CC_TEXT_OFFSET + text);
	size_t cells = item->status == CC_PROPERTY ? 12 : 4;
	int err = image ? workarea_encode(image, CC_TEXT_OFFSET + text, item) : -ENOMEM;

	if (!err)
		err = guest_write(vmm, (uint64_t)area + 8, image + 8, cells);
	if (!err)
		err = guest_write(vmm, (uint64_t)area + CC_TEXT_OFFSET,
				  image + CC_TEXT_OFFSET, text);
	free(image);
	return err;
}

/* work area, extent (0: none). QEMU takes the second as the upper half of the first. */
static void configure_connector(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t area = rtas_in(f, 0), extent = rtas_in(f, 1), index;
	uint8_t further[CC_PAGE_BYTES], page[CC_PAGE_BYTES];
	struct connector *c = NULL;
	struct cc_item item = { 0 };
	int32_t status;

	if (!guest_read_be32(vmm, area, &index))
		c = connector_find(connectors_of(vmm), index);
	if (!c || !read_page(vmm, area, page) ||
	    (extent && !read_page(vmm, extent, further))) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	if (machine_of(vmm)->cfg.powervm && workarea_is_start(page))
		connector_walk_anew(c);

	status = connector_configure(vmm, c, area, extent, &item);
	if (item.name &&
	    (status == CC_CHILD || status == CC_SIBLING || status == CC_PROPERTY) &&
	    write_item(vmm, area, &item)) {
		/* The answer is lost: restart the walk, so that a retry gets it. */
		connector_walk_restart(c);
		status = RTAS_HARDWARE_ERROR;
	}
	rtas_status(f, status);
}

// clang-format off
const struct rtas_handler rtas_dr_calls[] = {
	{ 0x201a, "set-indicator", 3, 0, 1, 0, -3, connector_rtas_set_indicator, { 0 } },
	{ 0x201b, "set-power-level", 2, 0, 2, 0, -3, power_level, { 0 } },
	{ 0x201c, "get-power-level", 1, 0, 2, 0, -3, power_level, { 0 } },
	{ 0x201d, "get-sensor-state", RTAS_ANY, 0, RTAS_ANY, 0, -3, connector_rtas_get_sensor, { 0 } },
	{ 0x201e, "ibm,configure-connector", 2, 0, 1, 0, -3, configure_connector, { 0 } },
	{ 0 },
};
// clang-format on
