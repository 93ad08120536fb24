/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * device.h - the common part of all devices
 *
 * A device is added by the name of its driver. It is owned by the part of the machine
 * that it belongs to (pci.c, cpus.c, memory.c). Their structures begin with this one.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

struct connector;
struct device;
struct fdt_out;

/* Operations of a kind of device. Operations that a kind does not need are NULL. */
struct device_class {
	/* First words of the error "... unplug already in progress", which is returned
	 * before request_unplug is called. NULL if the request may be repeated
	 * (processors). */
	const char *unplug_noun;
	/* Write the device's node. hotplug: as ibm,configure-connector returns it,
	 * otherwise as in the whole tree. A negative errno makes the connector return
	 * "hardware error". */
	int (*put_node)(struct papr_vmm *vmm, struct device *dev,
			const struct connector *c, struct fdt_out *out, bool hotplug);
	/* Handle device_del: request the unplug from the guest, or refuse. */
	int (*request_unplug)(struct papr_vmm *vmm, struct device *dev,
			      struct papr_error *error);
	/* Handle the guest's release of connector c. The device is freed, but a DIMM
	 * waits for its other connectors. Report DEVICE_DELETED. */
	void (*release)(struct papr_vmm *vmm, struct device *dev, struct connector *c);
	/* Handle the guest's refusal. If NULL, the connector's unplug_requested is
	 * cleared and DEVICE_UNPLUG_GUEST_ERROR is reported. */
	void (*reject)(struct papr_vmm *vmm, struct device *dev, struct connector *c);
};

struct device {
	const struct device_class *class;
	const char *driver; /* name of its model */
	char *id;	    /* NULL: no id was given */
	uint32_t number;    /* number among the devices without an id, from 0 */
	bool hotplugged;
	struct device *next; /* next of all added devices */
};

/* Add a device to the machine's list. Copy id (NULL: none) and set hotplugged. Return 0,
 * -EEXIST, -EINVAL (id is not an identifier) or -ENOMEM. */
int device_register(struct papr_vmm *vmm, struct device *dev, const char *id,
		    struct papr_error *error);
/* Remove a device from the list and free its id. If it is not in the list, do nothing. */
void device_unregister(struct papr_vmm *vmm, struct device *dev);
/* Report DEVICE_DELETED and unregister the device. The owner must free it afterwards. */
void device_deleted(struct papr_vmm *vmm, struct device *dev);
/* Report DEVICE_DELETED for an object inside the device, which has no id. */
void device_inner_deleted(const struct papr_vmm *vmm, const struct device *dev,
			  const char *name);
/* Report DEVICE_UNPLUG_GUEST_ERROR, and log QEMU's message. */
void device_rejected(const struct papr_vmm *vmm, const struct device *dev);

/* Return true if id is a letter followed by letters, digits, "-._". This is QEMU's rule,
 * because an id is part of a path. */
bool device_is_id(const char *id);
/* Find a device by its id. Return NULL if it does not exist. */
struct device *device_find(const struct papr_vmm *vmm, const char *id);

/* Return "/machine/peripheral/ID" or "/machine/peripheral-anon/device[N]". The caller
 * frees it. Return NULL if out of memory. */
char *device_path(const struct device *dev);
