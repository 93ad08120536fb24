// SPDX-License-Identifier: LGPL-2.1-or-later
/* Host bridges. Each has its own windows in the machine's addresses, by its index. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/memory/numa.h"
#include "vmm/pci/pci.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/tree/tree.h"
#include "wire/builder.h"
#include "wire/cas.h"
#include "wire/event_hp.h"

#define IO_BASE	    0x200000000000ULL
#define IO_BYTES    0x10000ULL
#define MEM_BYTES   0x80000000ULL
#define MEM_CHILD   0x80000000ULL /* start of the 32-bit window on the bus */
#define MEM64_BYTES 0x10000000000ULL

enum {
	LIOBN_PCI = 0x80000000u,
	DMA_BYTES = 0x40000000,
	FIRST_LSI = 0x1200,
	MAP_CELLS = 7,
	PINS = 4,
	SPACE_IO = 0x01000000,
	SPACE_MEM = 0x02000000,
	SPACE_MEM64 = 0x03000000,
};

static struct phb *phb_of(struct device *dev)
{
	return (struct phb *)(void *)dev; /* first member */
}

struct phb *phb_find(const struct papr_vmm *vmm, uint64_t buid)
{
	return buid - PCI_BUID < PCI_PHBS ? pci_of(vmm)->phbs[buid - PCI_BUID] : NULL;
}

uint32_t phb_liobn(uint32_t index, unsigned int window)
{
	return LIOBN_PCI | index << 8 | window;
}

void phb_reset(struct papr_vmm *vmm, struct phb *phb)
{
	for (unsigned int i = 0; i < PCI_DMA_WINDOWS; i++)
		dma_window_reset(vmm, &phb->windows[i]);
}

static struct connector *connector_of(const struct papr_vmm *vmm, uint32_t index)
{
	return &connectors_of_kind(connectors_of(vmm), DRC_KIND_PHB)->all[index];
}

/* ---- Node ---- */

/* Write a range: space, address on the bus, address in the machine, size. */
static void put_range(struct builder *b, uint32_t space, uint64_t child, uint64_t parent,
		      uint64_t size)
{
	builder_be32(b, space);
	builder_be64(b, child);
	builder_be64(b, parent);
	builder_be64(b, size);
}

/* A range of addresses on the bus, and where processors access it */
struct window {
	uint32_t space;
	uint64_t child, parent, size;
};

enum { WINDOWS = 3 };

static void windows_of(const struct phb *phb, struct window windows[WINDOWS])
{
	uint64_t mem64 = IO_BASE + (phb->index + 1) * MEM64_BYTES;

	windows[0] =
		(struct window){ SPACE_IO, 0, IO_BASE + phb->index * IO_BYTES, IO_BYTES };
	windows[1] = (struct window){ SPACE_MEM, MEM_CHILD,
				      IO_BASE + (phb->index + 1) * MEM_BYTES, MEM_BYTES };
	windows[2] = (struct window){ SPACE_MEM64, mem64, mem64, MEM64_BYTES };
}

static void put_ranges(struct fdt_out *out, const struct phb *phb)
{
	struct window windows[WINDOWS];
	uint8_t ranges[WINDOWS * 28];
	struct builder b = builder_of(ranges, sizeof(ranges));

	windows_of(phb, windows);
	for (unsigned int i = 0; i < WINDOWS; i++)
		put_range(&b, windows[i].space, windows[i].child, windows[i].parent,
			  windows[i].size);
	fdt_out_prop(out, "ranges", ranges, b.len);
}

uint64_t phb_guest_address(const struct phb *phb, bool io, uint64_t address,
			   uint64_t size)
{
	struct window windows[WINDOWS];

	windows_of(phb, windows);
	for (unsigned int i = 0; i < WINDOWS; i++) {
		const struct window *w = &windows[i];

		if ((w->space == SPACE_IO) == io && size <= w->size &&
		    address >= w->child && address - w->child <= w->size - size)
			return w->parent + (address - w->child);
	}
	return UINT64_MAX;
}

/* Write a range with the same address on both sides of a bridge. */
static void put_passed(struct builder *b, uint32_t space, uint64_t address, uint64_t size)
{
	builder_be32(b, space);
	builder_be64(b, address);
	builder_be32(b, space);
	builder_be64(b, address);
	builder_be64(b, size);
}

