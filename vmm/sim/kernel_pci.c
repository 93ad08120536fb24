// SPDX-License-Identifier: GPL-2.0-or-later
/* Host bridges, buses and functions: what the kernel finds, and when it probes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"

enum {
	CFG_VENDOR = 0x00,
	CFG_CLASS = 0x08,
	CFG_HEADER = 0x0e,
	CFG_BUSES = 0x18,
	CFG_SUBSYSTEM = 0x2c,
	HEADER_BRIDGE = 1,
	HEADER_MULTI = 0x80,
	DEVFNS = 256,
	FUNCTIONS = 8,
};

bool kpci_config_read(struct kernel *k, const struct kpci_bus *bus, unsigned int devfn,
		      unsigned int at, unsigned int bytes, uint32_t *value)
{
	const uint32_t in[] = { bus->number << 16 | devfn << 8 | at,
				(uint32_t)(bus->buid >> 32), (uint32_t)bus->buid, bytes };

	return !kernel_rtas(k, "ibm,read-pci-config", 4, in, 1, value);
}

void kpci_config_write(struct kernel *k, const struct kpci_bus *bus, unsigned int devfn,
		       unsigned int at, unsigned int bytes, uint32_t value)
{
	const uint32_t in[] = { bus->number << 16 | devfn << 8 | at,
				(uint32_t)(bus->buid >> 32), (uint32_t)bus->buid, bytes,
				value };

	kernel_rtas(k, "ibm,write-pci-config", 5, in, 0, NULL);
}

/* Read the bus and devfn of a node's function from its "reg". */
static bool place_of(const struct dt_node *node, unsigned int *bus, unsigned int *devfn)
{
	uint32_t reg;

	if (!ktree_u32(node, "reg", &reg) || strchr(node->name, '@') == NULL)
		return false;
	*bus = reg >> 16 & 0xff;
	*devfn = reg >> 8 & 0xff;
	return true;
}

/* Return the node of this function. Configuration space is reachable only for functions
 * with a node. */
static struct dt_node *node_at(const struct kpci_bus *bus, unsigned int devfn)
{
	struct dt_node *n = bus->node ? bus->node->children : NULL;
	unsigned int number, own;

	for (; n; n = n->next)
		if (place_of(n, &number, &own) && own == devfn && number == bus->number)
			return n;
	return NULL;
}

static struct kpci_dev *dev_at(const struct kernel *k, const struct kpci_bus *bus,
			       unsigned int devfn)
{
	struct kpci_dev *dev = k->pci.devs;

	while (dev && (dev->bus != bus || dev->devfn != devfn))
		dev = dev->next;
	return dev;
}

struct kpci_bus *kpci_bus_by_node(struct kernel *k, const struct dt_node *node)
{
	struct kpci_bus *bus = k->pci.buses;

	while (bus && (bus->node != node || bus->gone))
		bus = bus->next;
	return bus;
}

bool kpci_bus_is_empty(const struct kernel *k, const struct kpci_bus *bus)
{
	const struct kpci_dev *dev = k->pci.devs;

	while (dev && dev->bus != bus)
		dev = dev->next;
	return !dev;
}

static struct kpci_dev *dev_new(struct kernel *k, struct kpci_bus *bus,
				struct dt_node *node, unsigned int devfn)
{
	struct kpci_dev *dev = calloc(1, sizeof(*dev)), **at = &k->pci.devs;

	if (!dev)
		return NULL;
	*dev = (struct kpci_dev){ .bus = bus, .node = node, .devfn = devfn };
	snprintf(dev->name, sizeof(dev->name), "%04x:%02x:%02x.%x", bus->domain & 0xffff,
		 bus->number & 0xff, devfn >> 3 & 0x1f, devfn & 7);
	while (*at)
		at = &(*at)->next;
	*at = dev;
	return dev;
}

/* ---- from the tree ---------------------------------------------------------------- */

