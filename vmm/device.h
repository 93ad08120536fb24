/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * device.h - what can be attached to connectors, whatever it is
 *
 * A device is added through its driver's description and is owned by the part of the
 * machine that it belongs to (pci.c, cpus.c, memory.c); this is the head that they
 * share.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/fdt_out.h"
#include "vmm/paprvmm.h"

struct connector;
struct device;

/* What a kind of device can do. Functions of a kind that has no use for them are
 * NULL. */
struct device_class {
	/* Words for "... unplug already in progress", which is said before
	 * request_unplug is called; NULL where asking again is fine (processors). */
	const char *unplug_noun;
	/* Its device-tree node, opened and ended, as ibm,configure-connector gives it
	 * (hotplug) or as it stands in the whole tree. -errno makes the connector
	 * answer "hardware error". */
	int (*put_node)(struct papr_vmm *vmm, struct device *dev,
			const struct connector *c, struct fdt_out *out, bool hotplug);
	/* device_del: asks the guest, or refuses. */
	int (*request_unplug)(struct papr_vmm *vmm, struct device *dev,
			      struct papr_error *error);
	/* The guest gave connector c up: the device goes, or (DIMM) waits for the rest
	 * of its connectors. Tells DEVICE_DELETED. */
	void (*release)(struct papr_vmm *vmm, struct device *dev, struct connector *c);
	/* The guest refuses to give it up. NULL: unplug_requested of the connector is
	 * cleared and DEVICE_UNPLUG_GUEST_ERROR told. */
	void (*reject)(struct papr_vmm *vmm, struct device *dev, struct connector *c);
};

struct device {
	const struct device_class *class;
	const char *driver; /* name of its model */
	char *id;	    /* NULL: none was given */
	uint32_t number;    /* of those without an id, from 0 */
	bool hotplugged;
	struct device *next; /* all devices that were added to the machine */
};

/* Every device that was added is in the machine's list. Copies id (NULL: none), sets
 * hotplugged. 0, -EEXIST, -EINVAL no identifier, -ENOMEM. */
int device_register(struct papr_vmm *vmm, struct device *dev, const char *id,
		    struct papr_error *error);
/* Out of the list; frees the id. Nothing if it is not in it. */
void device_unregister(struct papr_vmm *vmm, struct device *dev);
/* Tells DEVICE_DELETED, then unregisters: the last thing before the owner frees it. */
void device_deleted(struct papr_vmm *vmm, struct device *dev);
/* DEVICE_DELETED of an object inside of it, which has a name of len bytes but no id. */
void device_inner_deleted(const struct papr_vmm *vmm, const struct device *dev,
			  const char *name, size_t len);
/* DEVICE_UNPLUG_GUEST_ERROR, and QEMU's line for the log. */
void device_rejected(const struct papr_vmm *vmm, const struct device *dev);

/* A letter, then letters, digits, "-._", as QEMU has it: an id stands in a path. */
bool device_is_id(const char *id);
/* NULL: none of this id. */
struct device *device_find(const struct papr_vmm *vmm, const char *id);

/* "/machine/peripheral/ID" or "/machine/peripheral-anon/device[N]"; allocated, NULL:
 * no memory. */
char *device_path(const struct device *dev);