void phb_put_slot_ranges(struct fdt_out *out, const struct phb *phb, unsigned int slot)
{
	const uint64_t size = MEM_BYTES / PCI_SLOTS, size64 = MEM64_BYTES / PCI_SLOTS;
	uint64_t mem = MEM_CHILD + slot * size;
	uint64_t mem64 = IO_BASE + (phb->index + 1) * MEM64_BYTES + slot * size64;
	uint8_t ranges[2 * 32];
	struct builder b = builder_of(ranges, sizeof(ranges));

	put_passed(&b, SPACE_MEM, mem, size);
	put_passed(&b, SPACE_MEM64, mem64, size64);
	fdt_out_prop(out, "ranges", ranges, b.len);
}

/* Four interrupts are shared by the pins of all slots in turn. */
static uint32_t lsi_of(const struct phb *phb, uint32_t slot, uint32_t pin)
{
	return FIRST_LSI + PINS * phb->index + (slot + pin) % PINS;
}

uint32_t pci_lsi(const struct pci_function *f)
{
	return lsi_of(f->bus->phb, f->devfn >> 3, 0);
}

/* Write "interrupt-map": the interrupt of each pin of each slot. */
static void put_interrupt_map(struct fdt_out *out, const struct phb *phb, uint32_t intc)
{
	size_t len = PCI_SLOTS * PINS * MAP_CELLS * sizeof(uint32_t);
	struct builder b = builder_of(fdt_out_space(out, "interrupt-map", len), len);

	for (uint32_t slot = 0; b.buf && slot < PCI_SLOTS; slot++)
		for (uint32_t pin = 0; pin < PINS; pin++) {
			builder_be32(&b, slot << 11);
			builder_be64(&b, 0);
			builder_be32(&b, pin + 1);
			builder_be32(&b, intc);
			builder_be32(&b, lsi_of(phb, slot, pin));
			builder_be32(&b, 1); /* level */
		}
}

/* Write the default DMA window and the cell counts of DMA windows; PAPR+ 13.5.2. */
static void put_dma(struct fdt_out *out, const struct phb *phb)
{
	FDT_OUT_CELLS(out, "ibm,dma-window", phb_liobn(phb->index, 0), 0, 0, 0,
		      DMA_BYTES);
	fdt_out_u32(out, "ibm,#dma-size-cells", 2);
	fdt_out_u32(out, "ibm,#dma-address-cells", 2);
}

/* The order is that of QEMU's tree: the last property that QEMU makes comes first. */
static void put_props(struct papr_vmm *vmm, struct fdt_out *out, const struct phb *phb,
		      const struct connector *c, uint32_t intc)
{
	uint64_t buid = PCI_BUID + phb->index;

	connectors_put_props(out, vmm, &phb->bus.bank, 1);
	fdt_out_u32(out, "#size-cells", 2);
	fdt_out_u32(out, "#address-cells", 3);
	fdt_out_u32(out, "qemu,phb-enumerated", 1);
	fdt_out_u32(out, "ibm,my-drc-index", c->index);
	put_dma(out, phb);
	put_interrupt_map(out, phb, intc);
	FDT_OUT_CELLS(out, "interrupt-map-mask", 0xf800, 0, 0, 0xffffffff);
	if (phb->numa_node >= 0)
		numa_put(vmm, out, (uint32_t)phb->numa_node);
	FDT_OUT_CELLS(out, "ibm,ddw-extensions", 2, 0x2029, 1);
	FDT_OUT_CELLS(out, "ibm,ddw-applicable", 0x2026, 0x2027, 0x2028);
	fdt_out_u32(out, "ibm,pe-total-#msi", PCI_MSIS);
	fdt_out_u32(out, "ibm,pci-config-space-type", 1);
	FDT_OUT_CELLS(out, "reg", (uint32_t)(buid >> 32), (uint32_t)buid, 0, 0);
	put_ranges(out, phb);
	FDT_OUT_CELLS(out, "bus-range", 0, 0xff);
	fdt_out_empty(out, "used-by-rtas");
	fdt_out_u32(out, "#interrupt-cells", 1);
	fdt_out_str(out, "compatible", "IBM,Logical_PHB");
	fdt_out_str(out, "device_type", "pci");
}

/* The guest's firmware may have renumbered the interrupt controller. The node of a
 * plugged bridge must use the phandle in the guest's tree. */
