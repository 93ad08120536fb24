// SPDX-License-Identifier: LGPL-2.1-or-later
/* Reports to the embedder about PCI functions: the differences between their state and the
 * last reports. */
#include "vmm/base/machine.h"
#include "vmm/pci/pci.h"

/* Return what the embedder answers: 0, also without an embedder that listens. */
static int tell_event(const struct papr_vmm *vmm, const struct pci_function *f,
		      struct papr_pci_event *event)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;

	if (!env->pci || f->is_slot)
		return 0;
	event->size = sizeof(*event);
	event->serial = f->serial;
	event->driver = f->dev.driver;
	event->id = f->dev.id ? f->dev.id : "";
	event->phb = f->bus->phb->index;
	event->bus = pci_bus_number(f->bus);
	event->slot = PCI_SLOT(f->devfn);
	event->function = PCI_FUNC(f->devfn);
	return env->pci(env->priv, event);
}

static void tell_type(const struct papr_vmm *vmm, const struct pci_function *f,
		      enum papr_pci_event_type type)
{
	tell_event(vmm, f, &(struct papr_pci_event){ .type = type });
}

static void tell_bar(const struct papr_vmm *vmm, const struct pci_function *f,
		     enum papr_pci_event_type type, unsigned int bar)
{
	tell_event(vmm, f,
		   &(struct papr_pci_event){ .type = type,
					     .bar = bar,
					     .io = pci_bar(f, bar).io,
					     .address = f->told.bars[bar],
					     .bar_bytes = f->told.bar_bytes[bar] });
}

static void tell_messages(const struct papr_vmm *vmm, const struct pci_function *f)
{
	tell_event(vmm, f,
		   &(struct papr_pci_event){ .type = PAPR_PCI_MESSAGES,
					     .msix = f->told.irq_type == PCI_IRQ_MSIX,
					     .first_msi = f->told.first_irq,
					     .n_msis = f->told.n_irqs });
}

/* Return the address of a BAR, or 0: no BAR is there. */
static uint64_t tell_address(const struct pci_function *f, unsigned int bar)
{
	uint64_t at = pci_slot_is_away(f) ? UINT64_MAX : pci_bar_guest_address(f, bar);

	return at == UINT64_MAX ? 0 : at;
}

/* Report what a function has lost. */
static void settle_lost(const struct papr_vmm *vmm, struct pci_function *f)
{
	if (!f->told.added)
		tell_type(vmm, f, PAPR_PCI_ADDED);
	f->told.added = true;
	if (f->was_reset)
		tell_type(vmm, f, PAPR_PCI_RESET);
	f->was_reset = false;
	for (unsigned int i = 0; i < PCI_BARS; i++) {
		if (!f->told.bars[i] || f->told.bars[i] == tell_address(f, i))
			continue;
		tell_bar(vmm, f, PAPR_PCI_UNMAPPED, i);
		f->told.bars[i] = 0;
	}
}

/* Report what a function has acquired. */
static void settle_new(const struct papr_vmm *vmm, struct pci_function *f)
{
	struct pci_told *told = &f->told;

	for (unsigned int i = 0; i < PCI_BARS; i++) {
		uint64_t at = tell_address(f, i);

		if (at == told->bars[i])
			continue;
		told->bars[i] = at;
		told->bar_bytes[i] = pci_bar(f, i).size;
		tell_bar(vmm, f, PAPR_PCI_MAPPED, i);
	}
	if (told->irq_type == f->irq_type && told->first_irq == f->first_irq &&
	    told->n_irqs == f->n_irqs)
		return;
	told->irq_type = f->irq_type;
	told->first_irq = f->first_irq;
	told->n_irqs = f->n_irqs;
	tell_messages(vmm, f);
}

/* First what is lost, so that a range is free before another function has it. */
void pci_settle(struct papr_vmm *vmm)
{
	if (!machine_of(vmm)->env.pci)
		return;
	for (struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (struct pci_function *f = phb->newest; f; f = f->older)
			settle_lost(vmm, f);
	for (struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (struct pci_function *f = phb->newest; f; f = f->older)
			settle_new(vmm, f);
}

void pci_tell_removed(const struct papr_vmm *vmm, struct pci_function *f)
{
	if (!f->told.added)
		return;
	for (unsigned int i = 0; i < PCI_BARS; i++)
		if (f->told.bars[i])
			tell_bar(vmm, f, PAPR_PCI_UNMAPPED, i);
	if (f->told.n_irqs) {
		f->told.irq_type = f->told.first_irq = f->told.n_irqs = 0;
		tell_messages(vmm, f);
	}
	tell_type(vmm, f, PAPR_PCI_REMOVED);
	f->told.added = false;
}

/* ---- Configuration space ---- */

static uint32_t tell_cut(uint32_t value, uint32_t size)
{
	return size < 4 ? value & ((1u << 8 * size) - 1) : value;
}

uint32_t pci_tell_read(const struct papr_vmm *vmm, const struct pci_function *f,
		       uint32_t at, uint32_t size, uint32_t value)
{
	struct papr_pci_event event = {
		.type = PAPR_PCI_CONFIG_READ, .offset = at, .bytes = size, .value = value
	};

	tell_event(vmm, f, &event);
	return tell_cut(event.value, size);
}

bool pci_tell_write(const struct papr_vmm *vmm, const struct pci_function *f, uint32_t at,
		    uint32_t size, uint32_t *value)
{
	struct papr_pci_event event = { .type = PAPR_PCI_CONFIG_WRITE,
					.offset = at,
					.bytes = size,
					.value = tell_cut(*value, size) };
	int refused = tell_event(vmm, f, &event);

	*value = tell_cut(event.value, size);
	return !refused;
}

/* ---- Messages ---- */

uint32_t papr_vmm_pci_message(const struct papr_vmm *vmm, uint64_t serial,
			      uint64_t address, uint32_t data)
{
	MACHINE_GUARD(vmm);

	if (address != PAPR_MESSAGE_ADDRESS)
		return 0;
	for (const struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older)
		for (const struct pci_function *f = phb->newest; f; f = f->older)
			if (f->serial == serial && data >= f->first_irq &&
			    data - f->first_irq < f->n_irqs)
				return data;
	return 0;
}
