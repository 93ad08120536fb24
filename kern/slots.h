/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * slots.h - /sys/bus/pci/slots: the hot-plug slots that rpaphp registered
 *
 * A slot is found by its DRC name. Its files can be stale: removing a host bridge
 * leaves the slots of its bus behind, and writing to those uses freed memory. So
 * every write needs the PCI domain that the bus has now, and is refused with -ESTALE
 * when the slot says another.
 *
 * Errors:  negative errno; -ENOENT no such slot or no slot driver.
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

/* The longest DRC name that add_slot and remove_slot take. */
enum { SLOT_NAME_MAX = 63 };

struct slot_ref {
	char dir[300]; /* sys/bus/pci/slots/<name> */
};

/* The slot of this connector on the bus "DDDD:BB". 0, -ENOENT, -ESTALE. */
int slot_find(const struct kern_root *root, const char *drc_name, const char *bus,
	      struct slot_ref *slot);

/* What the slot driver believes to be there. */
int slot_adapter(const struct kern_root *root, const struct slot_ref *slot, int *adapter);

/* On: configures the slot's device-tree children; adds to a shared bus. Off: removes
 * every device of the slot's bus, so the caller makes sure that there is none. */
int slot_power(const struct kern_root *root, const struct slot_ref *slot, bool on);

/* Is the rpadlpar_io module there, with its files add_slot and remove_slot? */
bool slot_control_exists(const struct kern_root *root);

/* Linux takes up, or lets go of, the host bridge or virtual slot of this DRC name, whose
 * node is there. -ENAMETOOLONG; -ENODEV no such node, -EINVAL it is as wanted already,
 * -EBUSY removal: there are devices. Where removal leaves slots of the bus behind, they
 * are stale from then on. */
int slot_control(const struct kern_root *root, bool add, const char *drc_name);
