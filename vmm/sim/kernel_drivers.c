// SPDX-License-Identifier: GPL-2.0-or-later
/* What drivers create for PCI functions: network interfaces, disks, controllers. Names
 * and places are those of Linux. There is no data path: a disk reads as zeroes. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/sim/kernel.h"

enum kind { KIND_NONE, KIND_NET, KIND_BLOCK, KIND_NVME, KIND_USB, KIND_SCSI };

struct kdriver {
	const char *name; /* first member: the name that the link "driver" leads to */
	uint16_t vendor, device;
	enum kind kind;
	bool virtio;
};

static const struct kdriver drivers[] = {
	{ "virtio-pci", 0x1af4, 0x1000, KIND_NET, true },
	{ "virtio-pci", 0x1af4, 0x1041, KIND_NET, true },
	{ "virtio-pci", 0x1af4, 0x1001, KIND_BLOCK, true },
	{ "virtio-pci", 0x1af4, 0x1042, KIND_BLOCK, true },
	{ "virtio-pci", 0x1af4, 0x1004, KIND_SCSI, true },
	{ "virtio-pci", 0x1af4, 0x1048, KIND_SCSI, true },
	{ "virtio-pci", 0x1af4, 0, KIND_NONE, true },
	{ "e1000", 0x8086, 0x100e, KIND_NET, false },
	{ "e1000e", 0x8086, 0x10d3, KIND_NET, false },
	{ "nvme", 0x1b36, 0x0010, KIND_NVME, false },
	{ "xhci_hcd", 0x1033, 0x0194, KIND_USB, false },
	{ "xhci_hcd", 0x1b36, 0x000d, KIND_USB, false },
};

#define DISK_BYTES (1 << 20)

/* An object that a driver created: its links in classes, and perhaps a file in /dev. */
struct kchild {
	struct kchild *next;
	char *name, *id; /* id: of the machine's device, for disks of a controller */
	const char *subsystem;
	char *event; /* lines of its uevents; NULL: none */
	struct pfs_node *dir, *links[3];
	struct pfs_node *top; /* disks only: top directory below the controller */
	bool has_dev_file;
};

static const struct kdriver *driver_of(const struct kpci_dev *dev)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(*drivers); i++)
		if (drivers[i].vendor == dev->vendor &&
		    (!drivers[i].device || drivers[i].device == dev->device))
			return &drivers[i];
	return NULL;
}

/* Find the lowest unused name: "eth%d" with a number, or "vd%c" with a letter, and with two
 * of them after z. */
static void free_name(const struct pfs_node *dir, const char *prefix, bool letter,
		      char name[32])
{
	unsigned int n = 0;

	do {
		char letters[8] = "", *at = &letters[sizeof(letters) - 1];

		for (unsigned int rest = n + 1; letter && rest; rest = (rest - 1) / 26)
			*--at = (char)('a' + (rest - 1) % 26);
		if (letter)
			snprintf(name, 32, "%s%s", prefix, at);
		else
			snprintf(name, 32, "%s%u", prefix, n);
		n++;
	} while (pfs_find(dir, name));
}

static struct kchild *child_new(struct kpci_dev *dev, struct pfs_node *dir,
				const char *subsystem)
{
	struct kchild *child = dir ? calloc(1, sizeof(*child)) : NULL;

	if (!child)
		return NULL;
	child->name = strdup(dir->name);
	child->dir = pfs_can_vanish(dir);
	child->subsystem = subsystem;
	child->next = dev->children;
	dev->children = child;
	return child;
}

static void child_send(struct kernel *k, const struct kchild *child, const char *action,
		       const char *more)
{
	kuevent(k, action, child->dir, child->subsystem, "%s%s",
		child->event ? child->event : "", more);
}

static int child_show_event(struct pfs_node *file, struct text *out)
{
	const struct kchild *child = file->priv;

	if (child->event)
		text_add(out, "%s", child->event);
	return 0;
}

static ssize_t child_store_event(struct pfs_node *file, const char *bytes, size_t len)
{
	const char *action = kuevent_action(bytes, len);

	if (!action)
		return -EINVAL;
	child_send(file->parent->priv, file->priv, action, "SYNTH_UUID=0\n");
	return (ssize_t)len;
}