static void dev_from_node(struct kpci_dev *dev)
{
	static const char *const names[] = { "vendor-id",	    "device-id",
					     "subsystem-vendor-id", "subsystem-id",
					     "class-code",	    "revision-id" };
	uint32_t v[6] = { 0 };

	for (size_t i = 0; i < 6; i++)
		ktree_u32(dev->node, names[i], &v[i]);
	dev->vendor = (uint16_t)v[0];
	dev->device = (uint16_t)v[1];
	dev->subsystem_vendor = (uint16_t)v[2];
	dev->subsystem = (uint16_t)v[3];
	dev->class = v[4] & 0xffffff;
	dev->revision = (uint8_t)v[5];
}

static void appear(struct kernel *k, struct kpci_dev *dev)
{
	kpci_show_dev(k, dev);
	kdriver_bind(k, dev);
}

/* Add a function for each node of the bus. A node without a device type is an ordinary
 * function, even if it is a bridge. */
void kpci_add_from_tree(struct kernel *k, struct kpci_bus *bus)
{
	struct dt_node *n = bus->node ? bus->node->children : NULL;
	unsigned int number, devfn;
	struct kpci_dev *dev;
	uint32_t id;

	for (; n; n = n->next) {
		if (!place_of(n, &number, &devfn) || dev_at(k, bus, devfn))
			continue;
		dev = dev_new(k, bus, n, devfn);
		if (!dev)
			return;
		dev_from_node(dev);
		if (kpci_config_read(k, bus, devfn, CFG_VENDOR, 4, &id) &&
		    id == 0xffffffff)
			kernel_oops(k,
				    "the driver of a PCI function that does not answer");
		appear(k, dev);
	}
}

/* ---- by probing ------------------------------------------------------------------- */

static bool number_is_used(const struct kernel *k, const struct kpci_bus *root,
			   unsigned int number)
{
	const struct kpci_bus *bus = k->pci.buses;

	while (bus && (bus->root != root || bus->number != number || bus->gone))
		bus = bus->next;
	return bus;
}

static struct kpci_bus *bus_new(struct kernel *k, struct dt_node *node,
				unsigned int domain, unsigned int number)
{
	struct kpci_bus *bus = calloc(1, sizeof(*bus)), **at = &k->pci.buses;

	if (!bus)
		return NULL;
	*bus = (struct kpci_bus){ .node = node, .domain = domain, .number = number };
	bus->root = bus;
	while (*at)
		at = &(*at)->next;
	*at = bus;
	return bus;
}

/* Add the bus below a bridge. Number it, unless firmware did so. */
static void open_bridge(struct kernel *k, struct kpci_dev *dev)
{
	struct kpci_bus *bus = dev->bus;
	unsigned int number;
	uint32_t buses = 0;

	if (dev->secondary)
		return;
	kpci_config_read(k, bus, dev->devfn, CFG_BUSES, 4, &buses);
	number = buses >> 8 & 0xff;
	if (!number || number_is_used(k, bus->root, number)) {
		for (number = 1; number_is_used(k, bus->root, number); number++)
			;
		buses = (buses & 0xff000000) | number << 16 | number << 8 | bus->number;
		kpci_config_write(k, bus, dev->devfn, CFG_BUSES, 4, buses);
	}
	dev->secondary = bus_new(k, dev->node, bus->domain, number);
	if (!dev->secondary)
		return;
	dev->secondary->bridge = dev;
	dev->secondary->root = bus->root;
	dev->secondary->buid = bus->buid;
	kpci_show_bus(k, dev->secondary);
}

