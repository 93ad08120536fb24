// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "vmm/base/guest_memory.h"
#include "vmm/iommu/iommu.h"
#include "wire/cursor.h"

/* Memory of the entries: so much for each window, and this part of the guest's memory */
enum { POOL_WINDOW = 4 << 20, POOL_PART = 64 };

/* Permissions of an entry: the low bits. They have the same values as PAPR_DMA_... */
enum { TCE_ACCESS = PAPR_DMA_READ | PAPR_DMA_WRITE };

/* Entries of one call: of a list, and of a fill with an entry that maps a page. QEMU has no
 * limit for the latter; this one is all pages of a default window. */
enum { LIST_MAX = 512, FILL_MAX = 1 << 18 };

/* ---- Windows ------------------------------------------------------------------------- */

static void iommu_set_limit(struct papr_vmm *vmm)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;
	uint64_t most = cfg->max_ram_bytes;
	struct iommu *iommu = iommu_of(vmm);

	if (most < cfg->ram_bytes)
		most = cfg->ram_bytes;
	iommu->pool.limit = most / POOL_PART;
	for (const struct dma_window *w = iommu->windows; w; w = w->next)
		iommu->pool.limit += POOL_WINDOW;
}

int dma_window_check(const struct papr_vmm *vmm, uint32_t liobn, struct papr_error *error)
{
	if (!dma_window_find(vmm, liobn))
		return 0;
	return papr_fail(error, -EEXIST,
			 "Attempted to create TCE table with duplicate LIOBN %#x",
			 (unsigned int)liobn);
}

void dma_window_register(struct papr_vmm *vmm, struct dma_window *w, uint32_t liobn,
			 uint64_t default_pages)
{
	struct dma_window **at = &iommu_of(vmm)->windows;

	while (*at)
		at = &(*at)->next;
	*at = w;
	*w = (struct dma_window){ .liobn = liobn, .default_pages = default_pages };
	iommu_set_limit(vmm);
	dma_window_reset(vmm, w);
}

void dma_window_unregister(struct papr_vmm *vmm, struct dma_window *w)
{
	struct dma_window **at = &iommu_of(vmm)->windows;

	while (*at && *at != w)
		at = &(*at)->next;
	if (!*at)
		return;
	dma_window_close(vmm, w);
	*at = w->next;
	iommu_set_limit(vmm);
}

void dma_window_open(struct dma_window *w, unsigned int page_shift, uint64_t start,
		     uint64_t pages)
{
	w->page_shift = page_shift;
	w->start = start;
	w->pages = pages;
	tce_init(&w->tces, pages);
}

void dma_window_close(struct papr_vmm *vmm, struct dma_window *w)
{
	w->bypass = false;
	dma_window_clear(vmm, w);
	w->pages = 0;
}

void dma_window_clear(struct papr_vmm *vmm, struct dma_window *w)
{
	if (w->pages)
		tce_clear(&w->tces, &iommu_of(vmm)->pool, 0, w->pages);
}

bool dma_window_is_default(const struct dma_window *w)
{
	return w->pages == w->default_pages &&
	       (!w->pages || (w->page_shift == DMA_PAGE_SHIFT && !w->start));
}

void dma_window_reset(struct papr_vmm *vmm, struct dma_window *w)
{
	w->bypass = false;
	if (dma_window_is_default(w)) {
		dma_window_clear(vmm, w);
		return;
	}
	dma_window_close(vmm, w);
	if (w->default_pages)
		dma_window_open(w, DMA_PAGE_SHIFT, 0, w->default_pages);
}

struct dma_window *dma_window_find(const struct papr_vmm *vmm, uint64_t liobn)
{
	struct dma_window *w = iommu_of(vmm)->windows;

	while (w && w->liobn != liobn)
		w = w->next;
	return w;
}

