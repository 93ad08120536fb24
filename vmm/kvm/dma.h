/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dma.h - the guest's memory as a PCI card accesses it
 *
 * A card uses addresses of its bus, which the guest's DMA windows translate. The guest is not
 * trusted: a card reaches no memory that is not mapped with the access it needs.
 *
 * Layer:   papr-vmm
 */
#pragma once

#include <stdint.h>

#include "vmm/server/host.h"

/* Copy all bytes at an address on the bus of the function with this serial. Return 0, or
 * -EFAULT: the card must not access one of them, and those before it may have been copied. */
int vm_dma_read(const struct host *host, uint64_t serial, uint64_t address, void *to,
		uint64_t bytes);
int vm_dma_write(const struct host *host, uint64_t serial, uint64_t address,
		 const void *from, uint64_t bytes);
