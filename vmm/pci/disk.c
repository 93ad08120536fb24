// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/base/sized.h"
#include "vmm/pci/disk.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_models.h"

#define SCSI_CONTROLLERS "virtio-scsi-pci "
#define USB_CONTROLLERS	 "nec-usb-xhci qemu-xhci "

static const struct kind {
	const char *driver;
	const char *product; /* of USB: as it names itself */
	bool is_disk;	     /* the guest finds a disk */
	bool has_scsi;	     /* SCSI disks can be below it */
} kinds[] = {
	{ "scsi-cd", NULL, false, false },
	{ "scsi-hd", NULL, true, false },
	{ "usb-ccid", "QEMU USB CCID", false, false },
	{ "usb-hub", "QEMU USB Hub", false, false },
	{ "usb-kbd", "QEMU USB Keyboard", false, false },
	{ "usb-mouse", "QEMU USB Mouse", false, false },
	{ "usb-storage", "QEMU USB MSD", true, false },
	{ "usb-tablet", "QEMU USB Tablet", false, false },
	{ "usb-uas", "USB Attached SCSI HBA", false, true },
};

enum { HUB_PORTS = 8, HUB_DEPTH = 5, XHCI_PORTS = 4 };

static const struct kind *kind_of(const char *driver)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(driver, kinds[i].driver))
			return &kinds[i];
	return NULL;
}

bool disk_is_driver(const char *driver)
{
	return kind_of(driver);
}

static bool is_in(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; *list; list += strcspn(list, " ") + 1)
		if (!strncmp(list, word, len) && list[len] == ' ')
			return true;
	return false;
}

static bool is_hub(const struct disk *disk)
{
	return !strcmp(disk->dev.driver, "usb-hub");
}

static const struct device_class disk_class;

/* Find the bus for a disk: that of its controller, or of the device above it. "ID.0" is the
 * bus of ID. Without a name, it is the newest bus. */
static bool find_bus(const struct papr_vmm *vmm, const char *bus, struct disk *disk)
{
	bool usb = disk->kind->product;
	size_t len = bus ? strlen(bus) : 0;

	for (struct device *dev = machine_of(vmm)->devices; dev; dev = dev->next) {
		struct disk *above = dev->class == &disk_class ? (void *)dev : NULL;

		if (above ? usb || !above->kind->has_scsi
			  : !is_in(usb ? USB_CONTROLLERS : SCSI_CONTROLLERS, dev->driver))
			continue;
		if (bus &&
		    !(dev->id && len == strlen(dev->id) + 2 &&
		      !strncmp(bus, dev->id, len - 2) && !strcmp(bus + len - 2, ".0")))
			continue;
		disk->above = above;
		disk->controller = above ? above->controller : (void *)dev;
		return true;
	}
	return false;
}

/* ---- Ports of USB ---- */

uint8_t disk_ports(const char *driver, const struct papr_option *options, size_t n)
{
	static const char *const names[] = { "p2", "p3" };
	uint32_t given = 0;

	if (!is_in(USB_CONTROLLERS, driver))
		return 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		uint32_t ports = 0;

		if (!option_u32(options, n, names[i], MAX_PORTS, &ports, NULL) &&
		    ports > given)
			given = ports;
	}
	return (uint8_t)(given ? given : XHCI_PORTS);
}

static struct disk *disk_at(const struct pci_function *controller, const char *port)
{
	struct disk *disk = controller->disks;

	while (disk && strcmp(disk->port, port))
		disk = disk->next;
	return disk;
}

/* Return true if the number is one of 1 to ports, as a port is written. */
static bool is_port(const char *number, unsigned int ports)
{
	char word[16];

	for (unsigned int i = 1; i <= ports; i++) {
		snprintf(word, sizeof(word), "%u", i);
		if (!strcmp(word, number))
			return true;
	}
	return false;
}

/* Take the port "2", or "2.1" of the hub at port 2, if it exists and is free. */
static bool take_port(struct disk *disk, const char *port)
{
	const char *dot = strrchr(port, '.');
	unsigned int ports = disk->controller->usb_ports;
	struct disk *hub = NULL;
	char above[sizeof(disk->port)];

	if (strlen(port) >= sizeof(disk->port))
		return false;
	if (dot) {
		snprintf(above, sizeof(above), "%.*s", (int)(dot - port), port);
		hub = disk_at(disk->controller, above);
		if (!hub || !is_hub(hub))
			return false;
		ports = HUB_PORTS;
	}
	if (!is_port(dot ? dot + 1 : port, ports) || disk_at(disk->controller, port))
		return false;
	disk->above = hub;
	snprintf(disk->port, sizeof(disk->port), "%s", port);
	return true;
}

/* Take the first free port: of the controller, then of the oldest hub. */
static bool take_free_port(struct disk *disk)
{
	char port[2 * sizeof(disk->port)];

	for (unsigned int i = 1; i <= disk->controller->usb_ports; i++) {
		snprintf(port, sizeof(port), "%u", i);
		if (take_port(disk, port))
			return true;
	}
	for (struct disk *hub = disk->controller->disks; hub; hub = hub->next)
		for (unsigned int i = 1; is_hub(hub) && i <= HUB_PORTS; i++) {
			snprintf(port, sizeof(port), "%s.%u", hub->port, i);
			if (take_port(disk, port))
				return true;
		}
	return false;
}

