// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Unplug of a DIMM. The guest releases it block by block, at its own speed, or refuses.
 *
 * The guest may release some blocks and then refuse another one. The DIMM then stays
 * without the released blocks. A later unplug requests only the remaining blocks
 * (QEMU's assertion fails there).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/dr/connectors.h"
#include "vmm/events/events.h"
#include "vmm/memory/memory.h"
#include "wire/cas.h"
#include "wire/event_hp.h"

static struct dimm *dimm_of(struct device *dev)
{
	return (struct dimm *)((char *)dev - offsetof(struct dimm, dev));
}

/* Return the connector of block n. Return NULL after the last block, or if the guest has
 * released it. */
static struct connector *block(const struct papr_vmm *vmm, const struct dimm *dimm,
			       uint32_t n)
{
	struct connector *c = lmb_connector(vmm, dimm->address + n * LMB_BYTES);

	return c && c->dev == &dimm->dev ? c : NULL;
}

/* Return true if the guest supports memory unplug. Without the dedicated source, events
 * cannot name blocks. Before a CAS the unplug is allowed, because the CAS resets the
 * connectors anyway. */
static bool can_unplug(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->ov5_guest_empty || machine_negotiated(vmm, OV5_HP_EVT);
}

static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	struct dimm *dimm = dimm_of(dev);
	uint64_t address = dimm->address;
	uint32_t n = (uint32_t)(dimm->size / LMB_BYTES), left = 0;

	if (!can_unplug(vmm))
		return papr_fail(error, -EINVAL,
				 "Memory hot unplug not supported for this guest");
	if (dimm->nvdimm)
		return papr_fail(error, -EINVAL,
				 "nvdimm device hot unplug is not supported yet.");

	for (uint32_t i = 0; i < n; i++)
		left += block(vmm, dimm, i) != NULL;
	dimm->unplugging = true;
	dimm->lmbs_left = left;

	/* Blocks that the guest has not acquired are released at once. Releasing the last
	 * block frees the DIMM. */
	for (uint32_t i = 0; i < n && left; i++) {
		struct connector *c = block(vmm, dimm, i);

		if (!c)
			continue;
		left--;
		connector_request_unplug(vmm, c);
	}
	event_hotplug(
		vmm, &(struct hp_section){ .type = HP_MEMORY,
					   .action = HP_REMOVE,
					   .id = HP_COUNT_INDEXED,
					   .count = n,
					   .index = lmb_connector(vmm, address)->index });
	return 0;
}

static void release(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	struct dimm *dimm = dimm_of(dev);

	(void)c;
	if (dimm->lmbs_left && --dimm->lmbs_left)
		return;

	device_deleted(vmm, dev);
	dimm_free(vmm, dimm);
}

/* If the guest keeps one block, the unplug of the whole DIMM has failed. */
static void reject(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	struct dimm *dimm = dimm_of(dev);
	char *text;

	(void)c;
	for (uint32_t i = 0; i < dimm->size / LMB_BYTES; i++) {
		struct connector *kept = block(vmm, dimm, i);

		if (kept)
			kept->unplug_requested = false;
	}
	dimm->unplugging = false;
	dimm->lmbs_left = 0;

	if (machine_of(vmm)->type->mem_unplug_error &&
	    asprintf(&text, "Memory hotunplug rejected by the guest for device %s",
		     dev->id ? dev->id : "") >= 0) {
		machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_MEM_UNPLUG_ERROR,
							.device = dev->id ? dev->id : "",
							.text = text });
		free(text);
	}
	device_rejected(vmm, dev);
}

const struct device_class dimm_class = {
	.unplug_noun = "Memory",
	.put_node = dimm_put_node,
	.request_unplug = request_unplug,
	.release = release,
	.reject = reject,
};
