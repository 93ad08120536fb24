/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * virtio_parts.h - interfaces between the files that implement virtio.h
 *
 * virtio.c has registers and queues, virtio_models.c what each card does with a request.
 *
 * Errors:  -EFAULT: the guest's request is invalid.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/kvm/virtio.h"

enum {
	VIRTIO_QUEUES = 2,
	VIRTIO_QUEUE_MAX = 256, /* entries; a power of two */
	VIRTIO_NO_VECTOR = 0xffff,
	VIRTIO_CONFIG_BYTES = 8,
};
/* Bits of a card's status */
enum { VIRTIO_DRIVER_OK = 4, VIRTIO_FEATURES_OK = 8, VIRTIO_NEEDS_RESET = 0x40 };
#define VIRTIO_VERSION_1       (UINT64_C(1) << 32) /* a feature of all cards */
#define VIRTIO_ACCESS_PLATFORM (UINT64_C(1) << 33) /* the card uses DMA windows */

/* The common configuration, as it lies in the BAR: little-endian */
struct virtio_common {
	uint32_t device_feature_select, device_feature;
	uint32_t driver_feature_select, driver_feature;
	uint16_t config_vector, num_queues;
	uint8_t status, generation;
	uint16_t queue_select;
	struct virtio_setup {
		uint16_t size, vector, enable, notify;
		uint64_t desc, avail, used;
	} __attribute__((packed)) queue; /* the selected one */
} __attribute__((packed));

struct virtio_queue {
	struct virtio_setup setup;
	uint16_t seen, filled; /* of the rings of available and used buffers */
};

/* A buffer of a request */
struct virtio_part {
	uint64_t address;
	uint32_t len;
	bool for_guest; /* the card writes it */
};

/* Longer chains of descriptors are invalid. A circle is one of them. */
enum { REQUEST_PARTS = 32 };

struct virtio_request {
	struct host *host;
	struct virtio_card *card;
	unsigned int n;
	struct virtio_part parts[REQUEST_PARTS];
};

/* How a card works */
struct virtio_model {
	const char *driver;
	uint64_t features;
	uint16_t n_queues;
	uint16_t live; /* bit map of the queues whose requests are handled */
	uint8_t config[VIRTIO_CONFIG_BYTES]; /* the card's own registers */
	/* Handle a request. Return how many bytes were written for the guest, or -EFAULT:
	 * the request is invalid. */
	int64_t (*handle)(const struct virtio_request *request);
};

struct virtio_card {
	struct virtio_card *next;
	const struct virtio_model *model;
	struct papr_pci_access access; /* the last one */
	struct virtio_common common;
	struct virtio_queue queues[VIRTIO_QUEUES];
	uint64_t features; /* that the driver accepted */
};

/* virtio.c: access memory as the card does: through the guest's DMA windows if its property
 * iommu_platform is on, otherwise at guest-physical addresses. Return 0 or -EFAULT. */
int virtio_read(const struct virtio_card *card, const struct host *host, uint64_t address,
		void *to, uint32_t len);
int virtio_write(const struct virtio_card *card, struct host *host, uint64_t address,
		 const void *from, uint32_t len);

/* virtio_models.c: return NULL if no card works with this driver. */
const struct virtio_model *virtio_model_find(const char *driver);
