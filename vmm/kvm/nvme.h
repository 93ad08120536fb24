/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * nvme.h - NVMe controllers, with one disk that contains zeros and cannot be written
 *
 * The guest is not trusted: each access to its memory is checked, and a command transfers at
 * most 128 KiB. A controller accesses memory through the guest's DMA windows.
 *
 * Errors:  none: a wrong queue sets the controller's status of a fatal error.
 * Source:  NVM Express 1.2
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/server/host.h"

struct nvme; /* a list of all that were used; NULL: none */

/* Handle an access to a register, as virtio_access() does. */
uint32_t nvme_access(struct nvme **all, struct host *host,
		     const struct papr_pci_access *access, bool is_write, uint8_t *data,
		     uint32_t len);
/* Reset all controllers. */
void nvme_free(struct nvme **all);