/* Create its file "uevent", and send its first event. format: lines for both; they are
 * like the real kernel's, each with an LF. */
static void __attribute__((format(printf, 3, 4)))
child_announce(struct kernel *k, struct kchild *child, const char *format, ...)
{
	static const struct pfs_ops ops = { .show = child_show_event,
					    .store = child_store_event };
	va_list ap;

	va_start(ap, format);
	if (vasprintf(&child->event, format, ap) < 0)
		child->event = NULL;
	va_end(ap);
	child->dir->priv = k;
	kernel_attr(k, child->dir, "uevent", 0644, &ops, child);
	child_send(k, child, "add", "");
}

/* Create a link in a class or bus. */
static void child_link(struct kchild *child, size_t i, struct pfs_node *dir)
{
	child->links[i] = pfs_can_vanish(pfs_link_to(dir, child->name, child->dir));
}

static void child_free(struct kernel *k, struct kchild *child)
{
	for (size_t i = 0; i < 3; i++)
		pfs_remove(child->links[i]);
	child_send(k, child, "remove", "");
	pfs_remove(child->dir);
	if (child->has_dev_file && child->name && k->dev_fd >= 0)
		unlinkat(k->dev_fd, child->name, 0);
	free(child->name);
	free(child->id);
	free(child->event);
	free(child);
}

/* Create the device file in the guest's own /dev. This is a memory file system, so
 * papr-vmm does not serve its own request. */
static void dev_file(struct kernel *k, struct kchild *child)
{
	int fd = k->dev_fd < 0 ? -1
			       : openat(k->dev_fd, child->name,
					O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0660);

	if (fd < 0)
		return;
	child->has_dev_file = true;
	if (ftruncate(fd, DISK_BYTES))
		child->has_dev_file = false;
	close(fd);
}

static void add_net(struct kernel *k, struct kpci_dev *dev, struct pfs_node *below)
{
	struct pfs_node *class = pfs_path(k->sys, "class/net"), *dir;
	struct kchild *child;
	char name[32];

	free_name(class, "eth", false, name);
	dir = pfs_dir(pfs_dir(below, "net"), name);
	child = child_new(dev, dir, "net");
	if (!child)
		return;
	pfs_text(dir, "address", 0444, "52:54:00:12:34:%02x\n", dev->devfn & 0xff);
	pfs_text(dir, "operstate", 0444, "down\n");
	pfs_text(dir, "type", 0444, "1\n");
	pfs_link_to(dir, "subsystem", class);
	pfs_link_to(dir, "device", below);
	child_link(child, 0, class);
	pfs_text(dir, "ifindex", 0444, "%u\n", ++k->last_ifindex);
	child_announce(k, child, "INTERFACE=%s\nIFINDEX=%u\n", name, k->last_ifindex);
}

static struct kchild *add_disk(struct kernel *k, struct kpci_dev *dev,
			       struct pfs_node *below, const char *name)
{
	struct pfs_node *dir = pfs_dir(below, name);
	struct kchild *child = child_new(dev, dir, "block");

	if (!child)
		return NULL;
	pfs_text(dir, "size", 0444, "%d\n", DISK_BYTES / 512);
	pfs_text(dir, "removable", 0444, "0\n");
	pfs_text(dir, "ro", 0444, "0\n");
	pfs_dir(dir, "slaves");
	pfs_dir(dir, "holders");
	pfs_link_to(dir, "subsystem", pfs_path(k->sys, "class/block"));
	pfs_link_to(dir, "device", below);
	child_link(child, 0, pfs_path(k->sys, "class/block"));
	child_link(child, 1, pfs_path(k->sys, "block"));
	dev_file(k, child);
	child_announce(k, child, "DEVNAME=%s\nDEVTYPE=disk\n", name);
	return child;
}

