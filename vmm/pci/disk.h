/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * disk.h - disks of controllers: USB storage and SCSI disks
 *
 * They have no connector. The controller's interrupt tells the guest that one was added or
 * removed. This library only keeps their names.
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

struct disk {
	struct device dev;
	const struct kind *kind;
	struct disk *next; /* next of the same controller, oldest first */
	struct pci_function *controller;
	uint32_t target, lun; /* 0 on USB */
};

bool disk_is_driver(const char *driver);
int disk_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error);

/* Free all disks of a controller that is removed. If told is true, report DEVICE_DELETED
 * for each. */
void disks_free(struct papr_vmm *vmm, struct pci_function *controller, bool told);
