// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Logical PCI slots, as PowerVM has them below its host bridges. The guest acquires a
 * bridge that the machine provides, because Linux expects one in such a slot. The card
 * is below the bridge.
 *
 * Source:  PAPR+ 13.7; Linux 6.1 drivers/pci/hotplug/rpadlpar_core.c
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_models.h"

static struct pci_function *function_of(struct device *dev)
{
	return (struct pci_function *)(void *)dev; /* first member */
}

struct pci_function *pci_slot_of(const struct pci_function *f)
{
	struct pci_function *bridge = f->bus->bridge;

	return bridge && bridge->is_slot ? bridge : NULL;
}

bool pci_slot_is_away(const struct pci_function *f)
{
	while (f && !f->is_slot)
		f = f->bus->bridge;
	return f && pci_connector(f)->state == DRC_STATE_LOGICAL_UNUSABLE;
}

/* Return the card in a slot: the user sees the card, not the bridge. */
static struct device *card_in(const struct pci_function *slot)
{
	return &slot->secondary->at[0]->dev;
}

/* ---- Unplug ---- */

static void release(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	(void)c;
	pci_function_destroy(vmm, function_of(dev), true);
}

static void reject(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	c->unplug_requested = false;
	device_rejected(vmm, card_in(function_of(dev)));
}

static const struct device_class slot_class = {
	.put_node = pci_function_put_node,
	.release = release,
	.reject = reject,
};

/* No event is queued: the guest learns of the request by other means. */
int pci_slot_request_unplug(struct papr_vmm *vmm, struct pci_function *slot,
			    const struct device *card, struct papr_error *error)
{
	struct connector *c = pci_connector(slot);

	if (c->unplug_requested)
		return papr_fail(error, -EBUSY,
				 "PCI device unplug already in progress for device %s",
				 card->id);
	connector_request_unplug(vmm, c);
	return 0;
}

/* ---- Plug ---- */

int pci_slot_check(const struct pci_bus *bus, const struct pci_wish *wish,
		   struct papr_error *error)
{
	unsigned int number = PCI_SLOT(wish->devfn);
	const struct pci_function *slot = bus->at[PCI_DEVFN(number, 0)];

	if (PCI_FUNC(wish->devfn) || wish->multifunction)
		return papr_fail(error, -EINVAL,
				 "PCI: slot %u takes only cards with one function",
				 number);
	if (slot)
		return papr_fail(error, -EBUSY, "PCI: slot %u already occupied by %s",
				 number, card_in(slot)->driver);
	return 0;
}

static int make_bus(struct papr_vmm *vmm, struct pci_function *slot)
{
	struct pci_bus *bus = calloc(1, sizeof(*bus));
	char name[64];

	if (!bus)
		return -ENOMEM;
	bus->phb = slot->bus->phb;
	bus->bridge = slot;
	snprintf(name, sizeof(name), "slot %u", PCI_SLOT(slot->devfn));
	if (pci_bus_init(vmm, bus, name)) {
		free(bus);
		return -ENOMEM;
	}
	slot->secondary = bus;
	return 0;
}

int pci_slot_open(struct papr_vmm *vmm, struct pci_bus *bus, unsigned int devfn,
		  struct pci_function **slot)
{
	static const struct pci_wish nothing;
	struct pci_function *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	*f = (struct pci_function){
		.dev = { .class = &slot_class, .driver = "pci-bridge" },
		.model = pci_model_find(machine_of(vmm)->type->cards, "pci-bridge"),
		.bus = bus,
		.devfn = (uint8_t)devfn,
		.is_slot = true,
		.mac = -1,
	};
	if (pci_config_init(f, &nothing) || make_bus(vmm, f)) {
		free(f->config);
		free(f->writable);
		free(f);
		return -ENOMEM;
	}

	bus->at[devfn] = f;
	f->serial = ++pci_of(vmm)->last_serial;
	f->older = bus->phb->newest;
	bus->phb->newest = f;
	*slot = f;
	return 0;
}

int pci_slot_attach(struct papr_vmm *vmm, struct pci_function *slot)
{
	return connector_attach(vmm, pci_connector(slot), &slot->dev);
}
