// SPDX-License-Identifier: GPL-2.0-or-later
/* What drivers create for PCI functions and virtual adapters: network interfaces, disks,
 * controllers. Names and places are those of Linux. There is no data path: a disk reads as zeroes. */
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

/* Of virtual adapters */
static const struct kvio_driver {
	const char *compatible, *name;
	enum kind kind;
} vio_drivers[] = {
	{ "IBM,l-lan", "ibmveth", KIND_NET },
	{ "IBM,vnic", "ibmvnic", KIND_NET },
	{ "IBM,v-scsi", "ibmvscsi", KIND_SCSI },
	{ "IBM,vfc-client", "ibmvfc", KIND_SCSI },
	{ "hvterm1", "hvc_console", KIND_NONE },
	{ "hvterm-protocol", "hvc_console", KIND_NONE },
};

/* How Linux numbers disks. A number takes the minor numbers of its partitions. A major number
 * has 16 SCSI disks; the next ones are 65 to 71, and 128 to 135. */
enum { SD_MAJOR = 8, SD_DISKS = 16 };
static const struct disk_numbers {
	const char *prefix;
	unsigned int major, step;
} disk_numbers[] = { { "sd", SD_MAJOR, 16 }, { "vd", 254, 16 }, { "nvme", 259, 1 } };

#define DISK_BYTES (1 << 20)

enum { LINKS = 5 };

/* An object that a driver created: its links in classes, and perhaps a file in /dev. */
struct kchild {
	struct kchild *next;
	char *name, *id; /* id: of the machine's device, for disks of a controller */
	const char *subsystem;
	char *event; /* lines of its uevents; NULL: none */
	struct pfs_node *dir, *links[LINKS];
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

static struct kchild *child_new(struct kchild **list, struct pfs_node *dir,
				const char *subsystem)
{
	struct kchild *child = dir ? calloc(1, sizeof(*child)) : NULL;

	if (!child)
		return NULL;
	child->name = strdup(dir->name);
	child->dir = pfs_can_vanish(dir);
	child->subsystem = subsystem;
	child->next = *list;
	*list = child;
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
	for (size_t i = 0; i < LINKS; i++)
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

static void add_net(struct kernel *k, struct kchild **list, struct pfs_node *below,
		    const uint8_t mac[6])
{
	struct pfs_node *class = pfs_path(k->sys, "class/net"), *dir;
	struct kchild *child;
	char name[32];

	free_name(class, "eth", false, name);
	dir = pfs_dir(pfs_dir(below, "net"), name);
	child = child_new(list, dir, "net");
	if (!child)
		return;
	pfs_text(dir, "address", 0444, "%02x:%02x:%02x:%02x:%02x:%02x\n", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);
	pfs_text(dir, "operstate", 0444, "down\n");
	pfs_text(dir, "type", 0444, "1\n");
	pfs_link_to(dir, "subsystem", class);
	pfs_link_to(dir, "device", below);
	child_link(child, 0, class);
	pfs_text(dir, "ifindex", 0444, "%u\n", ++k->last_ifindex);
	child_announce(k, child, "INTERFACE=%s\nIFINDEX=%u\n", name, k->last_ifindex);
}

/* Find the lowest number of its kind that no disk has. It is no number of this computer:
 * the guest has no node with it. */
static void disk_number(const struct pfs_node *numbers, const char *name,
			unsigned int *major, unsigned int *minor)
{
	const struct disk_numbers *n = disk_numbers;
	unsigned int i = 0, more;
	char text[32];

	while (strncmp(name, n->prefix, strlen(n->prefix)) != 0)
		n++;
	do {
		more = n->major == SD_MAJOR ? i / SD_DISKS : 0;
		*minor = (i - more * SD_DISKS) * n->step;
		*major = n->major + (more ? more + (more < 8 ? 56 : 112) : 0);
		snprintf(text, sizeof(text), "%u:%u", *major, *minor);
		i++;
	} while (pfs_find(numbers, text));
}

/* Create the disk of a device, in this folder of it. */
static struct kchild *add_disk(struct kernel *k, struct kchild **list,
			       struct pfs_node *device, struct pfs_node *folder,
			       const char *name)
{
	struct pfs_node *dir = pfs_dir(folder, name), *numbers;
	struct kchild *child = child_new(list, dir, "block");
	unsigned int major, minor;
	char number[32];

	if (!child)
		return NULL;
	numbers = pfs_path(k->sys, "dev/block");
	disk_number(numbers, name, &major, &minor);
	snprintf(number, sizeof(number), "%u:%u", major, minor);
	pfs_text(dir, "dev", 0444, "%s\n", number);
	pfs_text(dir, "size", 0444, "%d\n", DISK_BYTES / 512);
	pfs_text(dir, "removable", 0444, "0\n");
	pfs_text(dir, "ro", 0444, "0\n");
	pfs_dir(dir, "slaves");
	pfs_dir(dir, "holders");
	pfs_link_to(dir, "subsystem", pfs_path(k->sys, "class/block"));
	pfs_link_to(dir, "device", device);
	child_link(child, 0, pfs_path(k->sys, "class/block"));
	child_link(child, 1, pfs_path(k->sys, "block"));
	child->links[2] = pfs_can_vanish(pfs_link_to(numbers, number, dir));
	dev_file(k, child);
	child_announce(k, child, "MAJOR=%u\nMINOR=%u\nDEVNAME=%s\nDEVTYPE=disk\n", major,
		       minor, name);
	return child;
}

static void add_nvme(struct kernel *k, struct kpci_dev *dev)
{
	struct pfs_node *class = pfs_path(k->sys, "class/nvme"), *dir;
	struct kchild *child;
	char name[32], disk[40];

	free_name(class, "nvme", false, name);
	dir = pfs_dir(pfs_dir(dev->dir, "nvme"), name);
	child = child_new(&dev->children, dir, "nvme");
	if (!child)
		return;
	child_link(child, 0, class);
	pfs_link_to(dir, "device", dev->dir);
	pfs_text(dir, "address", 0444, "%s\n", dev->name);
	pfs_text(dir, "state", 0444, "live\n");
	pfs_text(dir, "transport", 0444, "pcie\n");
	child_announce(k, child, "DEVNAME=%s\n", name);
	snprintf(disk, sizeof(disk), "%sn1", name);
	child = add_disk(k, &dev->children, dir, dir, disk);
	if (child)
		pfs_text(child->dir, "nsid", 0444, "1\n");
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
		child = child_new(&dev->children, dir, "usb");
		if (!child)
			return;
		pfs_text(dir, "busnum", 0444, "%d\n", n - 1);
		child_link(child, 0, bus);
		child_announce(k, child, "DEVTYPE=usb_device\n");
	}
}

/* Create the directory of a SCSI host, and its link in the class. */
static struct pfs_node *host_dir(struct kernel *k, struct pfs_node *below,
				 struct pfs_node **link)
{
	struct pfs_node *class = pfs_path(k->sys, "class/scsi_host"), *dir;
	char name[32];

