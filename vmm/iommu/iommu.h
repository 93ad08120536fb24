/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * iommu.h - windows through which devices access memory, and the guest's calls for them
 *
 * A window translates an address on a device's bus to a guest-physical one. The guest names
 * it by its logical bus number (LIOBN). Its owner, a host bridge or a virtual device,
 * registers it. The guest sets its entries (TCEs): a guest-physical address with permissions
 * of the device.
 *
 * Memory:  the entries of all windows of a machine have at most 1/64 of the memory that the
 *          guest can have, and 4 MiB for each registered window. An entry beyond it is
 *          refused with H_RESOURCE. 4 MiB are enough for each page of a default window.
 * Source:  PAPR+ 14.5.4.2; QEMU 7.2's replies
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/iommu/tce.h"

enum { DMA_PAGE_SHIFT = 12 }; /* of a window after a reset, which begins at 0 */

struct dma_window {
	struct dma_window *next; /* in the order of their registration */
	uint32_t liobn;
	uint64_t default_pages; /* after a reset; 0: it is closed then */
	unsigned int page_shift;
	uint64_t start; /* on the bus, a multiple of the page */
	uint64_t pages; /* 0: the window is closed */
	bool bypass;	/* addresses are not translated */
	struct tce_table tces;
};

struct iommu {
	struct dma_window *windows;
	struct tce_pool pool;
};

static inline struct iommu *iommu_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->iommu;
}

/* Check that no window has this number. Return 0 or -EEXIST. */
int dma_window_check(const struct papr_vmm *vmm, uint32_t liobn,
		     struct papr_error *error);

/* Add a window, as it is after a reset, or close and remove it. No other window has its
 * number. A window that is not registered is not removed. */
void dma_window_register(struct papr_vmm *vmm, struct dma_window *w, uint32_t liobn,
			 uint64_t default_pages);
void dma_window_unregister(struct papr_vmm *vmm, struct dma_window *w);

/* Open a closed window without mappings. */
void dma_window_open(struct dma_window *w, unsigned int page_shift, uint64_t start,
		     uint64_t pages);
void dma_window_close(struct papr_vmm *vmm, struct dma_window *w);
/* Remove all mappings. */
void dma_window_clear(struct papr_vmm *vmm, struct dma_window *w);
/* Open or close a window as it is after a reset, without mappings. It is not bypassed. */
void dma_window_reset(struct papr_vmm *vmm, struct dma_window *w);
/* Return true if a window's place and size are those after a reset. */
bool dma_window_is_default(const struct dma_window *w);

/* Find the window with this number. Return NULL if no window has it. */
struct dma_window *dma_window_find(const struct papr_vmm *vmm, uint64_t liobn);

/* Translate len bytes at least 1 at this address. Return 0, -EFAULT or -EACCES, as
 * papr_vmm_pci_dma(). */
int dma_window_translate(const struct dma_window *w, uint64_t address, uint64_t len,
			 unsigned int access, struct papr_dma *out);

hcall_fn hcall_get_tce, hcall_put_tce, hcall_stuff_tce, hcall_put_tce_indirect;

extern const struct state_section state_tce;
