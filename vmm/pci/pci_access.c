// SPDX-License-Identifier: LGPL-2.1-or-later
/* What decodes an address that a processor accesses */
#include "vmm/base/machine.h"
#include "vmm/base/sized.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"

static bool access_in(const struct phb *phb, const struct pci_function *f,
		      uint64_t address, struct papr_pci_access *out)
{
	for (unsigned int n = 0; n < PCI_BARS; n++) {
		struct pci_bar bar = pci_bar(f, n);
		uint64_t at = bar.size ? pci_bar_address(f, n) : UINT64_MAX;

		if (at != UINT64_MAX)
			at = phb_guest_address(phb, bar.io, at, bar.size);
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
