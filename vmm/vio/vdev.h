/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vdev.h - devices at unit addresses below /vdevice: terminals, NVRAM, SCSI, networks
 *
 * Each device has a unit address, given as the property "reg" or the next unused one, and
 * an interrupt that follows from it. The machine has the terminals of its configuration
 * and one NVRAM, in this order. All are there from the machine's start.
 *
 * SCSI adapters and network cards have nodes and DMA windows. Their queues are the embedder's:
 * the library does not answer the hypercalls.
 *
 * Errors:  negative errno, with QEMU's text.
 * Source:  PAPR+ C.6.4 (/vdevice); QEMU 7.2's device tree and replies
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/device.h"
#include "vmm/base/hcall.h"
#include "vmm/base/mac.h"
#include "vmm/base/option.h"
#include "vmm/iommu/iommu.h"
#include "vmm/paprvmm.h"

/* The first unit address that the machine assigns, and the first interrupt */
enum { VDEV_FIRST_REG = 0x71000000, VDEV_FIRST_IRQ = 0x1100 };

enum { VDEV_NVRAM_BYTES = 64 << 10 };

/* The machine's terminals at most; devices can add more. */
enum { VTYS = 16, VTY_INPUT_BYTES = 1024 };

enum vdev_kind { VDEV_VTY, VDEV_NVRAM, VDEV_SCSI, VDEV_LAN };

/* Input that the guest has not read yet */
struct vty {
	unsigned int number; /* among the terminals, in the order of their creation */
	uint8_t input[VTY_INPUT_BYTES];
	size_t len;
};

struct lan {
	uint8_t mac[MAC_BYTES];
	int mac_number; /* of a default address; -1: given */
};

struct vdev {
	struct device dev; /* registered if it is not of the configuration */
	struct vdev *next; /* by ascending address */
	const struct vdev_model *model;
	uint32_t reg, irq;
	bool is_added;	       /* by papr_vmm_device_add() */
	struct dma_window dma; /* registered if the device accesses memory */
	struct vty vty;
	struct lan lan;
};

/* Create what the configuration describes. */
int vdev_init(struct papr_vmm *vmm);
void vdev_reset(struct papr_vmm *vmm);
void vdev_free(struct papr_vmm *vmm);

bool vdev_is_driver(const char *driver);
int vdev_add(struct papr_vmm *vmm, const char *driver, const struct papr_option *options,
	     size_t n, struct papr_error *error);

/* Return the device at this address, or NULL. */
struct vdev *vdev_at(const struct papr_vmm *vmm, uint64_t reg);
bool vdev_is(const struct vdev *vdev, enum vdev_kind kind);

/* Return the terminal with the lowest unit address, or NULL: the default one. */
struct vdev *vty_default(const struct papr_vmm *vmm);
/* Pass the guest's output to the embedder. */
void vty_print(const struct papr_vmm *vmm, const struct vdev *vty, const void *text,
	       size_t len);

/* Write the devices into the open node /vdevice. */
void vdev_put_nodes(const struct papr_vmm *vmm, struct fdt_out *out);

hcall_fn hcall_put_term, hcall_get_term; /* console.c */
