// SPDX-License-Identifier: LGPL-2.1-or-later
/* PCI functions, as the host's user sees them. */
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/base/sized.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"

/* Texts of classes (base << 8 | sub), as in query-pci. */
static const struct words {
	uint16_t class;
	const char *text;
} words[] = {
	{ 0x0001, "VGA controller" },
	{ 0x0100, "SCSI controller" },
	{ 0x0101, "IDE controller" },
	{ 0x0102, "Floppy controller" },
	{ 0x0103, "IPI controller" },
	{ 0x0104, "RAID controller" },
	{ 0x0106, "SATA controller" },
	{ 0x0107, "SAS controller" },
	{ 0x0180, "Storage controller" },
	{ 0x0200, "Ethernet controller" },
	{ 0x0201, "Token Ring controller" },
	{ 0x0202, "FDDI controller" },
	{ 0x0203, "ATM controller" },
	{ 0x0280, "Network controller" },
	{ 0x0300, "VGA controller" },
	{ 0x0301, "XGA controller" },
	{ 0x0302, "3D controller" },
	{ 0x0380, "Display controller" },
	{ 0x0400, "Video controller" },
	{ 0x0401, "Audio controller" },
	{ 0x0402, "Phone" },
	{ 0x0403, "Audio controller" },
	{ 0x0480, "Multimedia controller" },
	{ 0x0500, "RAM controller" },
	{ 0x0501, "Flash controller" },
	{ 0x0580, "Memory controller" },
	{ 0x0600, "Host bridge" },
	{ 0x0601, "ISA bridge" },
	{ 0x0604, "PCI bridge" },
	{ 0x0680, "Bridge" },
	{ 0x0700, "Serial port" },
	{ 0x0701, "Parallel port" },
	{ 0x0800, "Interrupt controller" },
	{ 0x0801, "DMA controller" },
	{ 0x0802, "Timer" },
	{ 0x0803, "RTC" },
	{ 0x0900, "Keyboard" },
	{ 0x0901, "Pen" },
	{ 0x0902, "Mouse" },
	{ 0x0c00, "Firewire controller" },
	{ 0x0c01, "Access bus controller" },
	{ 0x0c02, "SSA controller" },
	{ 0x0c03, "USB controller" },
	{ 0x0c04, "Fibre channel controller" },
	{ 0x0c05, "SMBus" },
};

static const char *words_for(uint16_t class)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i].class == class)
			return words[i].text;
	return NULL;
}

static uint32_t config(const struct pci_function *f, uint32_t at, uint32_t size)
{
	return pci_config_read(f, at, size);
}

static void tell_regions(const struct pci_function *f, struct papr_pci_info *out)
{
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		struct pci_bar bar = pci_bar(f, i);

		if (!bar.size)
			continue;
		out->regions[out->n_regions++] = (struct papr_pci_region){
			.bar = i,
			.io = bar.io,
			.prefetch = bar.prefetch,
			.is64 = bar.is64,
			.size = bar.size,
			.address = pci_bar_address(f, i),
		};
	}
}

/* Return the I/O range of a bridge. The lowest bits of the base give its width, those of
 * the limit count as ones. */
static struct papr_pci_range io_range(const struct pci_function *f)
{
	uint64_t base = (config(f, PCI_IO_BASE, 1) & 0xf0) << 8;
	uint64_t limit = (config(f, PCI_IO_LIMIT, 1) & 0xf0) << 8;

	if (config(f, PCI_IO_BASE, 1) & 1) {
		base |= (uint64_t)config(f, PCI_IO_BASE_UPPER, 2) << 16;
		limit |= (uint64_t)config(f, PCI_IO_LIMIT_UPPER, 2) << 16;
	}
	return (struct papr_pci_range){ base, limit | 0xfff };
}

static struct papr_pci_range memory_range(const struct pci_function *f, uint32_t base,
					  uint32_t limit)
{
	return (struct papr_pci_range){
		(uint64_t)(config(f, base, 2) & 0xfff0) << 16,
		(uint64_t)(config(f, limit, 2) & 0xfff0) << 16 | 0xfffff,
	};
}