static int put_node(struct papr_vmm *vmm, struct device *dev, const struct connector *c,
		    struct fdt_out *out, bool hotplug)
{
	struct phb *phb = phb_of(dev);
	uint32_t intc = TREE_PHANDLE_INTC;
	int err = hotplug ? tree_intc_phandle(vmm, &intc) : 0;

	if (err)
		return err;

	pci_bus_enumerate(phb);
	fdt_out_node(out, "pci@%llx", (unsigned long long)(PCI_BUID + phb->index));
	if (hotplug)
		fdt_out_str(out, "name", "pci");
	put_props(vmm, out, phb, c, intc);
	pci_bus_put_nodes(vmm, &phb->bus, out);
	fdt_out_node_end(out);
	return 0;
}

int pci_put_nodes(struct papr_vmm *vmm, struct fdt_out *out)
{
	int err = 0;

	for (uint32_t i = 0; !err && i < PCI_PHBS; i++)
		if (pci_of(vmm)->phbs[i])
			err = put_node(vmm, &pci_of(vmm)->phbs[i]->dev,
				       connector_of(vmm, i), out, false);
	return err;
}

/* ---- Unplug ---- */

static void tell_connectors(const struct papr_vmm *vmm, const struct phb *phb,
			    const struct pci_bus *bus)
{
	char name[32];

	for (uint32_t i = bus->bank->count; i--;) {
		snprintf(name, sizeof(name), "dr-connector[%u]",
			 (unsigned int)bus->bank->all[i].index);

		device_inner_deleted(vmm, &phb->dev, name);
	}
}

static void tell_windows(const struct papr_vmm *vmm, const struct phb *phb)
{
	char name[32];

	for (unsigned int i = 0; i < PCI_DMA_WINDOWS; i++) {
		snprintf(name, sizeof(name), "tce-table-%x",
			 (unsigned int)phb_liobn(phb->index, i));

		device_inner_deleted(vmm, &phb->dev, name);
	}
}

static void forget(struct papr_vmm *vmm, struct phb *phb)
{
	struct phb **at = &pci_of(vmm)->newest;

	while (*at && *at != phb)
		at = &(*at)->older;
	if (*at)
		*at = phb->older;
	pci_of(vmm)->phbs[phb->index] = NULL;
	for (unsigned int i = 0; i < PCI_DMA_WINDOWS; i++)
		dma_window_unregister(vmm, &phb->windows[i]);
	pci_bus_end(vmm, &phb->bus);
	device_unregister(vmm, &phb->dev);
	free(phb);
}

void phb_destroy(struct papr_vmm *vmm, struct phb *phb, bool told)
{
	for (struct pci_function *f = phb->newest; told && f; f = f->older)
		if (f->secondary)
			tell_connectors(vmm, phb, f->secondary);
	if (told)
		tell_connectors(vmm, phb, &phb->bus);
	while (phb->newest)
		pci_function_destroy(vmm, phb->newest, told);
	if (told) {
		tell_windows(vmm, phb);
		device_deleted(vmm, &phb->dev);
	}
	forget(vmm, phb);
}

static void release(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	(void)c;
	phb_destroy(vmm, phb_of(dev), true);
}

/* Send the event even if the bridge is gone already, because nothing was configured. */
static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	struct connector *c = connector_of(vmm, phb_of(dev)->index);

	(void)error;
	connector_request_unplug(vmm, c);
	pci_tell_hotplug(vmm, HP_PHB, HP_REMOVE, c->index);
	return 0;
}

static const struct device_class phb_class = {
	.unplug_noun = "PCI Host Bridge",
	.put_node = put_node,
	.request_unplug = request_unplug,
	.release = release,
};

/* ---- Plug ---- */

static int set_up(struct papr_vmm *vmm, struct phb *phb, uint32_t index)
{
	char *name = NULL;
	int err;

	if (phb->dev.id && asprintf(&name, "%s.0", phb->dev.id) < 0)
		return -ENOMEM;

	phb->index = index;
	phb->bus.phb = phb;
	err = pci_bus_init(vmm, &phb->bus, name);
	free(name);
	if (err)
		return err;

	phb->older = pci_of(vmm)->newest;
	pci_of(vmm)->newest = phb;
	pci_of(vmm)->phbs[index] = phb;
	for (unsigned int i = 0; i < PCI_DMA_WINDOWS; i++)
		dma_window_register(vmm, &phb->windows[i], phb_liobn(phb->index, i),
				    i ? 0 : DMA_BYTES >> DMA_PAGE_SHIFT);
	return connector_attach(vmm, connector_of(vmm, index), &phb->dev);
}

