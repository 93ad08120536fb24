// SPDX-License-Identifier: LGPL-2.1-or-later
/* DMA windows of host bridges: the default one, and one for the guest. iommu/ has their
 * mappings. */
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/rtas_pci.h"
#include "wire/rtas_args.h"

#define WINDOW64 0x800000000000000ULL /* start of the second one on the bus */

enum {
	PAGE_MASK = 0x107,	/* page sizes in the answer: 4 KiB, 64 KiB, 16 MiB */
	MAX_TCES = 0x80000000u, /* the maximum in one word */
	MAX_TCES_HIGH = 0x20,	/* upper word of 0x2000000000 */
	MAX_SHIFT = 63,
	BIG_PAGE_SHIFT = 24,
};

static unsigned int active(const struct phb *phb)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < PCI_DMA_WINDOWS; i++)
		n += phb->windows[i].pages != 0;
	return n;
}

void rtas_query_dma_window(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const struct phb *phb = phb_find(vmm, rtas_in64(f, 1));
	unsigned int n = 1;

	if (!phb) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, n++, PCI_DMA_WINDOWS - active(phb));
	if (f->nret == 6) {
		rtas_out(f, n++, MAX_TCES_HIGH);
		rtas_out(f, n++, 0);
	} else {
		rtas_out(f, n++, MAX_TCES);
	}
	rtas_out(f, n++, PAGE_MASK);
	rtas_out(f, n, 0); /* windows do not migrate */
}

static bool page_is_ok(uint32_t shift)
{
	return shift == 12 || shift == 16 || shift == BIG_PAGE_SHIFT;
}

void rtas_create_dma_window(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct phb *phb = phb_find(vmm, rtas_in64(f, 1));
	uint32_t page = rtas_in(f, 3), window = rtas_in(f, 4);
	unsigned int n;
	uint64_t address;

	if (!phb || !page_is_ok(page) || window < page) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	if (active(phb) == PCI_DMA_WINDOWS || window >= MAX_SHIFT) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return;
	}

	n = phb->windows[0].pages ? 1 : 0;
	address = n ? WINDOW64 : 0;
	dma_window_open(&phb->windows[n], page, address, UINT64_C(1) << (window - page));
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, phb_liobn(phb->index, n));
	rtas_out(f, 2, (uint32_t)(address >> 32));
	rtas_out(f, 3, (uint32_t)address);
}

void rtas_remove_dma_window(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t liobn = rtas_in(f, 0);

	for (struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (unsigned int i = 0; i < PCI_DMA_WINDOWS; i++)
			if (phb->windows[i].pages && phb_liobn(phb->index, i) == liobn) {
				dma_window_close(vmm, &phb->windows[i]);
				rtas_status(f, RTAS_SUCCESS);
				return;
			}
	rtas_status(f, RTAS_PARAMETER_ERROR);
}

void rtas_reset_dma_window(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct phb *phb = phb_find(vmm, rtas_in64(f, 1));

	if (!phb) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	phb_reset(vmm, phb);
	rtas_status(f, RTAS_SUCCESS);
}
