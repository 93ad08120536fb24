// SPDX-License-Identifier: LGPL-2.1-or-later
/* PCI buses: names, numbers, connectors. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"

/* Add the connectors of a bus. The bus of a logical slot has a single place. Its
 * connector has the name that it would have without the slot. */
static struct connector_bank *add_bank(struct papr_vmm *vmm, const struct pci_bus *bus)
{
	uint32_t phb = bus->phb->index, id = phb << 16 | (uint32_t)bus->chassis << 8;
	struct connectors *all = connectors_of(vmm);

	if (bus->has_slots)
		return connector_bank_add(all, DRC_KIND_SLOT, phb << 8, 1, PCI_SLOTS);
	if (bus->bridge && bus->bridge->is_slot)
		return connector_bank_add(all, DRC_KIND_PCI, id | bus->bridge->devfn, 1,
					  1);
	return connector_bank_add(all, DRC_KIND_PCI, id, 1, PCI_FUNCTIONS);
}

int pci_bus_init(struct papr_vmm *vmm, struct pci_bus *bus, const char *name)
{
	if (name)
		bus->name = strdup(name);
	else if (asprintf(&bus->name, "pci.%u",
			  (unsigned int)pci_of(vmm)->unnamed_buses++) < 0)
		bus->name = NULL;
	bus->bank = add_bank(vmm, bus);
	if (bus->name && bus->bank)
		return 0;

	pci_bus_end(vmm, bus);
	return -ENOMEM;
}

void pci_bus_end(struct papr_vmm *vmm, struct pci_bus *bus)
{
	if (bus->bank)
		connector_bank_remove(connectors_of(vmm), bus->bank);
	free(bus->name);
	bus->bank = NULL;
	bus->name = NULL;
}

struct pci_bus *pci_bus_find(const struct papr_vmm *vmm, const char *name)
{
	for (struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older) {
		if (!name || !strcmp(phb->bus.name, name))
			return &phb->bus;
		for (struct pci_function *f = phb->newest; f; f = f->older)
			if (f->secondary && !f->is_slot &&
			    !strcmp(f->secondary->name, name))
				return f->secondary;
	}

	return NULL;
}

uint8_t pci_bus_number(const struct pci_bus *bus)
{
	return bus->bridge ? bus->bridge->config[PCI_SECONDARY_BUS] : 0;
}

/* Return true if the bridge forwards accesses to this bus. */
static bool leads_to(const struct pci_function *bridge, uint8_t number)
{
	const uint8_t *config = bridge->config;

	return !(config[PCI_BRIDGE_CONTROL] & PCI_BRIDGE_RESET) &&
	       config[PCI_SECONDARY_BUS] <= number &&
	       number <= config[PCI_SUBORDINATE_BUS];
}

const struct pci_bus *pci_bus_by_number(const struct pci_bus *root, uint8_t number)
{
	const struct pci_bus *bus = root;

	while (bus && pci_bus_number(bus) != number) {
		const struct pci_bus *next = NULL;

		for (unsigned int i = 0; i < PCI_FUNCTIONS && !next; i++)
			if (bus->at[i] && bus->at[i]->secondary &&
			    leads_to(bus->at[i], number))
				next = bus->at[i]->secondary;
		bus = next;
	}

	return bus;
}

static void number_behind(const struct pci_bus *bus, uint8_t *last);

/* Number the bus of a bridge and the buses below it. Slots are plugged independently, so
 * each slot has its own fixed range of numbers. */
static void number_bridge(struct pci_function *f, uint8_t *last)
{
	uint8_t first = (uint8_t)(PCI_SLOT_BUSES * PCI_SLOT(f->devfn));

	if (f->is_slot)
		*last = first;
	f->config[PCI_PRIMARY_BUS] = pci_bus_number(f->bus);
	f->config[PCI_SECONDARY_BUS] = ++*last;
	number_behind(f->secondary, last);
	if (f->is_slot)
		*last = (uint8_t)(first + PCI_SLOT_BUSES - 1);
	f->config[PCI_SUBORDINATE_BUS] = *last;
}

static void number_behind(const struct pci_bus *bus, uint8_t *last)
{
	for (unsigned int i = 0; i < PCI_FUNCTIONS; i++)
		if (bus->at[i] && bus->at[i]->secondary)
			number_bridge(bus->at[i], last);
}

void pci_bus_enumerate_slot(struct pci_function *slot)
{
	uint8_t last = 0;

	number_bridge(slot, &last);
}

void pci_bus_enumerate(struct phb *phb)
{
	uint8_t last = 0;

	number_behind(&phb->bus, &last);
}
