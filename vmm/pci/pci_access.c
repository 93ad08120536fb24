// SPDX-License-Identifier: LGPL-2.1-or-later
/* What decodes an address that a processor accesses, and the memory that a card accesses */
#include <errno.h>

#include "vmm/base/machine.h"
#include "vmm/base/sized.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"

uint64_t pci_bar_guest_address(const struct pci_function *f, unsigned int n)
{
	struct pci_bar bar = pci_bar(f, n);
	uint64_t at = bar.size ? pci_bar_address(f, n) : UINT64_MAX;

	return at == UINT64_MAX ? UINT64_MAX
				: phb_guest_address(f->bus->phb, bar.io, at, bar.size);
}

static bool access_in(const struct phb *phb, const struct pci_function *f,
		      uint64_t address, struct papr_pci_access *out)
{
	for (unsigned int n = 0; n < PCI_BARS; n++) {
		struct pci_bar bar = pci_bar(f, n);
		uint64_t at = pci_bar_guest_address(f, n);

		if (at == UINT64_MAX || address < at || address - at >= bar.size)
			continue;
		*out = (struct papr_pci_access){
			.serial = f->serial,
			.phb = phb->index,
			.bus = pci_bus_number(f->bus),
			.slot = f->devfn >> 3,
			.function = f->devfn & 7,
			.driver = f->dev.driver,
			.bar = n,
			.offset = address - at,
			.bus_master =
				pci_config_read(f, PCI_COMMAND, 2) & PCI_COMMAND_MASTER,
			.lsi = pci_lsi(f),
			.first_msi = f->first_irq,
			.n_msis = f->n_irqs,
			.iommu_platform = f->iommu_platform,
		};
		return true;
	}
	return false;
}

int papr_vmm_pci_at(const struct papr_vmm *vmm, uint64_t address,
		    struct papr_pci_access *out)
{
	MACHINE_GUARD(vmm);
	struct papr_pci_access is;

	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (const struct pci_function *f = phb->newest; f; f = f->older)
			if (!pci_slot_is_away(f) && access_in(phb, f, address, &is))
				return sized_put(out, &is, sizeof(is));
	return 0;
}

/* ---- Memory -------------------------------------------------------------------------- */

static const struct pci_function *dma_function_find(const struct papr_vmm *vmm,
						    uint64_t serial)
{
	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (const struct pci_function *f = phb->newest; f; f = f->older)
			if (f->serial == serial)
				return pci_slot_is_away(f) ? NULL : f;
	return NULL;
}

int papr_vmm_pci_dma(const struct papr_vmm *vmm, uint64_t serial, uint64_t address,
		     uint64_t len, unsigned int access, struct papr_dma *out)
{
	MACHINE_GUARD(vmm);
	const struct pci_function *f = dma_function_find(vmm, serial);
	int err = -EFAULT;
	struct papr_dma is;

	if (!f)
		return -ENOENT;
	if (!(pci_config_read(f, PCI_COMMAND, 2) & PCI_COMMAND_MASTER))
		return -EACCES;
	for (unsigned int i = 0; err == -EFAULT && i < PCI_DMA_WINDOWS; i++)
		err = dma_window_translate(&f->bus->phb->windows[i], address, len, access,
					   &is);
	if (!err && sized_put(out, &is, sizeof(is)) < 0)
		err = -EINVAL;
	return err;
}
