/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * disk.h - disks behind controllers: USB storage and SCSI disks
 *
 * They have no connector: the guest learns of them from their controller, whose
 * interrupt tells that something came or went. Here they are names only.
 *
 * Source:  QEMU 7.2 (buses, error texts, events)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>

#include "vmm/device.h"

struct pci_function;

struct disk {
	struct device dev;
	struct disk *next; /* behind the same controller, oldest first */
	struct pci_function *controller;
};

bool disk_is_driver(const char *driver);
int disk_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error);

/* All behind a controller that goes; told: DEVICE_DELETED for each. */
void disks_free(struct papr_vmm *vmm, struct pci_function *controller, bool told);