static int choose_port(struct disk *disk, const char *port, struct papr_error *error)
{
	const struct device *controller = &disk->controller->dev;
	const char *bus = controller->id ? controller->id : "usb-bus";
	unsigned int depth = 0;

	if (port && !take_port(disk, port))
		return papr_fail(error, -EBUSY,
				 "usb port %s (bus %s.0) not found (in use?)", port, bus);
	if (!port && !take_free_port(disk))
		return papr_fail(error, -ENOSPC,
				 "tried to attach usb device %s to a bus with no free "
				 "ports",
				 disk->kind->product);
	for (const struct disk *hub = disk->above; hub; hub = hub->above)
		depth++;
	if (is_hub(disk) && depth >= HUB_DEPTH)
		return papr_fail(error, -EINVAL, "usb hub chain too deep");
	return 0;
}

/* ---- Plug and unplug ---- */

/* Raise the controller's interrupt, so that the guest's driver rescans it. */
static void attention(const struct papr_vmm *vmm, const struct pci_function *f)
{
	uint32_t irq = f->n_irqs ? f->first_irq : pci_lsi(f);

	if (machine_of(vmm)->env.interrupt)
		machine_of(vmm)->env.interrupt(machine_of(vmm)->env.priv, irq);
}

static void disk_unlink(struct disk *disk)
{
	struct disk **at = &disk->controller->disks;

	while (*at != disk)
		at = &(*at)->next;
	*at = disk->next;
}

/* Free a disk, after all that is below it. */
static void disk_free(struct papr_vmm *vmm, struct disk *disk, bool told)
{
	struct disk *below = disk->controller->disks;

	while (below) {
		if (below->above != disk) {
			below = below->next;
			continue;
		}
		disk_free(vmm, below, told);
		below = disk->controller->disks;
	}
	disk_unlink(disk);
	if (told)
		device_deleted(vmm, &disk->dev);
	else
		device_unregister(vmm, &disk->dev);
	free(disk);
}

static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	struct disk *disk = (struct disk *)(void *)dev; /* first member */
	struct pci_function *controller = disk->controller;

	(void)error;
	disk_free(vmm, disk, true);
	attention(vmm, controller);
	return 0;
}

static const struct device_class disk_class = { .request_unplug = request_unplug };

/* Find the place of a new disk. */
static int find_place(const struct papr_vmm *vmm, struct disk *disk,
		      const struct papr_option *options, size_t n,
		      struct papr_error *error)
{
	const char *bus = option_get(options, n, "bus");

	if (!find_bus(vmm, bus, disk) && bus)
		return papr_fail(error, -ENOENT, "Bus '%s' not found", bus);
	if (!disk->controller)
		return papr_fail(error, -ENOENT, "No '%s' bus found for device '%s'",
				 disk->kind->product ? "usb-bus" : "SCSI",
				 disk->kind->driver);
	if (disk->kind->is_disk && !option_get(options, n, "drive"))
		return papr_fail(error, -EINVAL, "drive property not set");
	return disk->kind->product
		       ? choose_port(disk, option_get(options, n, "port"), error)
		       : 0;
}

int disk_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error)
{
	struct disk *disk = calloc(1, sizeof(*disk)), **at;
	int err;

	if (!disk)
		return papr_fail(error, -ENOMEM, "out of memory");
	disk->serial = ++pci_of(vmm)->last_serial;
	disk->kind = kind_of(driver);
	disk->dev = (struct device){ .class = &disk_class, .driver = disk->kind->driver };
	err = find_place(vmm, disk, options, n, error);
	if (!err)
		err = device_register(vmm, &disk->dev, option_get(options, n, "id"),
				      error);
	if (err) {
		free(disk);
		return err;
	}
	for (at = &disk->controller->disks; *at; at = &(*at)->next)
		;
	*at = disk;
	attention(vmm, disk->controller);
	return 0;
}

void disks_free(struct papr_vmm *vmm, struct pci_function *controller, bool told)
{
	while (controller->disks)
		disk_free(vmm, controller->disks, told);
}

int papr_vmm_disk_info(const struct papr_vmm *vmm, size_t n, struct papr_disk_info *out)
{
	MACHINE_GUARD(vmm);

	for (const struct device *dev = machine_of(vmm)->devices; dev; dev = dev->next) {
		const struct disk *disk = (const void *)dev;

		if (dev->class != &disk_class || n--)
			continue;
		return sized_put(out,
				 &(struct papr_disk_info){
					 .id = dev->id ? dev->id : "",
					 .driver = dev->driver,
					 .number = dev->number,
					 .phb = disk->controller->bus->phb->index,
					 .bus = pci_bus_number(disk->controller->bus),
					 .slot = disk->controller->devfn >> 3,
					 .function = disk->controller->devfn & 7,
					 .no_disk = !disk->kind->is_disk,
					 .serial = disk->serial,
					 .port = disk->port,
				 },
				 sizeof(struct papr_disk_info));
	}
	return 0;
}
