/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio.h - registers and queue of virtio-rng-pci
 *
 * The card fills the guest's buffers with random bytes, at most 64 KiB for a request. It has
 * the modern interface alone. The guest's driver sets up a queue in its memory, and messages of
 * MSI-X tell it what is done. The guest is not trusted: each access to its memory is checked.
 *
 * Errors:  none: what a guest does wrong stops its card until the driver resets it.
 * Source:  Virtual I/O Device (VIRTIO) 1.2, 2.7 (split queues), 4.1 (PCI), 5.4
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/server/host.h"

struct virtio_card; /* a list of all that were used; NULL: none */

/* Handle an access to a register of a card. data: what is written, or receives what is
 * read, of len 1, 2, 4 or 8 bytes in the order of the bus. Return the interrupt to send,
 * or 0. Cards with other drivers do nothing. */
uint32_t virtio_access(struct virtio_card **all, struct host *host,
		       const struct papr_pci_access *access, bool is_write, uint8_t *data,
		       uint32_t len);
/* Reset all cards. */
void virtio_free(struct virtio_card **all);
