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

/* Controllers for which the simulated kernel has a driver */
#define SCSI_CONTROLLERS "virtio-scsi-pci "
#define USB_CONTROLLERS	 "nec-usb-xhci qemu-xhci "

/* Of virtio-scsi-pci */
enum { TARGETS_MAX = 255, LUNS_MAX = 16383 };

static const struct kind {
	const char *driver;
	bool is_usb;
	const char *options[6]; /* that have an effect */
} kinds[] = {
	{ "scsi-hd", false, { "bus", "drive", "channel", "scsi-id", "lun" } },
	{ "usb-storage", true, { "bus", "drive" } },
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

/* Find the bus for a disk: that of its controller. "ID.0" is the bus of ID. Without a name,
 * it is the newest bus. */
static bool find_bus(const struct papr_vmm *vmm, const char *bus, struct disk *disk)
{
	size_t len = bus ? strlen(bus) : 0;

	for (struct device *dev = machine_of(vmm)->devices; dev; dev = dev->next) {
		if (!is_in(disk->kind->is_usb ? USB_CONTROLLERS : SCSI_CONTROLLERS,
			   dev->driver))
			continue;
		if (bus &&
		    !(dev->id && len == strlen(dev->id) + 2 &&
		      !strncmp(bus, dev->id, len - 2) && !strcmp(bus + len - 2, ".0")))
			continue;
		disk->controller = (void *)dev; /* first member */
		return true;
	}
	return false;
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

static void disk_free(struct papr_vmm *vmm, struct disk *disk, bool told)
{
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

static const struct disk *disk_at(const struct disk *disk)
{
	const struct disk *other = disk->controller->disks;

	while (other && (other->target != disk->target || other->lun != disk->lun))
		other = other->next;
	return other;
}

/* Count up from *n to the first place that is free. */
static bool find_free(const struct disk *disk, uint32_t *n, uint32_t max)
{
	while (disk_at(disk) && *n < max)
		++*n;
	return !disk_at(disk);
}

/* Find target and LUN: those of the options, otherwise the first that are free. */
static int find_unit(struct disk *disk, const struct papr_option *options, size_t n,
		     struct papr_error *error)
{
	int32_t channel = 0, target = -1, lun = -1;
	int err = option_s32(options, n, "channel", &channel, error);

	if (!err)
		err = option_s32(options, n, "scsi-id", &target, error);
	if (!err)
		err = option_s32(options, n, "lun", &lun, error);
	if (err)
		return err;
	if (channel)
		return papr_fail(error, -EINVAL, "bad scsi channel id: %d", channel);
	if (target < -1 || target > TARGETS_MAX)
		return papr_fail(error, -EINVAL, "bad scsi device id: %d", target);
	if (lun < -1 || lun > LUNS_MAX)
		return papr_fail(error, -EINVAL, "bad scsi device lun: %d", lun);
	disk->target = target < 0 ? 0 : (uint32_t)target;
	disk->lun = lun < 0 ? 0 : (uint32_t)lun;
	if (target < 0)
		return find_free(disk, &disk->target, TARGETS_MAX)
			       ? 0
			       : papr_fail(error, -ENOSPC, "no free target");
	if (lun < 0)
		return find_free(disk, &disk->lun, LUNS_MAX)
			       ? 0
			       : papr_fail(error, -ENOSPC, "no free lun");
	return !disk_at(disk)
		       ? 0
		       : papr_fail(error, -EEXIST, "lun already used by '%s'",
				   disk_at(disk)->dev.id ? disk_at(disk)->dev.id : "");
}

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
				 disk->kind->is_usb ? "usb-bus" : "SCSI",
				 disk->kind->driver);
	if (!option_get(options, n, "drive"))
		return papr_fail(error, -EINVAL, "drive property not set");
	return disk->kind->is_usb ? 0 : find_unit(disk, options, n, error);
}

int disk_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error)
{
	struct disk *disk = calloc(1, sizeof(*disk)), **at;
	int err;

	if (!disk)
		return papr_fail(error, -ENOMEM, "out of memory");
	disk->kind = kind_of(driver);
	disk->dev = (struct device){ .class = &disk_class, .driver = disk->kind->driver };
	err = option_check_names(options, n, driver, disk->kind->options, error);
	if (!err)
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
					 .target = disk->target,
					 .lun = disk->lun,
				 },
				 sizeof(struct papr_disk_info));
	}
	return 0;
}