int dma_window_translate(const struct dma_window *w, uint64_t address, uint64_t len,
			 unsigned int access, struct papr_dma *out)
{
	uint64_t page = UINT64_C(1) << w->page_shift, in_page = address & (page - 1);
	uint64_t index = (address - w->start) >> w->page_shift, tce;

	*out = (struct papr_dma){ .address = address,
				  .bytes = len,
				  .access = TCE_ACCESS };
	if (address && len > -address) /* up to the end of the address space */
		out->bytes = len = -address;
	if (w->bypass)
		return 0;
	if (address < w->start || index >= w->pages)
		return -EFAULT;
	tce = tce_get(&w->tces, index);
	if (!(tce & TCE_ACCESS))
		return -EFAULT;
	if (access & ~tce & TCE_ACCESS)
		return -EACCES;
	out->address = (tce & ~(page - 1)) | in_page;
	out->access = tce & TCE_ACCESS;
	out->bytes = page - in_page;
	while (out->bytes < len && ++index < w->pages) {
		tce += page;
		if (tce < page || tce_get(&w->tces, index) != tce)
			break;
		out->bytes += page;
	}
	if (out->bytes > len)
		out->bytes = len;
	return 0;
}

/* ---- Hypercalls ---------------------------------------------------------------------- */

/* A call's window, and the place of its first page. */
struct dma_place {
	struct dma_window *w;
	uint64_t index;
};

/* Read the first two arguments: the window's number and an address on the bus, whose low
 * bits do not matter. Return false if the window does not exist. */
static bool dma_place_read(struct papr_vmm *vmm, const uint64_t args[PAPR_HCALL_ARGS],
			   struct dma_place *place)
{
	struct dma_window *w = dma_window_find(vmm, args[0]);

	if (!w || !w->pages)
		return false;
	place->w = w;
	place->index =
		args[1] < w->start ? UINT64_MAX : (args[1] - w->start) >> w->page_shift;
	return true;
}

/* Set one entry. */
static int64_t dma_put(struct papr_vmm *vmm, const struct dma_place *place, uint64_t tce)
{
	struct dma_window *w = place->w;

	if (place->index >= w->pages)
		return H_PARAMETER;
	if (tce_set(&w->tces, &iommu_of(vmm)->pool, place->index, tce))
		return H_RESOURCE;
	return H_SUCCESS;
}

/* Arguments: window, address on the bus. r4 receives the entry. */
int64_t hcall_get_tce(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct dma_place place;

	if (!dma_place_read(vmm, args, &place) || place.index >= place.w->pages)
		return H_PARAMETER;
	args[0] = tce_get(&place.w->tces, place.index);
	return H_SUCCESS;
}

/* Arguments: window, address on the bus, entry. */
int64_t hcall_put_tce(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct dma_place place;

	if (!dma_place_read(vmm, args, &place))
		return H_PARAMETER;
	return dma_put(vmm, &place, args[2]);
}

/* Arguments: window, address on the bus, address of a list of entries, their number. */
int64_t hcall_put_tce_indirect(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	uint8_t list[LIST_MAX * sizeof(uint64_t)];
	int64_t status = H_PARAMETER;
	struct dma_place place;
	struct cursor c;

	if (!dma_place_read(vmm, args, &place) || args[3] > LIST_MAX ||
	    args[2] % sizeof(list))
		return H_PARAMETER;
	if (guest_read(vmm, args[2], list, args[3] * sizeof(uint64_t)))
		return H_PARAMETER;
	c = cursor_of(list, args[3] * sizeof(uint64_t));
	while (cursor_left(&c)) {
		status = dma_put(vmm, &place, cursor_be64(&c));
		if (status)
			break;
		place.index++;
	}
	return status;
}

/* Remove mappings, all those that exist. */
static int64_t dma_stuff_zero(struct papr_vmm *vmm, const struct dma_place *place,
			      uint64_t count)
{
	uint64_t left = place->w->pages - place->index;

	tce_clear(&place->w->tces, &iommu_of(vmm)->pool, place->index,
		  count < left ? count : left);
	return count <= left ? H_SUCCESS : H_PARAMETER;
}

/* Arguments: window, address on the bus, entry, number of entries that receive it. PAPR
 * permits 512, but older kernels remove the mappings of a whole window by one call, which
 * QEMU accepts. */
int64_t hcall_stuff_tce(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	int64_t status = H_PARAMETER;
	struct dma_place place;

	if (!dma_place_read(vmm, args, &place) || place.index >= place.w->pages ||
	    !args[3] || args[3] > place.w->pages)
		return H_PARAMETER;
	if (!args[2])
		return dma_stuff_zero(vmm, &place, args[3]);
	if (args[3] > FILL_MAX)
		return H_PARAMETER;
	for (uint64_t i = 0; i < args[3]; i++) {
		status = dma_put(vmm, &place, args[2]);
		if (status)
			break;
		place.index++;
	}
	return status;
}
