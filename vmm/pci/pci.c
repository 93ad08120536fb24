// SPDX-License-Identifier: LGPL-2.1-or-later
/* PCI cards: plug and unplug. The guest acquires and releases a slot as a whole. Its
 * function 0 is plugged last and released last. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/base/option.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/events/events.h"
#include "vmm/pci/disk.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_models.h"
#include "wire/event_hp.h"

static struct pci_function *function_of(struct device *dev)
{
	return (struct pci_function *)(void *)dev; /* first member */
}

struct connector *pci_connector(const struct pci_function *f)
{
	return &f->bus->bank->all[f->bus->has_slots ? PCI_SLOT(f->devfn) : f->devfn];
}

void pci_tell_hotplug(struct papr_vmm *vmm, uint8_t type, uint8_t action, uint32_t index)
{
	const struct hp_section hp = {
		.type = type, .action = action, .id = HP_INDEX, .index = index
	};

	event_hotplug(vmm, &hp);
}

struct pci_function *pci_function_at(const struct papr_vmm *vmm, uint64_t buid,
				     uint32_t config_addr)
{
	const struct phb *phb = phb_find(vmm, buid);
	const struct pci_bus *bus = NULL;
	struct pci_function *f = NULL;

	if (phb)
		bus = pci_bus_by_number(&phb->bus, (uint8_t)(config_addr >> 16));
	if (bus)
		f = bus->at[config_addr >> 8 & 0xff];
	return f && !pci_slot_is_away(f) ? f : NULL;
}

/* ---- Unplug ---- */

static void free_function(struct papr_vmm *vmm, struct pci_function *f)
{
	disks_free(vmm, f, false);
	mac_release(vmm, f->mac);
	if (f->secondary) {
		pci_bit_set(pci_of(vmm)->chassis_used, f->secondary->chassis, false);
		pci_bus_end(vmm, f->secondary);
		free(f->secondary);
	}
	device_unregister(vmm, &f->dev);
	free(f->config);
	free(f->writable);
	free(f);
}

static void unlink_function(struct pci_function *f)
{
	struct pci_function **at = &f->bus->phb->newest;

	while (*at && *at != f)
		at = &(*at)->older;
	if (*at)
		*at = f->older;
	f->bus->at[f->devfn] = NULL;
}

/* Report the deletion of the card's inner object, then of the card. */
static void tell_deleted(struct papr_vmm *vmm, struct pci_function *f)
{
	disks_free(vmm, f, true);
	if (f->model->inner)
		device_inner_deleted(vmm, &f->dev, f->model->inner);
	device_deleted(vmm, &f->dev);
}

void pci_function_destroy(struct papr_vmm *vmm, struct pci_function *f, bool told)
{
	struct connector *c = pci_connector(f);

	for (unsigned int i = PCI_FUNCTIONS; f->secondary && i--;)
		if (f->secondary->at[i])
			pci_function_destroy(vmm, f->secondary->at[i], told);
	c->dev = NULL;
	pci_irqs_free(vmm, f);
	unlink_function(f);
	if (told && !f->is_slot)
		tell_deleted(vmm, f);
	free_function(vmm, f);
}

static void release(struct papr_vmm *vmm, struct device *dev, struct connector *c)
{
	(void)c;
	pci_irqs_leave(vmm, function_of(dev));
	pci_function_destroy(vmm, function_of(dev), true);
}

static void ask_for_others(struct papr_vmm *vmm, const struct pci_bus *bus,
			   unsigned int slot)
{
	for (unsigned int func = 1; func < 8; func++) {
		struct pci_function *f = bus->at[PCI_DEVFN(slot, func)];

		if (f)
			connector_request_unplug(vmm, pci_connector(f));
	}
}

static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	struct pci_function *f = function_of(dev);
	struct pci_bus *bus = f->bus;
	unsigned int slot = PCI_SLOT(f->devfn), func = PCI_FUNC(f->devfn);

	if (f->model->cold_only)
		return papr_fail(error, -EINVAL,
				 "Device '%s' does not support hotplugging", dev->driver);
	if (f->secondary)
		return papr_fail(error, -EINVAL,
				 "PCI: Hot unplug of PCI bridges not supported");
	if (pci_slot_of(f))
		return pci_slot_request_unplug(vmm, pci_slot_of(f), dev, error);
	if (!func)
		ask_for_others(vmm, bus, slot);

	connector_request_unplug(vmm, pci_connector(f));
	for (unsigned int i = 8; !func && i--;) {
		const struct pci_function *left = bus->at[PCI_DEVFN(slot, i)];

		if (left)
			pci_tell_hotplug(vmm, HP_PCI, HP_REMOVE,
					 pci_connector(left)->index);
	}
	return 0;
}

static const struct device_class pci_class = {
	.unplug_noun = "PCI device",
	.put_node = pci_function_put_node,
	.request_unplug = request_unplug,
	.release = release,
};

/* ---- Plug ---- */