	free_name(class, "host", false, name);
	dir = pfs_dir(below, name);
	*link = pfs_can_vanish(
		pfs_link_to(class, name, pfs_dir(pfs_dir(dir, "scsi_host"), name)));
	return dir;
}

static void add_host(struct kernel *k, struct kchild **list, struct pfs_node *below)
{
	struct pfs_node *link, *dir = host_dir(k, below, &link);
	struct kchild *child = child_new(list, dir, "scsi");

	if (!child)
		return;
	child->links[0] = link;
	child_announce(k, child, "DEVTYPE=scsi_host\n");
}

static struct pfs_node *add_virtio(struct kernel *k, struct kpci_dev *dev)
{
	enum { MODERN = 0x1040 };
	unsigned int id = dev->device < MODERN ? dev->subsystem : dev->device - MODERN;
	struct pfs_node *bus = pfs_path(k->sys, "bus/virtio/devices"), *dir;
	struct kchild *child;
	char name[32];

	free_name(bus, "virtio", false, name);
	dir = pfs_dir(dev->dir, name);
	child = child_new(&dev->children, dir, "virtio");
	if (!child)
		return NULL;
	child_link(child, 0, bus);
	pfs_text(dir, "vendor", 0444, "0x%04x\n", dev->subsystem_vendor);
	pfs_text(dir, "device", 0444, "0x%04x\n", id);
	pfs_text(dir, "modalias", 0444, "virtio:d%08Xv%08X\n", id, dev->subsystem_vendor);
	pfs_link_to(dir, "subsystem", pfs_path(k->sys, "bus/virtio"));
	child_announce(k, child, "MODALIAS=virtio:d%08Xv%08X\n", id,
		       dev->subsystem_vendor);
	return dir;
}

void kdriver_bind(struct kernel *k, struct kpci_dev *dev)
{
	const struct kdriver *driver = driver_of(dev);
	const uint8_t mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, (uint8_t)dev->devfn };
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
		add_net(k, &dev->children, below, mac);
		break;
	case KIND_BLOCK:
		free_name(pfs_path(k->sys, "class/block"), "vd", true, name);
		add_disk(k, &dev->children, below, pfs_dir(below, "block"), name);
		break;
	case KIND_NVME:
		add_nvme(k, dev);
		break;
	case KIND_USB:
		add_usb(k, dev);
		break;
	case KIND_SCSI:
		add_host(k, &dev->children, below);
		break;
	case KIND_NONE:
		break;
	}
	kuevent(k, "bind", dev->dir, "pci", "DRIVER=%s", driver->name);
	kdrivers_look(k);
}

/* Free the newest first: it may be inside an older one. */
void kdriver_unbind_vio(struct kernel *k, struct kchild **list)
{
	struct kchild *child;

	while ((child = *list)) {
		*list = child->next;
		child_free(k, child);
	}
}

void kdriver_bind_vio(struct kernel *k, struct kchild **list, const struct dt_node *node,
		      struct pfs_node *dir)
{
	const struct kvio_driver *driver = vio_drivers;
	const struct kvio_driver *end = driver + sizeof(vio_drivers) / sizeof(*driver);
	static const uint8_t unknown[6];
	const uint8_t *mac;
	size_t len;

