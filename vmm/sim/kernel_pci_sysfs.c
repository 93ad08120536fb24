// SPDX-License-Identifier: GPL-2.0-or-later
/* PCI devices and buses under /sys. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/fs.h"
#include "vmm/sim/kernel.h"

/* Return 1 if this is a number but 0, 0, or -EINVAL. */
static ssize_t is_yes(const char *bytes, size_t len)
{
	uint64_t n;

	return text_number(bytes, len, UINT64_MAX, &n) ? -EINVAL : n != 0;
}

static ssize_t dev_remove(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kpci_dev *dev = file->priv, *d;
	struct kernel *k = file->parent->priv;
	ssize_t yes = is_yes(bytes, len);

	for (d = k->pci.devs; d && d != dev; d = d->next)
		;
	if (yes > 0 && d)
		kpci_remove_dev(k, dev);
	return yes < 0 ? yes : (ssize_t)len;
}

static ssize_t bus_rescan(struct pfs_node *file, const char *bytes, size_t len)
{
	ssize_t yes = is_yes(bytes, len);

	if (yes > 0)
		kpci_rescan_bus(file->parent->priv, file->priv);
	return yes < 0 ? yes : (ssize_t)len;
}

static ssize_t all_rescan(struct pfs_node *file, const char *bytes, size_t len)
{
	ssize_t yes = is_yes(bytes, len);

	if (yes > 0)
		kpci_rescan_all(file->priv);
	return yes < 0 ? yes : (ssize_t)len;
}

static const struct pfs_ops rescan_ops = { .store = bus_rescan, .locks = LOCK_PCI };

void kpci_show_bus(struct kernel *k, struct kpci_bus *bus)
{
	char name[16];
	struct pfs_node *above;

	snprintf(name, sizeof(name), "%04x:%02x", bus->domain & 0xffff,
		 bus->number & 0xff);
	if (bus->bridge) {
		bus->host = bus->bridge->dir;
	} else {
		char host[24];

		snprintf(host, sizeof(host), "pci%s", name);
		bus->host = pfs_can_vanish(pfs_dir(pfs_path(k->sys, "devices"), host));
		if (bus->node)
			pfs_link_to(bus->host, "of_node", bus->node->dir);
	}
	above = pfs_dir(bus->host, "pci_bus");
	bus->dir = pfs_dir(above, name);
	if (!bus->dir)
		return;
	bus->dir->priv = k;
	kernel_attr(k, bus->dir, "rescan", 0200, &rescan_ops, bus);
	pfs_link_to(bus->dir, "subsystem", pfs_path(k->sys, "class/pci_bus"));
	if (bus->node)
		pfs_link_to(bus->dir, "of_node", bus->node->dir);
	bus->class_link = pfs_can_vanish(
		pfs_link_to(pfs_path(k->sys, "class/pci_bus"), name, bus->dir));
	kuevent(k, "add", bus->dir, "pci_bus", NULL);
}

void kpci_hide_bus(struct kernel *k, struct kpci_bus *bus)
{
	if (!bus->dir)
		return;
	kuevent(k, "remove", bus->dir, "pci_bus", NULL);
	pfs_remove(bus->class_link);
	pfs_remove(bus->dir->parent);
	if (!bus->bridge)
		pfs_remove(bus->host);
	bus->dir = bus->host = bus->class_link = NULL;
}

static void modalias(const struct kpci_dev *dev, char text[80])
{
	snprintf(text, 80, "pci:v%08Xd%08Xsv%08Xsd%08Xbc%02Xsc%02Xi%02X", dev->vendor,
		 dev->device, dev->subsystem_vendor, dev->subsystem, dev->class >> 16,
		 dev->class >> 8 & 0xff, dev->class & 0xff);
}

static void dev_event(struct kernel *k, const struct kpci_dev *dev, const char *action)
{
	char *node = dev->node ? ktree_path(dev->node) : NULL, alias[80];

	modalias(dev, alias);
	kuevent(k, action, dev->dir, "pci",
		"OF_FULLNAME=%s\nPCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n"
		"PCI_SLOT_NAME=%s\nMODALIAS=%s",
		node ? node : "", dev->class, dev->vendor, dev->device,
		dev->subsystem_vendor, dev->subsystem, dev->name, alias);
	free(node);
}

static int uevent_show(struct pfs_node *file, struct text *out)
{
	const struct kpci_dev *dev = file->priv;
	char *node = dev->node ? ktree_path(dev->node) : NULL, alias[80];

	modalias(dev, alias);
	if (dev->driver)
		text_add(out, "DRIVER=%s\n", *(const char *const *)dev->driver);
	if (node)
		text_add(out, "OF_NAME=%.*s\nOF_FULLNAME=%s\nOF_COMPATIBLE_N=0\n",
			 (int)strcspn(dev->node->name, "@"), dev->node->name, node);
	free(node);
	text_add(out, "PCI_CLASS=%X\nPCI_ID=%04X:%04X\nPCI_SUBSYS_ID=%04X:%04X\n",
		 dev->class, dev->vendor, dev->device, dev->subsystem_vendor,
		 dev->subsystem);
	text_add(out, "PCI_SLOT_NAME=%s\nMODALIAS=%s\n", dev->name, alias);
	return 0;
}