/* Check the rules between function 0 and the other functions of its slot. */
static int check_multifunction(const struct pci_bus *bus, const struct pci_wish *wish,
			       bool hot, struct papr_error *error)
{
	unsigned int slot = PCI_SLOT(wish->devfn), func = PCI_FUNC(wish->devfn);
	const struct pci_function *zero = bus->at[PCI_DEVFN(slot, 0)];

	if (func && zero && hot)
		return papr_fail(
			error, -EBUSY,
			"PCI: slot %u function 0 already occupied by %s, "
			"additional functions can no longer be exposed to guest.",
			slot, zero->dev.driver);
	if (func && zero && !pci_is_multifunction(zero))
		return papr_fail(error, -EINVAL,
				 "PCI: single function device can't be populated in "
				 "function %x.%x",
				 slot, func);
	for (unsigned int i = 1; !func && !wish->multifunction && i < 8; i++)
		if (bus->at[PCI_DEVFN(slot, i)])
			return papr_fail(error, -EINVAL,
					 "PCI: %x.0 indicates single function, but "
					 "%x.%x is already populated.",
					 slot, slot, i);
	return 0;
}

static int check_place(const struct pci_bus *bus, const struct pci_wish *wish, bool hot,
		       struct papr_error *error)
{
	const struct pci_function *there = bus->at[wish->devfn];
	const struct pci_function *zero = bus->at[wish->devfn & ~7];

	if (bus->has_slots)
		return pci_slot_check(bus, wish, error);
	/* QEMU names the device at function 0, and crashes if it does not exist. */
	if (there && (there == zero || !zero || !hot))
		return papr_fail(error, -EBUSY, "PCI: slot %u already occupied by %s",
				 PCI_SLOT(wish->devfn),
				 (zero ? zero : there)->dev.driver);
	return check_multifunction(bus, wish, hot, error);
}

static int choose_place(const struct pci_bus *bus, const struct pci_model *model,
			struct pci_wish *wish, struct papr_error *error)
{
	if (wish->devfn >= 0)
		return 0;
	for (int devfn = 0; devfn < PCI_FUNCTIONS; devfn += 8)
		if (!bus->at[devfn]) {
			wish->devfn = devfn;
			return 0;
		}
	return papr_fail(error, -ENOSPC,
			 "PCI: no slot/function available for %s, all in use or reserved",
			 model->driver);
}

static int check_chassis(const struct papr_vmm *vmm, const struct pci_wish *wish,
			 struct papr_error *error)
{
	if (!wish->chassis)
		return papr_fail(error, -EINVAL,
				 "PCI Bridge lacks a \"chassis_nr\" property");
	if (pci_bit(pci_of(vmm)->chassis_used, wish->chassis))
		return papr_fail(error, -EBUSY, "Bridge chassis %u already in use",
				 (unsigned int)wish->chassis);
	return 0;
}

/* Give a card without a MAC address the first unused default address. */
static void choose_mac(struct papr_vmm *vmm, struct pci_function *f,
		       struct pci_wish *wish)
{
	if (wish->has_mac)
		f->mac = mac_keep(vmm, wish->mac);
	if (wish->has_mac || !pci_model_has_option(f->model, "mac"))
		return;
	f->mac = mac_take(vmm, wish->mac);
	wish->has_mac = true;
}

/* virtio SCSI has a queue for each boot processor. Each queue has a vector, and so have
 * the control queue, the event queue and the configuration. */
static void choose_vectors(const struct papr_vmm *vmm, const struct pci_function *f,
			   struct pci_wish *wish)
{
	if (!wish->vectors && !strcmp(f->model->driver, "virtio-scsi-pci"))
		wish->vectors = machine_of(vmm)->cfg.cpus + 3;
}

static int make_secondary(struct papr_vmm *vmm, struct pci_function *f, uint8_t chassis)
{
	struct pci_bus *bus = calloc(1, sizeof(*bus));

	if (!bus)
		return -ENOMEM;
	bus->phb = f->bus->phb;
	bus->bridge = f;
	bus->chassis = chassis;
	if (pci_bus_init(vmm, bus, f->dev.id)) {
		free(bus);
		return -ENOMEM;
	}

	pci_bit_set(pci_of(vmm)->chassis_used, chassis, true);
	f->secondary = bus;
	return 0;
}

/* Create the function's parts and attach it. All checks were made before. */
static int put_in(struct papr_vmm *vmm, struct pci_function *f, struct pci_wish *wish)
{
	int err;

	choose_mac(vmm, f, wish);
	choose_vectors(vmm, f, wish);
	err = pci_config_init(f, wish);
	if (!err && pci_is_bridge(f))
		err = make_secondary(vmm, f, (uint8_t)wish->chassis);
	if (err)
		return err;

	f->iommu_platform = wish->iommu_platform;
	f->devfn = (uint8_t)wish->devfn;
	f->bus->at[f->devfn] = f;
	f->serial = ++pci_of(vmm)->last_serial;
	f->older = f->bus->phb->newest;
	f->bus->phb->newest = f;
	return connector_attach(vmm, pci_connector(f), &f->dev);
}