static void tell_bridge(const struct pci_function *f, struct papr_pci_info *out)
{
	out->primary = (uint8_t)config(f, PCI_PRIMARY_BUS, 1);
	out->bridge_bus = (int)config(f, PCI_SECONDARY_BUS, 1);
	out->subordinate = (uint8_t)config(f, PCI_SUBORDINATE_BUS, 1);
	out->io = io_range(f);
	out->memory = memory_range(f, PCI_MEMORY_BASE, PCI_MEMORY_LIMIT);
	out->prefetchable = memory_range(f, PCI_PREFETCH_BASE, PCI_PREFETCH_LIMIT);
	out->prefetchable.base |= (uint64_t)config(f, PCI_PREFETCH_BASE_UPPER, 4) << 32;
	out->prefetchable.limit |= (uint64_t)config(f, PCI_PREFETCH_LIMIT_UPPER, 4) << 32;
}

static void tell_function(const struct pci_function *f, unsigned int depth,
			  struct papr_pci_info *out)
{
	*out = (struct papr_pci_info){
		.serial = f->serial,
		.phb = f->bus->phb->index,
		.bus = pci_bus_number(f->bus),
		.slot = PCI_SLOT(f->devfn),
		.function = PCI_FUNC(f->devfn),
		.depth = depth,
		.id = f->dev.id ? f->dev.id : "",
		.driver = f->dev.driver,
		.vendor = (uint16_t)config(f, PCI_VENDOR, 2),
		.device = (uint16_t)config(f, PCI_DEVICE, 2),
		.class_code = (uint16_t)config(f, PCI_SUBCLASS, 2),
		.irq_pin = (uint8_t)config(f, PCI_IRQ_PIN, 1),
		.irq_line = (uint8_t)config(f, PCI_IRQ_LINE, 1),
		.bridge_bus = -1,
	};
	out->class_text = words_for(out->class_code);
	tell_regions(f, out);
	if (pci_is_bridge(f)) {
		tell_bridge(f, out);
	} else {
		out->subsystem_vendor = (uint16_t)config(f, PCI_SUBSYSTEM_VENDOR, 2);
		out->subsystem = (uint16_t)config(f, PCI_SUBSYSTEM, 2);
	}
}

/* Return the function that is *left places ahead in the walk. *left counts down. */
static const struct pci_function *walk(const struct pci_bus *bus, size_t *left,
				       unsigned int *depth)
{
	for (unsigned int i = 0; i < PCI_FUNCTIONS; i++) {
		const struct pci_function *f = bus->at[i], *behind;

		if (!f)
			continue;
		if (!(*left)--)
			return f;
		if (!f->secondary)
			continue;
		++*depth;
		behind = walk(f->secondary, left, depth);
		if (behind)
			return behind;
		--*depth;
	}

	return NULL;
}

int papr_vmm_pci_info(const struct papr_vmm *vmm, size_t n, struct papr_pci_info *out)
{
	MACHINE_GUARD(vmm);

	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older) {
		unsigned int depth = 0;
		const struct pci_function *f = walk(&phb->bus, &n, &depth);

		if (f) {
			struct papr_pci_info is;

			tell_function(f, depth, &is);
			return sized_put(out, &is, sizeof(is));
		}
	}

	return 0;
}

int papr_vmm_phb_info(const struct papr_vmm *vmm, size_t n, struct papr_phb_info *out)
{
	MACHINE_GUARD(vmm);
	const struct phb *phb = pci_of(vmm)->newest;

	for (; phb && n; n--)
		phb = phb->older;
	if (!phb)
		return 0;
	return sized_put(out,
			 &(struct papr_phb_info){
				 .index = phb->index,
				 .id = phb->dev.id ? phb->dev.id : "",
			 },
			 sizeof(struct papr_phb_info));
}
