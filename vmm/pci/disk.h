/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * disk.h - disks of controllers: USB storage and SCSI disks; and other USB devices
 *
 * They have no connector. The controller's interrupt tells the guest that one was added or
 * removed. This library only keeps their names and ports.
 *
 * Source:  QEMU 7.2 (buses, error texts, events)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>

#include "vmm/base/device.h"
#include "vmm/base/option.h"

struct kind;
struct pci_function;

enum { MAX_PORTS = 15, PORT_BYTES = 16 };

struct disk {
	struct device dev;
	const struct kind *kind;
	struct disk *next; /* next of the same controller, oldest first */
	uint64_t serial;   /* differs from that of each earlier disk and function */
	struct pci_function *controller;
	struct disk *above;    /* the hub, or the USB device with a SCSI bus; or NULL */
	char port[PORT_BYTES]; /* of USB: "1", "1.2" below a hub */
};

bool disk_is_driver(const char *driver);
int disk_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error);

/* Return the number of ports of a USB controller with these options, 0 of other cards. */
uint8_t disk_ports(const char *driver, const struct papr_option *options, size_t n);

/* Free all disks of a controller that is removed. If told is true, report DEVICE_DELETED
 * for each. */
void disks_free(struct papr_vmm *vmm, struct pci_function *controller, bool told);