static struct kpci_dev *scan_function(struct kernel *k, struct kpci_bus *bus,
				      unsigned int devfn)
{
	struct kpci_dev *dev = dev_at(k, bus, devfn);
	struct dt_node *node = dev ? NULL : node_at(bus, devfn);
	uint32_t id, class = 0, subsystem = 0, header = 0;

	if (dev || !node)
		return dev;
	if (!kpci_config_read(k, bus, devfn, CFG_VENDOR, 4, &id) || id == 0xffffffff ||
	    !id)
		return NULL;
	kpci_config_read(k, bus, devfn, CFG_CLASS, 4, &class);
	kpci_config_read(k, bus, devfn, CFG_HEADER, 1, &header);
	kpci_config_read(k, bus, devfn, CFG_SUBSYSTEM, 4, &subsystem);

	dev = dev_new(k, bus, node, devfn);
	if (!dev)
		return NULL;
	dev->vendor = (uint16_t)id;
	dev->device = (uint16_t)(id >> 16);
	dev->class = class >> 8;
	dev->revision = (uint8_t) class;
	dev->multifunction = header & HEADER_MULTI;
	if ((header & ~(unsigned int)HEADER_MULTI) == HEADER_BRIDGE) {
		kpci_show_dev(k, dev);
		open_bridge(k, dev);
	} else {
		dev->subsystem_vendor = (uint16_t)subsystem;
		dev->subsystem = (uint16_t)(subsystem >> 16);
		appear(k, dev);
	}
	return dev;
}

/* Return true if the card has more functions. They are probed only if function 0 exists
 * and has the multifunction bit. */
static bool has_more_functions(struct kernel *k, const struct kpci_dev *dev)
{
	uint32_t header = 0;

	kpci_config_read(k, dev->bus, dev->devfn, CFG_HEADER, 1, &header);
	return header & HEADER_MULTI;
}

void kpci_rescan_bus(struct kernel *k, struct kpci_bus *bus)
{
	unsigned int devfn, fn;
	struct kpci_dev *dev;

	for (devfn = 0; devfn < DEVFNS && !bus->gone; devfn += FUNCTIONS) {
		dev = scan_function(k, bus, devfn);
		if (dev && has_more_functions(k, dev))
			for (fn = 1; fn < FUNCTIONS; fn++)
				scan_function(k, bus, devfn + fn);
	}
	for (dev = k->pci.devs; dev; dev = dev->next)
		if (dev->bus == bus && dev->secondary)
			kpci_rescan_bus(k, dev->secondary);
}

void kpci_rescan_all(struct kernel *k)
{
	struct kpci_bus *bus;

	for (bus = k->pci.buses; bus; bus = bus->next)
		if (!bus->bridge && !bus->gone)
			kpci_rescan_bus(k, bus);
}

/* ---- removal ---------------------------------------------------------------------- */

static void bus_free(struct kernel *k, struct kpci_bus *bus)
{
	struct kpci_bus **at = &k->pci.buses;

	/* Slots still refer to this bus, so keep it. */
	if (kslots_use(k, bus)) {
		kpci_phb_remove(k, bus);
		return;
	}
	while (*at != bus)
		at = &(*at)->next;
	*at = bus->next;
	kpci_hide_bus(k, bus);
	free(bus);
}

void kpci_remove_dev(struct kernel *k, struct kpci_dev *dev)
{
	struct kpci_dev **at = &k->pci.devs;

	if (dev->secondary) {
		kpci_remove_on_bus(k, dev->secondary);
		bus_free(k, dev->secondary);
	}
	kdriver_unbind(k, dev);
	kpci_hide_dev(k, dev);
	while (*at != dev)
		at = &(*at)->next;
	*at = dev->next;
	free(dev);
}

void kpci_remove_on_bus(struct kernel *k, struct kpci_bus *bus)
{
	struct kpci_dev *dev;

	for (;;) {
		for (dev = k->pci.devs; dev && dev->bus != bus; dev = dev->next)
			;
		if (!dev)
			return;
		kpci_remove_dev(k, dev);
	}
}

void kpci_forget_node(struct kernel *k, const struct dt_node *node)
{
	struct kpci_dev *dev;
	struct kpci_bus *bus;

	for (dev = k->pci.devs; dev; dev = dev->next)
		if (dev->node == node)
			dev->node = NULL;
	for (bus = k->pci.buses; bus; bus = bus->next)
		if (bus->node == node)
			bus->node = NULL;
}

