// SPDX-License-Identifier: LGPL-2.1-or-later
/* Message interrupts. All functions of the machine share one range of interrupt
 * numbers. */
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/rtas_pci.h"
#include "wire/rtas_args.h"

enum { CHANGE_ANY = 1, CHANGE_MSI = 3, CHANGE_MSIX = 4 };
enum { TRIGGER_EDGE = 1 };

/* Where functions write their messages; the data is the number of the source. */
#define MESSAGE_ADDRESS UINT64_C(0x40000000000)

static void mark(struct papr_vmm *vmm, uint32_t first, uint32_t n, bool used)
{
	for (uint32_t i = 0; i < n; i++)
		pci_bit_set(pci_of(vmm)->msis_used, first - PCI_FIRST_MSI + i, used);
}

void pci_irqs_free(struct papr_vmm *vmm, struct pci_function *f)
{
	if (f->n_irqs)
		mark(vmm, f->first_irq, f->n_irqs, false);
	f->irq_type = PCI_IRQ_NONE;
	f->first_irq = f->n_irqs = 0;
}

void pci_irqs_leave(struct papr_vmm *vmm, struct pci_function *f)
{
	struct pci_left *left = f->n_irqs ? malloc(sizeof(*left)) : NULL;

	if (!left)
		return;
	*left = (struct pci_left){ .next = pci_of(vmm)->left,
				   .phb = f->bus->phb->index,
				   .bus = pci_bus_number(f->bus),
				   .devfn = f->devfn,
				   .irq_type = f->irq_type,
				   .first_irq = f->first_irq,
				   .n_irqs = f->n_irqs };
	pci_of(vmm)->left = left;
	f->n_irqs = 0;
}

void pci_irqs_adopt(struct papr_vmm *vmm, struct pci_function *f)
{
	for (struct pci_left **at = &pci_of(vmm)->left; *at; at = &(*at)->next) {
		struct pci_left *left = *at;

		if (left->phb != f->bus->phb->index || left->devfn != f->devfn ||
		    left->bus != pci_bus_number(f->bus))
			continue;
		f->irq_type = left->irq_type;
		f->first_irq = left->first_irq;
		f->n_irqs = left->n_irqs;
		*at = left->next;
		free(left);
		return;
	}
}

void pci_irqs_drop_left(struct papr_vmm *vmm)
{
	while (pci_of(vmm)->left) {
		struct pci_left *left = pci_of(vmm)->left;

		pci_of(vmm)->left = left->next;
		mark(vmm, left->first_irq, left->n_irqs, false);
		free(left);
	}
}

void pci_irqs_rebuild(struct papr_vmm *vmm)
{
	pci_irqs_drop_left(vmm);
	mark(vmm, PCI_FIRST_MSI, PCI_MSIS, false);
	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (const struct pci_function *f = phb->newest; f; f = f->older)
			if (f->n_irqs)
				mark(vmm, f->first_irq, f->n_irqs, true);
}

/* Return the first free numbers in a row, or 0. For MSI-X they begin at an even
 * number. */
static uint32_t find_free(const struct papr_vmm *vmm, uint32_t type, uint32_t n)
{
	uint32_t step = type == PCI_IRQ_MSIX ? 2 : 1, run = 0;

	for (uint32_t i = 0; i < PCI_MSIS; i++) {
		if (pci_bit(pci_of(vmm)->msis_used, i) || (!run && i % step))
			run = 0;
		else
			run++;
		if (run == n)
			return PCI_FIRST_MSI + i + 1 - n;
	}
	return 0;
}

/* Return the interrupt type that the guest requests. Return PCI_IRQ_NONE if the card does
 * not have it. */
static uint32_t wanted_type(const struct pci_function *f, uint32_t call)
{
	if (pci_msi_count(f) && (call == CHANGE_ANY || call == CHANGE_MSI))
		return PCI_IRQ_MSI;
	if (pci_msix_count(f) && (call == CHANGE_ANY || call == CHANGE_MSIX))
		return PCI_IRQ_MSIX;
	return PCI_IRQ_NONE;
}

static void give_back(struct papr_vmm *vmm, struct rtas_frame *f,
		      struct pci_function *function)
{
	if (!function->n_irqs) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return;
	}
	pci_msi_set(function, 0, 0);
	pci_irqs_free(vmm, function);
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, 0);
}

/* Assign new numbers before the old ones are freed, as QEMU does. */
static bool take(struct papr_vmm *vmm, struct pci_function *f, uint32_t type, uint32_t n)
{
	uint32_t first = find_free(vmm, type, n);

	if (!first)
		return false;
	pci_irqs_free(vmm, f);
	mark(vmm, first, n, true);
	f->irq_type = type;
	f->first_irq = first;
	f->n_irqs = n;
	if (type == PCI_IRQ_MSI)
		pci_msi_set(f, MESSAGE_ADDRESS, (uint16_t)first);
	return true;
}

void rtas_change_msi(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct pci_function *function =
		pci_function_at(vmm, rtas_in64(f, 1), rtas_in(f, 0));
	uint32_t type = function ? wanted_type(function, rtas_in(f, 3)) : PCI_IRQ_NONE;
	uint32_t n = rtas_in(f, 4), most;

	if (type == PCI_IRQ_NONE) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	if (!n) {
		give_back(vmm, f, function);
		return;
	}

	/* If the guest requests too many, report the maximum; the guest then calls
	 * again. */
	most = type == PCI_IRQ_MSI ? pci_msi_count(function) : pci_msix_count(function);
	if (n <= most && !take(vmm, function, type, n)) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, n < most ? n : most);
	rtas_out(f, 2, rtas_in(f, 5) + 1);
	rtas_out(f, 3, type);
}

void rtas_query_irq(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const struct pci_function *function =
		pci_function_at(vmm, rtas_in64(f, 1), rtas_in(f, 0));
	uint32_t n = rtas_in(f, 3);

	if (!function || n >= function->n_irqs) {
		rtas_status(f, function ? RTAS_HARDWARE_ERROR : RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, function->first_irq + n);
	rtas_out(f, 2, TRIGGER_EDGE);
}