static void add_nvme(struct kernel *k, struct kpci_dev *dev)
{
	struct pfs_node *class = pfs_path(k->sys, "class/nvme"), *dir;
	struct kchild *child;
	char name[32], disk[40];

	free_name(class, "nvme", false, name);
	dir = pfs_dir(pfs_dir(dev->dir, "nvme"), name);
	child = child_new(dev, dir, "nvme");
	if (!child)
		return;
	child_link(child, 0, class);
	pfs_link_to(dir, "device", dev->dir);
	child_announce(k, child, "DEVNAME=%s\n", name);
	snprintf(disk, sizeof(disk), "%sn1", name);
	add_disk(k, dev, dir, disk);
}

/* Add the two buses of an xHCI controller, for slow and for fast devices. */
static void add_usb(struct kernel *k, struct kpci_dev *dev)
{
	struct pfs_node *bus = pfs_path(k->sys, "bus/usb/devices"), *dir;
	struct kchild *child;
	char name[32];
	int n = 1, i;

	for (i = 0; i < 2; i++) {
		do {
			snprintf(name, sizeof(name), "usb%d", n++);
		} while (pfs_find(bus, name));
		dir = pfs_dir(dev->dir, name);
		child = child_new(dev, dir, "usb");
		if (!child)
			return;
		pfs_text(dir, "busnum", 0444, "%d\n", n - 1);
		child_link(child, 0, bus);
		child_announce(k, child, "DEVTYPE=usb_device\n");
	}
}

static struct kchild *add_host(struct kernel *k, struct kpci_dev *dev,
			       struct pfs_node *below)
{
	struct pfs_node *class = pfs_path(k->sys, "class/scsi_host"), *dir;
	struct kchild *child;
	char name[32];

	free_name(class, "host", false, name);
	dir = pfs_dir(below, name);
	child = child_new(dev, dir, "scsi");
	if (!child)
		return NULL;
	child->links[0] = pfs_can_vanish(
		pfs_link_to(class, name, pfs_dir(pfs_dir(dir, "scsi_host"), name)));
	child_announce(k, child, "DEVTYPE=scsi_host\n");
	return child;
}

static struct pfs_node *add_virtio(struct kernel *k, struct kpci_dev *dev)
{
	struct pfs_node *bus = pfs_path(k->sys, "bus/virtio/devices"), *dir;
	struct kchild *child;
	char name[32];

	free_name(bus, "virtio", false, name);
	dir = pfs_dir(dev->dir, name);
	child = child_new(dev, dir, "virtio");
	if (!child)
		return NULL;
	child_link(child, 0, bus);
	pfs_text(dir, "vendor", 0444, "0x%04x\n", dev->subsystem_vendor);
	pfs_link_to(dir, "subsystem", pfs_path(k->sys, "bus/virtio"));
	child_announce(k, child, "MODALIAS=virtio:d%08Xv%08X\n", dev->subsystem,
		       dev->subsystem_vendor);
	return dir;
}

void kdriver_bind(struct kernel *k, struct kpci_dev *dev)
{
	const struct kdriver *driver = driver_of(dev);
	struct pfs_node *below = dev->dir, *home;
	char name[32];

	if (!driver || !dev->dir)
		return;
	dev->driver = driver;
	home = pfs_path(pfs_path(k->sys, "bus/pci/drivers"), driver->name);
	pfs_link_to(dev->dir, "driver", home);
	if (driver->virtio)
		below = add_virtio(k, dev);
	switch (driver->kind) {
	case KIND_NET:
		add_net(k, dev, below);
		break;
	case KIND_BLOCK:
		free_name(pfs_path(k->sys, "class/block"), "vd", true, name);
		add_disk(k, dev, pfs_dir(below, "block"), name);
		break;
	case KIND_NVME:
		add_nvme(k, dev);
		break;
	case KIND_USB:
		add_usb(k, dev);
		break;
	case KIND_SCSI:
		add_host(k, dev, below);
		break;
	case KIND_NONE:
		break;
	}
	kuevent(k, "bind", dev->dir, "pci", "DRIVER=%s", driver->name);
	kdrivers_look(k);
}

void kdriver_unbind(struct kernel *k, struct kpci_dev *dev)
{
	struct kchild *child;

	/* Free the newest first: it may be inside an older one. */
	while ((child = dev->children)) {
		dev->children = child->next;
		child_free(k, child);
	}
	if (dev->driver)
		kuevent(k, "unbind", dev->dir, "pci", NULL);
	dev->driver = NULL;
}