	while (driver < end &&
	       strcmp(ktree_text(node, "compatible"), driver->compatible) != 0)
		driver++;
	if (driver == end)
		return;
	pfs_link_to(dir, "driver",
		    pfs_path(pfs_path(k->sys, "bus/vio/drivers"), driver->name));
	if (driver->kind == KIND_SCSI)
		add_host(k, list, dir);
	if (driver->kind != KIND_NET)
		return;
	/* old firmware puts two bytes before it */
	mac = ktree_get(node, "local-mac-address", &len);
	add_net(k, list, dir, mac && len >= 6 ? mac + (len == 8 ? 2 : 0) : unknown);
}

void kdriver_unbind(struct kernel *k, struct kpci_dev *dev)
{
	kdriver_unbind_vio(k, &dev->children);
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

/* Return Linux' number of a LUN: above 255 the method of addressing is part of it. */
static unsigned int lun_of(uint32_t lun)
{
	return lun < 256 ? lun : 0x4000 | lun;
}

/* Create the directory of a unit, "0:0:1:2", below its host and its target. */
static struct pfs_node *unit_dir(struct pfs_node *host, const struct papr_disk_info *disk)
{
	const char *number = host->name + strlen("host");
	char name[64];

	snprintf(name, sizeof(name), "target%s:0:%u", number, disk->target);
	host = pfs_path(host, name);
	snprintf(name, sizeof(name), "%s:0:%u:%u", number, disk->target,
		 lun_of(disk->lun));
	return pfs_dir(host, name);
}

/* Add a disk of a controller, some levels below it: host, target, unit. */
static bool disk_found(struct kernel *k, struct kpci_dev *dev,
		       const struct papr_disk_info *disk)
{
	bool usb = dev->driver->kind == KIND_USB;
	struct pfs_node *place = place_of(dev, usb ? "usb" : "scsi"), *top, *unit, *bus,
			*link = NULL;
	struct kchild *child;
	char name[64];
	int port = 1;

	if (usb) {
		while (snprintf(name, sizeof(name), "%s-%d", place->name + strlen("usb"),
				port) &&
		       pfs_find(place, name))
			port++;
		top = pfs_dir(place, name);
		unit = unit_dir(host_dir(k, top, &link), disk);
	} else {
		top = unit = unit_dir(place, disk);
	}
	bus = pfs_path(k->sys, "bus/scsi/devices");
	free_name(pfs_path(k->sys, "class/block"), "sd", true, name);
	child = add_disk(k, &dev->children, unit, pfs_dir(unit, "block"), name);
	if (!child)
		return false;
	pfs_text(unit, "type", 0444, "0\n");
	pfs_text(unit, "vendor", 0444, "QEMU    \n");
	pfs_text(unit, "model", 0444, "QEMU HARDDISK   \n");
	pfs_text(unit, "rev", 0444, "2.5+\n");
	pfs_text(unit, "state", 0444, "running\n");
	pfs_link_to(unit, "subsystem", pfs_path(k->sys, "bus/scsi"));
	child->links[3] = pfs_can_vanish(pfs_link_to(bus, unit->name, unit));
	child->links[4] = link;
	disk_name(disk, name);
	child->id = strdup(name);
	child->top = top;
	return child->id;
}

static void disk_gone(struct kernel *k, struct kpci_dev *dev, struct kchild *gone)
{
	struct kchild **at = &dev->children;
	struct pfs_node *top = gone->top, *above = top->parent;

	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	child_free(k, gone);
	pfs_remove(top);
	if (!above->children && !strncmp(above->name, "target", 6))
		pfs_remove(above);
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

/* Find the next disk that is new: a scan goes by target and LUN. */
static bool find_new(const struct kernel *k, const struct kpci_dev *dev,
		     struct papr_disk_info *found)
{
	struct papr_disk_info disk = { .size = sizeof(disk) };
	bool has_found = false;
	char name[64];

	for (size_t n = 0; papr_vmm_disk_info(k->host->vmm, n, &disk) > 0; n++) {
		disk_name(&disk, name);
		if (!is_behind(&disk, dev) || known(dev, name) ||
		    (has_found &&
		     (disk.target > found->target ||
		      (disk.target == found->target && disk.lun > found->lun))))
			continue;
		*found = disk;
		has_found = true;
	}
	return has_found;
}

static void look_behind(struct kernel *k, struct kpci_dev *dev)
{
	struct papr_disk_info disk;
	struct kchild *child, *next;

	for (child = dev->children; child; child = next) {
		next = child->next;
		if (child->id && !is_still_there(k, child->id))
			disk_gone(k, dev, child);
	}
	while (find_new(k, dev, &disk) && disk_found(k, dev, &disk))
		;
}

void kdrivers_look(struct kernel *k)
{
	for (struct kpci_dev *dev = k->pci.devs; dev; dev = dev->next)
		if (dev->driver &&
		    (dev->driver->kind == KIND_USB || dev->driver->kind == KIND_SCSI))
			look_behind(k, dev);
}
