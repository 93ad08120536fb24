// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/dr/connectors.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/vio/vio.h"

enum { FIRST_IRQ = 0x1140, IRQ_EDGE = 0 };

struct vio_model {
	const char *driver, *node, *type, *compatible;
	bool has_mac;
};

static const struct vio_model models[] = {
	{ "spapr-vscsi", "v-scsi", "vscsi", "IBM,v-scsi", false },
	{ "spapr-vlan", "l-lan", "network", "IBM,l-lan", true },
};

static const struct vio_model *model_of(const char *driver)
{
	for (size_t i = 0; i < sizeof(models) / sizeof(models[0]); i++)
		if (!strcmp(models[i].driver, driver))
			return &models[i];
	return NULL;
}

bool vio_is_driver(const char *driver)
{
	return model_of(driver);
}

static struct vio *vio_of(struct device *dev)
{
	return (struct vio *)(void *)dev; /* first member */
}

static struct connector *connector_of(const struct papr_vmm *vmm, uint32_t slot)
{
	return &connectors_of_kind(connectors_of(vmm), DRC_KIND_VIO)->all[slot];
}

struct connector *vio_connector(const struct papr_vmm *vmm, const struct vio *vio)
{
	return connector_of(vmm, vio->slot);
}

/* ---- Nodes ---- */

static void put_adapter(const struct papr_vmm *vmm, const struct vio *vio,
			struct fdt_out *out, bool hotplug)
{
	const uint8_t mac[MAC_BYTES] = { 0x52, 0x54, 0, 0x71, 0, (uint8_t)vio->slot };
	uint32_t index = connector_of(vmm, vio->slot)->index;
	char location[PAPR_LOCATION_BYTES], serial[8];

	machine_serial(vmm, serial);
	snprintf(location, sizeof(location), "UPAPR.VMM.%s-V1-C%u", serial,
		 (unsigned int)vio->slot);
	fdt_out_node(out, "%s@%x", vio->model->node, (unsigned int)index);
	if (hotplug)
		fdt_out_str(out, "name", vio->model->node);
	fdt_out_u32(out, "ibm,my-drc-index", index);
	fdt_out_str(out, "ibm,loc-code", location);
	FDT_OUT_CELLS(out, "ibm,my-dma-window", index, 0, 0, 0, VIO_DMA_BYTES);
	FDT_OUT_CELLS(out, "interrupts", FIRST_IRQ + vio->slot, IRQ_EDGE);
	if (vio->model->has_mac) {
		fdt_out_prop(out, "local-mac-address", mac, sizeof(mac));
		fdt_out_u32(out, "ibm,mac-address-filters", 4);
	}
	fdt_out_str(out, "compatible", vio->model->compatible);
	fdt_out_str(out, "device_type", vio->model->type);
	fdt_out_u32(out, "reg", index);
	fdt_out_node_end(out);
}

static int put_node(struct papr_vmm *vmm, struct device *dev, const struct connector *c,
		    struct fdt_out *out, bool hotplug)
{
	(void)c;
	put_adapter(vmm, vio_of(dev), out, hotplug);
	return 0;
}

void vio_put_connectors(const struct papr_vmm *vmm, struct fdt_out *out)
{
	struct connector_bank *bank =
		connectors_of_kind(connectors_of(vmm), DRC_KIND_VIO);

	if (bank)
		connectors_put_props(out, vmm, &bank, 1);
}

/* Write the adapters that the guest has acquired. A reset assigns the others to it. */
void vio_put_nodes(const struct papr_vmm *vmm, struct fdt_out *out)
{
	for (const struct vio *vio = machine_of(vmm)->vios; vio; vio = vio->next)
		if (connector_is_ready(connector_of(vmm, vio->slot)))
			put_adapter(vmm, vio, out, false);
}

/* ---- Plug and unplug ---- */

static void forget(struct papr_vmm *vmm, struct vio *vio)
{
	struct vio **at = &machine_of(vmm)->vios;

	while (*at && *at != vio)
		at = &(*at)->next;
	if (*at)
		*at = vio->next;
	device_unregister(vmm, &vio->dev);
	dma_window_unregister(vmm, &vio->dma);
	free(vio);
}

static void release(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	(void)c;
	device_deleted(vmm, dev);
	forget(vmm, vio_of(dev));
}

/* No event is queued: the guest learns of the request by other means. */
static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	(void)error;
	connector_request_unplug(vmm, connector_of(vmm, vio_of(dev)->slot));
	return 0;
}

static const struct device_class vio_class = {
	.unplug_noun = "Virtual adapter",
	.put_node = put_node,
	.request_unplug = request_unplug,
	.release = release,
};

static const char *const vio_names[] = { "slot", NULL };

static int find_slot(const struct papr_vmm *vmm, struct vio *vio,
		     const struct papr_option *options, size_t n,
		     struct papr_error *error)
{
	uint32_t slot = UINT32_MAX;
	int err = option_check_names(options, n, vio->dev.driver, vio_names, error);

	if (!err)
		err = option_u32(options, n, "slot", VIO_SLOTS - 1, &slot, error);
	if (err)
		return err;
	if (slot == UINT32_MAX)
		for (slot = 0; slot < VIO_SLOTS && connector_of(vmm, slot)->dev; slot++)
			;
	if (slot == VIO_SLOTS)
		return papr_fail(error, -ENOSPC,
				 "all slots for virtual adapters are occupied");
	if (connector_of(vmm, slot)->dev)
		return papr_fail(error, -EBUSY, "slot %u is occupied",
				 (unsigned int)slot);
	vio->slot = slot;
	return 0;
}

int vio_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	    size_t n, struct papr_error *error)
{
	struct vio *vio;
	int err;

	vio = calloc(1, sizeof(*vio));
	if (!vio)
		return papr_fail(error, -ENOMEM, "out of memory");
	vio->model = model_of(driver);
	vio->dev = (struct device){ .class = &vio_class, .driver = vio->model->driver };
	err = find_slot(vmm, vio, options, n, error);
	if (!err)
		err = device_register(vmm, &vio->dev, option_get(options, n, "id"),
				      error);
	if (err) {
		free(vio);
		return err;
	}
	vio->next = machine_of(vmm)->vios;
	machine_of(vmm)->vios = vio;
	vio_dma_register(vmm, &vio->dma, connector_of(vmm, vio->slot)->index);
	err = connector_attach(vmm, connector_of(vmm, vio->slot), &vio->dev);
	if (err)
		forget(vmm, vio);
	return err;
}

bool vio_has_irq(const struct papr_vmm *vmm, uint32_t irq)
{
	return machine_of(vmm)->cfg.powervm && irq >= FIRST_IRQ &&
	       irq < FIRST_IRQ + VIO_SLOTS;
}

int vio_init(struct papr_vmm *vmm)
{
	if (!machine_of(vmm)->cfg.powervm ||
	    connector_bank_add(connectors_of(vmm), DRC_KIND_VIO, 0, 1, VIO_SLOTS))
		return 0;
	return -ENOMEM;
}

void vio_free(struct papr_vmm *vmm)
{
	while (machine_of(vmm)->vios)
		forget(vmm, machine_of(vmm)->vios);
}