static int put_in_slot(struct papr_vmm *vmm, struct pci_function *f,
		       struct pci_wish *wish)
{
	struct pci_bus *bus = f->bus;
	struct pci_function *slot;
	int err = pci_slot_open(vmm, bus, (unsigned int)wish->devfn, &slot);

	if (err)
		return err;
	f->bus = slot->secondary;
	wish->devfn = 0;
	err = put_in(vmm, f, wish);
	if (err) {
		f->bus = bus;
		pci_function_destroy(vmm, slot, false);
		return err;
	}
	return pci_slot_attach(vmm, slot);
}

static int set_up(struct papr_vmm *vmm, struct pci_function *f, struct pci_wish *wish)
{
	return f->bus->has_slots ? put_in_slot(vmm, f, wish) : put_in(vmm, f, wish);
}

/* Report a plugged card by events. For logical slots there are no events: the guest
 * learns of them by other means. */
static void tell_added(struct papr_vmm *vmm, const struct pci_function *f)
{
	if (PCI_FUNC(f->devfn) || !f->dev.hotplugged || pci_slot_of(f))
		return;
	for (unsigned int i = 0; i < 8; i++) {
		const struct pci_function *g =
			f->bus->at[PCI_DEVFN(PCI_SLOT(f->devfn), i)];

		if (g)
			pci_tell_hotplug(vmm, HP_PCI, HP_ADD, pci_connector(g)->index);
	}
}

/* Check all options. The checks are in QEMU's order. */
static int check_all(const struct papr_vmm *vmm, const struct pci_function *f,
		     const struct papr_option *options, size_t n, struct pci_wish *wish,
		     struct papr_error *error)
{
	int err = pci_wish_read(f->model, options, n, wish, error);

	if (!err && pci_model_is_bridge(f->model))
		err = check_chassis(vmm, wish, error);
	if (!err)
		err = choose_place(f->bus, f->model, wish, error);
	if (!err)
		err = check_place(f->bus, wish, f->dev.hotplugged, error);
	if (!err)
		err = pci_needs_check(f->model, options, n, error);
	if (!err && wish->iommu_platform && !wish->is_modern)
		err = papr_fail(error, -EINVAL,
				"VIRTIO_F_IOMMU_PLATFORM was supported by neither legacy "
				"nor transitional device");
	return err;
}

static int add_to(struct papr_vmm *vmm, struct pci_function *f,
		  const struct papr_option *options, size_t n, struct papr_error *error)
{
	struct pci_wish wish;
	int err = device_register(vmm, &f->dev, option_get(options, n, "id"), error);

	if (!err)
		err = check_all(vmm, f, options, n, &wish, error);
	if (!err) {
		err = set_up(vmm, f, &wish);
		if (err)
			papr_fail(error, err, "out of memory");
	}
	if (!err) {
		pci_irqs_adopt(vmm, f);
		tell_added(vmm, f);
	}
	return err;
}

int pci_function_add(struct papr_vmm *vmm, const struct pci_model *model,
		     const struct papr_option *options, size_t n,
		     struct papr_error *error)
{
	const char *name = option_get(options, n, "bus");
	struct pci_function *f;
	int err;

	if (machine_of(vmm)->started && model->cold_only &&
	    machine_of(vmm)->type->names_cold_cards)
		return papr_fail(error, -EINVAL,
				 "Device '%s' does not support hotplugging",
				 model->driver);
	if (machine_of(vmm)->started && model->cold_only)
		return papr_fail(error, -EINVAL,
				 "Parameter 'driver' expects a pluggable device type");
	f = calloc(1, sizeof(*f));
	if (!f)
		return papr_fail(error, -ENOMEM, "out of memory");
	f->dev = (struct device){ .class = &pci_class, .driver = model->driver };
	f->model = model;
	f->mac = -1;
	f->bus = pci_bus_find(vmm, name);

	if (!f->bus)
		err = papr_fail(error, -ENOENT, "Bus '%s' not found", name);
	else
		err = add_to(vmm, f, options, n, error);
	if (err)
		free_function(vmm, f);
	return err;
}

/* ---- All of PCI ---- */

int pci_init(struct papr_vmm *vmm)
{
	if (!connector_bank_add(connectors_of(vmm), DRC_KIND_PHB, 0, 1, PCI_PHBS))
		return -ENOMEM;
	return phb_add_first(vmm);
}

void pci_free(struct papr_vmm *vmm)
{
	pci_irqs_drop_left(vmm);
	while (pci_of(vmm)->newest)
		phb_destroy(vmm, pci_of(vmm)->newest, false);
}

void pci_reset(struct papr_vmm *vmm)
{
	pci_irqs_drop_left(vmm);
	for (struct phb *phb = pci_of(vmm)->newest; phb; phb = phb->older) {
		phb_reset(vmm, phb);
		for (struct pci_function *f = phb->newest; f; f = f->older) {
			pci_irqs_free(vmm, f);
			pci_config_reset(f);
		}
	}
}
