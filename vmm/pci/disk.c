// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/base/sized.h"
#include "vmm/pci/disk.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_models.h"

static const struct kind {
	const char *driver, *bus_type;
	const char *controllers; /* model names, each followed by a blank */
} kinds[] = {
	{ "usb-storage", "usb-bus", "nec-usb-xhci qemu-xhci " },
	{ "scsi-hd", "SCSI",
	  "virtio-scsi-pci virtio-scsi-pci-non-transitional virtio-scsi-pci-transitional " },
};

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

/* Find the controller of a bus: "ID.0" belongs to the controller ID. Without a name,
 * return the newest controller. */
static struct pci_function *controller_of(const struct papr_vmm *vmm,
					  const struct kind *kind, const char *bus)
{
	size_t len = bus ? strlen(bus) : 0;

	for (struct device *dev = machine_of(vmm)->devices; dev; dev = dev->next) {
		if (!is_in(kind->controllers, dev->driver))
			continue;
		if (!bus ||
		    (dev->id && len == strlen(dev->id) + 2 &&
		     !strncmp(bus, dev->id, len - 2) && !strcmp(bus + len - 2, ".0")))
			return (struct pci_function *)(void *)dev; /* first member */
	}
	return NULL;
}

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

static int request_unplug(struct papr_vmm *vmm, struct device *dev,
			  struct papr_error *error)
{
	struct disk *disk = (struct disk *)(void *)dev; /* first member */

	(void)error;
	disk_unlink(disk);
	device_deleted(vmm, dev);
	attention(vmm, disk->controller);
	free(disk);
	return 0;
}

static const struct device_class disk_class = { .request_unplug = request_unplug };

/* Other properties of a disk are not checked. */
const struct option_row disk_rows[] = {
	{ "bus", "name", "a controller with room", false },
	{ "drive", "name, without effect", NULL, true },
	{ .name = NULL },
};

int disk_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error)
{
	const struct kind *kind = kind_of(driver);
	const char *bus = option_get(options, n, "bus");
	struct pci_function *controller = controller_of(vmm, kind, bus);
	struct disk *disk, **at;
	int err;

	if (!controller && bus)
		return papr_fail(error, -ENOENT, "Bus '%s' not found", bus);
	if (!controller)
		return papr_fail(error, -ENOENT, "No '%s' bus found for device '%s'",
				 kind->bus_type, driver);
	if (!option_get(options, n, "drive"))
		return papr_fail(error, -EINVAL, "drive property not set");

	disk = calloc(1, sizeof(*disk));
	if (!disk)
		return papr_fail(error, -ENOMEM, "out of memory");
	*disk = (struct disk){ .dev = { .class = &disk_class, .driver = kind->driver },
			       .controller = controller };
	err = device_register(vmm, &disk->dev, option_get(options, n, "id"), error);
	if (err) {
		free(disk);
		return err;
	}
	for (at = &controller->disks; *at; at = &(*at)->next)
		;
	*at = disk;
	attention(vmm, controller);
	return 0;
}

void disks_free(struct papr_vmm *vmm, struct pci_function *controller, bool told)
{
	struct disk *disk;

	while ((disk = controller->disks)) {
		controller->disks = disk->next;
		if (told)
			device_deleted(vmm, &disk->dev);
		else
			device_unregister(vmm, &disk->dev);
		free(disk);
	}
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
				 },
				 sizeof(struct papr_disk_info));
	}
	return 0;
}
