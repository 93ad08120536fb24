/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vdev.h - devices at unit addresses below /vdevice: terminals, NVRAM, SCSI, networks
 *
 * Each device has a unit address, given as the property "reg" or the next unused one, and
 * an interrupt that follows from it. The machine has the terminals of its configuration
 * and one NVRAM, in this order. All are there from the machine's start.
 *
 * SCSI adapters and network cards accept queues and buffers of the guest's driver. No data
 * is transferred: packets and SCSI commands are lost.
 *
 * Errors:  negative errno, with QEMU's text.
 * Source:  PAPR+ C.6.4 (/vdevice), 17.2 (queues), 16.4 (networks); QEMU 7.2's device tree
 *          and replies
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

struct state_section;

/* The first unit address that the machine assigns, and the first interrupt */
enum { VDEV_FIRST_REG = 0x71000000, VDEV_FIRST_IRQ = 0x1100 };

enum { VDEV_NVRAM_BYTES = PAPR_NVRAM_BYTES };

/* The machine's terminals at most; devices can add more. */
enum { VTYS = 16, VTY_INPUT_BYTES = 1024 };

enum vdev_kind { VDEV_VTY, VDEV_NVRAM, VDEV_SCSI, VDEV_LAN };

/* Input that the guest has not read yet */
struct vty {
	unsigned int number; /* among the terminals, in the order of their creation */
	uint8_t input[VTY_INPUT_BYTES];
	size_t len;
};

/* Buffers of one size that the guest has given to a network card */
struct lan_pool {
	uint32_t bytes, buffers;
};

enum { LAN_POOLS = 5, LAN_POOL_MAX = 4096 };

struct lan {
	uint8_t mac[MAC_BYTES], first_mac[MAC_BYTES];
	int mac_number; /* of a default address; -1: given */
	bool is_open;
	struct lan_pool pools[LAN_POOLS];
};

struct vdev {
	struct device dev; /* registered if it is not of the configuration */
	struct vdev *next; /* by ascending address */
	const struct vdev_model *model;
	uint32_t reg, irq;
	bool is_added;	    /* by papr_vmm_device_add() */
	uint32_t crq_bytes; /* of the guest's queue; 0: none */
	uint64_t crq_address;
	bool signals;	       /* the guest wants interrupts */
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

/* vdev_crq.c */
hcall_fn hcall_reg_crq, hcall_free_crq, hcall_send_crq, hcall_enable_crq,
	hcall_vio_signal;
void vdev_free_crq(struct vdev *vdev);
/* vdev_lan.c */
hcall_fn hcall_register_lan, hcall_free_lan, hcall_add_lan_buffer, hcall_send_lan,
	hcall_multicast, hcall_change_lan_mac;
void vdev_close_lan(struct vdev *vdev);
/* Free the queues of all devices, and remove their mappings. */
void vdev_quiesce(struct papr_vmm *vmm);

extern const struct option_row vty_rows[], vscsi_rows[], vlan_rows[]; /* properties */
extern const struct state_section state_vdev;
