/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vio.h - virtual adapters in logical slots below /vdevice, as on PowerVM
 *
 * QEMU has such devices too, but no connectors for them. With x-powervm=on each slot
 * has a connector of type SLOT, and adapters can be plugged and unplugged.
 *
 * Source:  PAPR+ 13.5 (logical resources), B.6.17 (/vdevice)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>

#include "vmm/base/device.h"
#include "vmm/base/option.h"
#include "vmm/iommu/iommu.h"

enum { VIO_SLOTS = 64, VIO_DMA_BYTES = 0x10000000 };

struct vio {
	struct device dev; /* attached to its SLOT connector */
	struct vio *next;
	const struct vio_model *model;
	uint32_t slot;
	struct dma_window dma;
};

bool vio_is_driver(const char *driver);
int vio_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	    size_t n, struct papr_error *error);

/* Return true if a slot has this interrupt. */
bool vio_has_irq(const struct papr_vmm *vmm, uint32_t irq);

/* Return the connector of the adapter's slot. */
struct connector *vio_connector(const struct papr_vmm *vmm, const struct vio *vio);

int vio_init(struct papr_vmm *vmm);
void vio_free(struct papr_vmm *vmm);

/* Write connectors or adapters into the open node /vdevice. */
void vio_put_connectors(const struct papr_vmm *vmm, struct fdt_out *out);
void vio_put_nodes(const struct papr_vmm *vmm, struct fdt_out *out);

/* ---- vio_dma.c: DMA windows, also of vdev.h's devices ---- */

/* Register the window of the device at this unit address. */
void vio_dma_register(struct papr_vmm *vmm, struct dma_window *w, uint32_t reg);
/* Remove the mappings of all windows, or set the windows to their state after a reset. */
void vio_dma_clear(struct papr_vmm *vmm);
void vio_dma_reset(struct papr_vmm *vmm);
/* Find the window of the device at this unit address. Return NULL if the device has none, or
 * the guest has not acquired it. */
struct dma_window *vio_dma_find(const struct papr_vmm *vmm, uint32_t reg);