/* ---- host bridges ----------------------------------------------------------------- */

/* A removed host bridge keeps its domain while slots refer to its bus. */
static bool domain_is_used(const struct kernel *k, unsigned int domain)
{
	const struct kpci_bus *bus = k->pci.buses;

	while (bus && (bus->bridge || bus->domain != domain ||
		       (bus->gone && !kslots_use(k, bus))))
		bus = bus->next;
	return bus;
}

/* Number the host bridge by its address; if another one has that number, by the lowest one
 * that is free. */
static unsigned int domain_for(const struct kernel *k, const void *reg)
{
	unsigned int domain = ktree_cell(reg, 1) & 0xffff;

	if (domain_is_used(k, domain))
		for (domain = 0; domain_is_used(k, domain); domain++)
			;
	return domain;
}

struct kpci_bus *kpci_phb_add(struct kernel *k, struct dt_node *node)
{
	struct kpci_bus *bus;
	size_t len;
	const void *reg = ktree_get(node, "reg", &len);

	if (!reg || len < 8)
		return NULL;
	bus = bus_new(k, node, domain_for(k, reg), 0);
	if (!bus)
		return NULL;
	bus->buid = (uint64_t)ktree_cell(reg, 0) << 32 | ktree_cell(reg, 1);
	kpci_show_bus(k, bus);
	kpci_rescan_bus(k, bus);
	return bus;
}

/* Remove the host bridge. The bus is kept, because its slots still exist and refer to
 * it. */
void kpci_phb_remove(struct kernel *k, struct kpci_bus *bus)
{
	kpci_hide_bus(k, bus);
	bus->gone = true;
	bus->node = NULL;
}

/* ---- logical slots ---------------------------------------------------------------- */

/* Add the bridge from the tree alone, without reading configuration space. */
struct kpci_bus *kpci_slot_add(struct kernel *k, struct dt_node *node)
{
	struct kpci_bus *above = kpci_bus_by_node(k, node->parent), *bus;
	size_t type_len, range_len;
	const char *type = ktree_get(node, "device_type", &type_len);
	const void *range = ktree_get(node, "bus-range", &range_len);
	unsigned int number, devfn;
	struct kpci_dev *dev;

	if (!above || !place_of(node, &number, &devfn) || dev_at(k, above, devfn))
		return NULL;
	dev = dev_new(k, above, node, devfn);
	if (!dev)
		return NULL;
	dev_from_node(dev);
	kpci_show_dev(k, dev);
	/* Only the node decides whether this is a bridge. */
	if (!type || !type_len || strcmp(type, "pci") || !range || range_len != 8)
		return NULL;
	bus = bus_new(k, node, above->domain, ktree_cell(range, 0));
	if (!bus)
		return NULL;
	bus->bridge = dev;
	bus->root = above->root;
	bus->buid = above->buid;
	dev->secondary = bus;
	kpci_show_bus(k, bus);
	kpci_add_from_tree(k, bus);
	return bus;
}

int kpci_boot(struct kernel *k)
{
	struct dt_node *n;
	size_t len;
	const char *type;
	int err = kpci_files(k);

	for (n = k->tree->children; !err && n; n = n->next) {
		type = ktree_get(n, "device_type", &len);
		if (type && ktree_is_called(n, "pci") && len && !strcmp(type, "pci") &&
		    !kpci_phb_add(k, n))
			err = -ENOMEM;
	}
	if (!err)
		kslots_boot(k);
	return err;
}

void kpci_free(struct kernel *k)
{
	struct kpci_bus *bus;
	struct kpci_dev *dev;

	kslots_free(k);
	while ((dev = k->pci.devs)) {
		kdriver_unbind(k, dev);
		k->pci.devs = dev->next;
		free(dev);
	}
	while ((bus = k->pci.buses)) {
		k->pci.buses = bus->next;
		free(bus);
	}
}
