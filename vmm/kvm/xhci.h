/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xhci.h - USB controllers nec-usb-xhci and qemu-xhci, with USB disks at their ports
 *
 * A disk (usb-storage) is a high-speed device at the port that the machine names. Ports for
 * SuperSpeed exist and are empty; hubs and other USB devices are not connected. One
 * interrupter, contexts of 32 bytes, no streams.
 *
 * The guest is not trusted: each access to its memory is checked, and one doorbell handles a
 * limited number of TRBs. What cannot be done stops the controller until the guest resets it:
 * HSE after an access outside of memory, HCE after a ring without an end or events without
 * room.
 *
 * Source:  eXtensible Host Controller Interface for USB 1.2; Linux, drivers/usb/host/xhci.h
 *          (the firmware command of NEC's controllers)
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/server/host.h"

struct xhci; /* a list of all that were used; NULL: none */

/* Handle an access to a register, as virtio_access() does. */
uint32_t xhci_access(struct xhci **all, struct host *host,
		     const struct papr_pci_access *access, bool is_write, uint8_t *data,
		     uint32_t len);
/* The machine has changed: connect and disconnect disks. Return as virtio_changed(). */
uint32_t xhci_changed(struct xhci **all, struct host *host);
/* Reset all controllers. */
void xhci_free(struct xhci **all);
