// SPDX-License-Identifier: LGPL-2.1-or-later
/* The device-tree node of a function. Properties are in the order of QEMU's tree: the
 * last one that QEMU makes comes first. */
#include <stdio.h>

#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"
#include "vmm/tree/fdt_out.h"
#include "wire/builder.h"

/* Address spaces, PCI binding to Open Firmware 2.2.1. */
enum { SPACE_IO = 1, SPACE_MEM = 2, SPACE_MEM64 = 3 };
enum { REG_CELLS = 5 };

static uint32_t config(const struct pci_function *f, uint32_t at, uint32_t size)
{
	return pci_config_read(f, at, size);
}

/* Write "reg": the address in configuration space, then one entry for each BAR. */
static void put_reg(struct fdt_out *out, const struct pci_function *f)
{
	uint32_t place = (uint32_t)pci_bus_number(f->bus) << 16 | (uint32_t)f->devfn << 8;
	uint8_t reg[(1 + PCI_BARS) * REG_CELLS * 4];
	struct builder b = builder_of(reg, sizeof(reg));

	builder_be32(&b, place);
	builder_be64(&b, 0);
	builder_be64(&b, 0);
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		struct pci_bar bar = pci_bar(f, i);
		uint32_t space = bar.io ? SPACE_IO : bar.is64 ? SPACE_MEM64 : SPACE_MEM;

		if (!bar.size)
			continue;
		builder_be32(&b, space << 24 | place | (PCI_BAR0 + 4 * i));
		builder_be64(&b, 0);
		builder_be64(&b, bar.size);
	}
	fdt_out_prop(out, "reg", reg, b.len);
}

static void put_messages(struct fdt_out *out, const struct pci_function *f)
{
	uint32_t msi = pci_msi_count(f), msix = pci_msix_count(f);

	if (msix)
		fdt_out_u32(out, "ibm,req#msi-x", msix);
	if (msi)
		fdt_out_u32(out, "ibm,req#msi", msi);
}

void pci_loc_code(const struct pci_function *f, char *text, size_t size)
{
	snprintf(text, size, "qemu_%s:%04x:%02x:%02x.%x", f->dev.driver,
		 (unsigned int)f->bus->phb->index, pci_bus_number(f->bus),
		 PCI_SLOT(f->devfn), PCI_FUNC(f->devfn));
}

static void put_loc_code(struct fdt_out *out, const struct pci_function *f)
{
	char text[128];

	pci_loc_code(f, text, sizeof(text));
	fdt_out_str(out, "ibm,loc-code", text);
}

static void put_status(struct fdt_out *out, const struct pci_function *f)
{
	uint32_t status = config(f, PCI_STATUS, 2);

	if (status & PCI_STATUS_UDF)
		fdt_out_empty(out, "udf-supported");
	if (status & PCI_STATUS_66MHZ)
		fdt_out_empty(out, "66mhz-capable");
	if (status & PCI_STATUS_FAST)
		fdt_out_empty(out, "fast-back-to-back");
	fdt_out_u32(out, "devsel-speed", status & PCI_STATUS_DEVSEL);
}

static void put_nonzero(struct fdt_out *out, const char *name, uint32_t value)
{
	if (value)
		fdt_out_u32(out, name, value);
}

static void put_identity(struct fdt_out *out, const struct pci_function *f)
{
	fdt_out_u32(out, "cache-line-size", config(f, PCI_CACHE_LINE, 1));
	put_nonzero(out, "subsystem-vendor-id", config(f, PCI_SUBSYSTEM_VENDOR, 2));
	put_nonzero(out, "subsystem-id", config(f, PCI_SUBSYSTEM, 2));
	put_nonzero(out, "interrupts", config(f, PCI_IRQ_PIN, 1));
	fdt_out_u32(out, "class-code", config(f, PCI_REVISION, 4) >> 8);
	fdt_out_u32(out, "revision-id", config(f, PCI_REVISION, 1));
	fdt_out_u32(out, "device-id", config(f, PCI_DEVICE, 2));
	fdt_out_u32(out, "vendor-id", config(f, PCI_VENDOR, 2));
}

/* Write what Linux needs to configure a bridge from its node alone. */
static void put_slot(struct fdt_out *out, const struct pci_function *f)
{
	FDT_OUT_CELLS(out, "bus-range", config(f, PCI_SECONDARY_BUS, 1),
		      config(f, PCI_SUBORDINATE_BUS, 1));
	phb_put_slot_ranges(out, f->bus->phb, PCI_SLOT(f->devfn));
	fdt_out_str(out, "device_type", "pci");
}

static void put_props(const struct papr_vmm *vmm, struct fdt_out *out,
		      const struct pci_function *f)
{
	if (f->secondary) {
		connectors_put_props(out, vmm, &f->secondary->bank, 1);
		fdt_out_u32(out, "#size-cells", 2);
		fdt_out_u32(out, "#address-cells", 3);
	} else {
		fdt_out_u32(out, "max-latency", config(f, PCI_MAX_LATENCY, 1));
		fdt_out_u32(out, "min-grant", config(f, PCI_MIN_GRANT, 1));
	}
	if (f->is_slot)
		put_slot(out, f);
	if (f->model->extended)
		fdt_out_u32(out, "ibm,pci-config-space-type", 1);
	put_reg(out, f);
	put_messages(out, f);
	fdt_out_u32(out, "ibm,my-drc-index", pci_connector(f)->index);
	put_loc_code(out, f);
	put_status(out, f);
	put_identity(out, f);
}

static void put_function(struct papr_vmm *vmm, const struct pci_function *f,
			 struct fdt_out *out, bool named)
{
	const char *name = pci_class_name(config(f, PCI_REVISION, 4) >> 8);

	if (PCI_FUNC(f->devfn))
		fdt_out_node(out, "%s@%x,%x", name, PCI_SLOT(f->devfn),
			     PCI_FUNC(f->devfn));
	else
		fdt_out_node(out, "%s@%x", name, PCI_SLOT(f->devfn));
	if (named)
		fdt_out_str(out, "name", name);
	put_props(vmm, out, f);
	if (f->secondary)
		pci_bus_put_nodes(vmm, f->secondary, out);
	fdt_out_node_end(out);
}

int pci_function_put_node(struct papr_vmm *vmm, struct device *dev,
			  const struct connector *c, struct fdt_out *out, bool hotplug)
{
	struct pci_function *f = (struct pci_function *)(void *)dev; /* first member */

	(void)c;
	if (hotplug && f->is_slot)
		pci_bus_enumerate_slot(f);
	put_function(vmm, f, out, hotplug && f->is_slot);
	return 0;
}

void pci_bus_put_nodes(struct papr_vmm *vmm, const struct pci_bus *bus,
		       struct fdt_out *out)
{
	for (unsigned int i = 0; i < PCI_FUNCTIONS; i++) {
		const struct pci_function *f = bus->at[i];

		/* Include only slots that the guest has acquired. A reset assigns the
		 * others. */
		if (f && (!bus->has_slots || connector_is_ready(pci_connector(f))))
			put_function(vmm, f, out, false);
	}
}
