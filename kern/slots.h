/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slots.h - /sys/bus/pci/slots: the hot-plug slots that rpaphp registered
 *
 * A slot is found by its DRC name. Its files can be stale: removing a host bridge does
 * not remove the slots of its bus, and writing to those uses freed memory. So every
 * lookup before a write needs the current PCI domain of the bus. It fails with -ESTALE if
 * the slot reports another.
 *
 * Errors:  negative errno; -ENOENT the slot or the slot driver does not exist.
 * Source:  Linux 6.1 drivers/pci/hotplug/rpaphp_core.c, rpadlpar_sysfs.c
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

enum slot_adapter {
	SLOT_EMPTY = 0,
	SLOT_CONFIGURED = 1,
	SLOT_NOT_CONFIGURED = 2,
};

/* The longest DRC name that add_slot and remove_slot accept. */
enum { SLOT_NAME_MAX = 63 };

struct slot_ref {
	char dir[300]; /* sys/bus/pci/slots/<name> */
};

/* Find the slot of this connector on the bus "DDDD:BB". Return 0, -ENOENT,
 * -ESTALE, or the errno of the reading. */
int slot_find(const struct kern_root *root, const char *drc_name, const char *bus,
	      struct slot_ref *slot);

/* Read the adapter state that the slot driver reports (enum slot_adapter). */
int slot_adapter(const struct kern_root *root, const struct slot_ref *slot, int *adapter);

/* Write the slot's power file. On: the driver configures the slot's device-tree children;
 * on a shared bus it adds to the existing devices. Off: it removes every device of the
 * slot's bus, so the caller must make sure that the bus is empty. */
int slot_power(const struct kern_root *root, const struct slot_ref *slot, bool on);

/* Return 1 if the rpadlpar_io module is loaded, with its files add_slot and remove_slot; 0, or
 * a negative errno. */
int slot_control_exists(const struct kern_root *root);

/* Add the host bridge or virtual slot of this DRC name to Linux, or remove it. Its node
 * must exist. Return 0 or an error. -ENAMETOOLONG: the name is too long. -ENODEV: the
 * node does not exist. -EINVAL: it is already added or removed. -EBUSY: it still has
 * devices. A removal may leave slots of the bus, which are then stale. */
int slot_control(const struct kern_root *root, bool add, const char *drc_name);