static ssize_t uevent_store(struct pfs_node *file, const char *bytes, size_t len)
{
	const char *action = kuevent_action(bytes, len);

	if (!action)
		return -EINVAL;
	dev_event(file->parent->priv, file->priv, action);
	return (ssize_t)len;
}

static void identity(struct kpci_dev *dev)
{
	char *node = dev->node ? ktree_path(dev->node) : NULL, alias[80];
	uint32_t pin = 0;

	modalias(dev, alias);
	ktree_u32(dev->node, "interrupts", &pin);
	pfs_text(dev->dir, "vendor", 0444, "0x%04x\n", dev->vendor);
	pfs_text(dev->dir, "device", 0444, "0x%04x\n", dev->device);
	pfs_text(dev->dir, "subsystem_vendor", 0444, "0x%04x\n", dev->subsystem_vendor);
	pfs_text(dev->dir, "subsystem_device", 0444, "0x%04x\n", dev->subsystem);
	pfs_text(dev->dir, "class", 0444, "0x%06x\n", dev->class);
	pfs_text(dev->dir, "revision", 0444, "0x%02x\n", dev->revision);
	pfs_text(dev->dir, "modalias", 0444, "%s\n", alias);
	pfs_text(dev->dir, "irq", 0444, "%u\n", pin ? 16 + dev->devfn / 8 : 0);
	pfs_text(dev->dir, "numa_node", 0644, "-1\n");
	pfs_text(dev->dir, "devspec", 0444, "%s\n", node ? node : "");
	free(node);
}

enum { CONFIG_BYTES = 256 };

static void config_show(struct pfs_node *file, void *handle, struct fs_request *request,
			size_t size, bool nonblock)
{
	const struct kpci_dev *dev = file->priv;
	uint64_t at = fs_offset(request);
	uint8_t bytes[CONFIG_BYTES];
	uint32_t value;
	size_t n = 0;

	(void)handle;
	(void)nonblock;
	for (; n < size && at + n < CONFIG_BYTES; n++) {
		if (!kpci_config_read(file->parent->priv, dev->bus, dev->devfn,
				      (unsigned int)(at + n), 1, &value))
			value = 0xff;
		bytes[n] = (uint8_t)value;
	}
	fs_reply(request, bytes, n, 0);
}

static ssize_t config_store(struct pfs_node *file, uint64_t at, const char *bytes,
			    size_t len)
{
	const struct kpci_dev *dev = file->priv;

	if (at >= CONFIG_BYTES)
		return -EFBIG;
	if (len > CONFIG_BYTES - at)
		len = CONFIG_BYTES - at;
	for (size_t i = 0; i < len; i++)
		kpci_config_write(file->parent->priv, dev->bus, dev->devfn,
				  (unsigned int)(at + i), 1, (uint8_t)bytes[i]);
	return (ssize_t)len;
}

void kpci_show_dev(struct kernel *k, struct kpci_dev *dev)
{
	static const struct pfs_ops config_ops = { .read = config_show,
						   .store_at = config_store };
	static const struct pfs_ops remove_ops = { .store = dev_remove,
						   .locks = LOCK_PCI },
				    uevent_ops = { .show = uevent_show,
						   .store = uevent_store };

	dev->dir = pfs_can_vanish(pfs_dir(dev->bus->host, dev->name));
	if (!dev->dir)
		return;
	dev->dir->priv = k;
	identity(dev);
	kernel_attr(k, dev->dir, "remove", 0220, &remove_ops, dev);
	kernel_attr(k, dev->dir, "rescan", 0200, &rescan_ops, dev->bus);
	kernel_attr(k, dev->dir, "uevent", 0644, &uevent_ops, dev);
	kernel_attr(k, dev->dir, "config", 0644, &config_ops, dev);
	pfs_link_to(dev->dir, "subsystem", pfs_path(k->sys, "bus/pci"));
	if (dev->node)
		pfs_link_to(dev->dir, "of_node", dev->node->dir);
	dev->bus_link = pfs_can_vanish(
		pfs_link_to(pfs_path(k->sys, "bus/pci/devices"), dev->name, dev->dir));
	dev_event(k, dev, "add");
}

void kpci_hide_dev(struct kernel *k, struct kpci_dev *dev)
{
	dev_event(k, dev, "remove");
	pfs_remove(dev->bus_link);
	pfs_remove(dev->dir);
	dev->dir = dev->bus_link = NULL;
}

int kpci_files(struct kernel *k)
{
	static const struct pfs_ops ops = { .store = all_rescan, .locks = LOCK_PCI };

	k->pci.slots_dir = pfs_path(k->sys, "bus/pci/slots");
	return kernel_attr(k, pfs_path(k->sys, "bus/pci"), "rescan", 0200, &ops, k)
		       ? 0
		       : -ENOMEM;
}