static struct phb *make(void)
{
	struct phb *phb = calloc(1, sizeof(*phb));

	if (phb) {
		phb->dev.class = &phb_class;
		phb->dev.driver = "spapr-pci-host-bridge";
		phb->numa_node = -1;
	}
	return phb;
}

int phb_add_first(struct papr_vmm *vmm)
{
	struct phb *phb = make();
	int err = phb ? set_up(vmm, phb, 0) : -ENOMEM;

	if (err)
		free(phb);
	return err;
}

/* Only the first three have an effect. */
static const char *const phb_names[] = {
	"index",
	"numa_node",
	"x-slots",
	"mem_win_size",
	"mem64_win_size",
	"io_win_size",
	"dma_win_addr",
	"dma_win_size",
	"dma64_win_addr",
	"ddw",
	"pgsz",
	"bypass-iommu",
	"dynamic-reconfiguration",
	"pcie-extended-configuration-space",
	NULL,
};

static int read_options(struct phb *phb, const struct papr_option *options, size_t n,
			uint32_t *index, struct papr_error *error)
{
	uint32_t node = UINT32_MAX;
	int err = option_check_names(options, n, phb->dev.driver, phb_names, error);

	*index = UINT32_MAX;
	if (!err)
		err = option_number(options, n, "index", "uint32_t", UINT32_MAX, index,
				    error);
	if (!err)
		err = option_number(options, n, "numa_node", "uint32_t", UINT32_MAX,
				    &node, error);
	if (!err)
		err = option_bool(options, n, "x-slots", &phb->bus.has_slots, error);
	phb->numa_node = (int32_t)node; /* UINT32_MAX: -1 */
	return err;
}

static int check_index(const struct papr_vmm *vmm, uint32_t index,
		       struct papr_error *error)
{
	if (index == UINT32_MAX)
		return papr_fail(error, -EINVAL, "\"index\" for PAPR PHB is mandatory");
	if (index >= PCI_PHBS)
		return papr_fail(error, -EINVAL,
				 "\"index\" for PAPR PHB is too large (max %d)",
				 PCI_PHBS - 1);
	if (pci_of(vmm)->phbs[index])
		return papr_fail(error, -EEXIST, "PHB %u already attached",
				 (unsigned int)index);
	return 0;
}

/* A virtual device can have the number of a window. */
static int check_windows(const struct papr_vmm *vmm, uint32_t index,
			 struct papr_error *error)
{
	int err = 0;

	for (unsigned int i = 0; i < PCI_DMA_WINDOWS && !err; i++)
		err = dma_window_check(vmm, phb_liobn(index, i), error);
	return err;
}

static int check_numa(const struct papr_vmm *vmm, const struct phb *phb,
		      struct papr_error *error)
{
	if (phb->numa_node == -1 || (uint32_t)phb->numa_node < numa_count(vmm))
		return 0;
	return papr_fail(error, -EINVAL, "Invalid NUMA node ID for PCI host bridge");
}

static int add(struct papr_vmm *vmm, struct phb *phb, const struct papr_option *options,
	       size_t n, struct papr_error *error)
{
	uint32_t index;
	int err = device_register(vmm, &phb->dev, option_get(options, n, "id"), error);

	if (!err)
		err = read_options(phb, options, n, &index, error);
	if (!err)
		err = check_index(vmm, index, error);
	if (!err)
		err = check_windows(vmm, index, error);
	if (!err)
		err = check_numa(vmm, phb, error);
	if (!err) {
		err = set_up(vmm, phb, index);
		if (err)
			papr_fail(error, err, "out of memory");
	}
	if (!err && machine_of(vmm)->started)
		pci_tell_hotplug(vmm, HP_PHB, HP_ADD, connector_of(vmm, index)->index);
	return err;
}

int phb_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	    struct papr_error *error)
{
	struct phb *phb;
	int err;

	if (option_get(options, n, "bus"))
		return papr_fail(error, -EINVAL,
				 "Device 'spapr-pci-host-bridge' can't go on PCI bus");
	phb = make();
	if (!phb)
		return papr_fail(error, -ENOMEM, "out of memory");
	err = add(vmm, phb, options, n, error);
	if (err) {
		device_unregister(vmm, &phb->dev);
		free(phb);
	}
	return err;
}