void kdrivers_device_files(struct kernel *k)
{
	struct kpci_dev *dev;
	struct kchild *child;

	for (dev = k->pci.devs; dev; dev = dev->next)
		for (child = dev->children; child; child = child->next)
			if (!strcmp(child->subsystem, "block"))
				dev_file(k, child);
}

/* ---- disks of controllers ---------------------------------------------------------- */

static bool is_behind(const struct papr_disk_info *disk, const struct kpci_dev *dev)
{
	return disk->phb == (dev->bus->buid & 0xff) && disk->bus == dev->bus->number &&
	       disk->slot == dev->devfn >> 3 && disk->function == (dev->devfn & 7);
}

static void disk_name(const struct papr_disk_info *disk, char name[64])
{
	if (*disk->id)
		snprintf(name, 64, "%s", disk->id);
	else
		snprintf(name, 64, "#%u", disk->number);
}

static struct kchild *known(const struct kpci_dev *dev, const char *id)
{
	struct kchild *child = dev->children;

	while (child && (!child->id || strcmp(child->id, id) != 0))
		child = child->next;
	return child;
}

/* Return the first object of this subsystem that the controller's driver created. */
static struct pfs_node *place_of(const struct kpci_dev *dev, const char *subsystem)
{
	struct pfs_node *found = NULL;

	for (const struct kchild *child = dev->children; child; child = child->next)
		if (!child->id && !strcmp(child->subsystem, subsystem))
			found = child->dir;
	return found;
}

/* Add a disk of a controller, some levels below it: hosts, targets, units. */
static void disk_found(struct kernel *k, struct kpci_dev *dev, const char *id)
{
	bool usb = dev->driver->kind == KIND_USB;
	struct pfs_node *below = place_of(dev, usb ? "usb" : "scsi"), *top;
	struct kchild *child;
	char name[32];
	int n = usb ? 1 : 0; /* ports are counted from 1, targets from 0 */

	while (snprintf(name, sizeof(name), usb ? "1-%d" : "target0:0:%d", n) &&
	       pfs_find(below, name))
		n++;
	top = pfs_dir(below, name);
	snprintf(name, sizeof(name), "0:0:%d:0", usb ? 0 : n);
	if (usb)
		below = pfs_dir(pfs_dir(pfs_dir(top, "host0"), "target0:0:0"), name);
	else
		below = pfs_dir(top, name);
	free_name(pfs_path(k->sys, "class/block"), "sd", true, name);
	child = add_disk(k, dev, pfs_dir(below, "block"), name);
	if (!child)
		return;
	child->id = strdup(id);
	child->top = top;
}

static void disk_gone(struct kernel *k, struct kpci_dev *dev, struct kchild *gone)
{
	struct kchild **at = &dev->children;
	struct pfs_node *top = gone->top;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	child_free(k, gone);
	pfs_remove(top);
}

static bool is_still_there(const struct kernel *k, const char *id)
{
	struct papr_disk_info disk = { .size = sizeof(disk) };
	char name[64];

	for (size_t n = 0; papr_vmm_disk_info(k->host->vmm, n, &disk) > 0; n++) {
		disk_name(&disk, name);
		if (!strcmp(name, id))
			return true;
	}
	return false;
}

static void look_behind(struct kernel *k, struct kpci_dev *dev)
{
	struct papr_disk_info disk = { .size = sizeof(disk) };
	struct kchild *child, *next;
	char name[64];

	for (child = dev->children; child; child = next) {
		next = child->next;
		if (child->id && !is_still_there(k, child->id))
			disk_gone(k, dev, child);
	}
	for (size_t n = 0; papr_vmm_disk_info(k->host->vmm, n, &disk) > 0; n++) {
		disk_name(&disk, name);
		if (is_behind(&disk, dev) && !known(dev, name))
			disk_found(k, dev, name);
	}
}

void kdrivers_look(struct kernel *k)
{
	for (struct kpci_dev *dev = k->pci.devs; dev; dev = dev->next)
		if (dev->driver &&
		    (dev->driver->kind == KIND_USB || dev->driver->kind == KIND_SCSI))
			look_behind(k, dev);
}
