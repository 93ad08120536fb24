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

/* ---- The embedder's own IOMMU -------------------------------------------------------- */

static int iommu_tell(const struct papr_vmm *vmm, const struct dma_window *w,
		      enum papr_iommu_change change, uint64_t index, uint64_t count,
		      uint64_t tce)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;
	uint64_t page = UINT64_C(1) << w->page_shift;
	const struct papr_iommu is = {
		.size = sizeof(is),
		.change = change,
		.liobn = w->liobn,
		.page_shift = w->page_shift,
		.address = w->start + index * page,
		.pages = count,
		.guest_address = tce & ~(page - 1),
		.access = tce & TCE_ACCESS,
	};

	return env->iommu ? env->iommu(env->priv, &is) : 0;
}

/* Pages that are mapped one after the other, and not yet reported */
struct dma_run {
	uint64_t index, count, tce;
};

/* Report the run. If the embedder cannot map it, the pages are not mapped. */
static int dma_run_end(struct papr_vmm *vmm, struct dma_window *w, struct dma_run *run)
{
	int err = 0;

	if (run->count)
		err = iommu_tell(vmm, w, PAPR_IOMMU_MAPPED, run->index, run->count,
				 run->tce);
	if (err)
		tce_clear(&w->tces, &iommu_of(vmm)->pool, run->index, run->count);
	run->count = 0;
	return err;
}

static int dma_run_add(struct papr_vmm *vmm, struct dma_window *w, struct dma_run *run,
		       uint64_t index, uint64_t tce)
{
	int err = 0;

	if (run->count && index == run->index + run->count && tce > run->tce &&
	    tce == run->tce + (run->count << w->page_shift)) {
		run->count++;
		return 0;
	}
	err = dma_run_end(vmm, w, run);
	*run = (struct dma_run){ index, 1, tce };
	return err;
}

void dma_window_tell(struct papr_vmm *vmm, struct dma_window *w)
{
	struct dma_run run = { 0 };
	uint64_t tce;

	if (!machine_of(vmm)->env.iommu)
		return;
	for (uint64_t i = 0; tce_next(&w->tces, &i, &tce); i++)
		if (tce & TCE_ACCESS)
			dma_run_add(vmm, w, &run, i, tce);
	dma_run_end(vmm, w, &run);
}

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

int dma_window_open(struct papr_vmm *vmm, struct dma_window *w, unsigned int page_shift,
		    uint64_t start, uint64_t pages)
{
	int err;

	w->page_shift = page_shift;
	w->start = start;
	err = iommu_tell(vmm, w, PAPR_IOMMU_CREATED, 0, pages, 0);
	if (err)
		return err;
	w->pages = pages;
	tce_init(&w->tces, pages);
	return 0;
}

void dma_window_close(struct papr_vmm *vmm, struct dma_window *w)
{
	w->bypass = false;
	if (!w->pages)
		return;
	dma_window_clear(vmm, w);
	iommu_tell(vmm, w, PAPR_IOMMU_REMOVED, 0, w->pages, 0);
	w->pages = 0;
}

/* Remove the mappings of pages that exist. */
static void dma_window_unmap(struct papr_vmm *vmm, struct dma_window *w, uint64_t index,
			     uint64_t count)
{
	if (tce_clear(&w->tces, &iommu_of(vmm)->pool, index, count))
		iommu_tell(vmm, w, PAPR_IOMMU_UNMAPPED, index, count, 0);
}

void dma_window_clear(struct papr_vmm *vmm, struct dma_window *w)
{
	if (w->pages)
		dma_window_unmap(vmm, w, 0, w->pages);
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
	if (w->default_pages) /* if the embedder refuses it, it stays closed */
		dma_window_open(vmm, w, DMA_PAGE_SHIFT, 0, w->default_pages);
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
static int64_t dma_put(struct papr_vmm *vmm, const struct dma_place *place, uint64_t tce,
		       struct dma_run *run)
{
	struct dma_window *w = place->w;
	uint64_t old;

	if (place->index >= w->pages)
		return H_PARAMETER;
	old = tce_get(&w->tces, place->index);
	if (old == tce)
		return H_SUCCESS;
	if (tce_set(&w->tces, &iommu_of(vmm)->pool, place->index, tce))
		return H_RESOURCE;
	if (old & TCE_ACCESS)
		iommu_tell(vmm, w, PAPR_IOMMU_UNMAPPED, place->index, 1, 0);
	if (tce & TCE_ACCESS && dma_run_add(vmm, w, run, place->index, tce))
		return H_RESOURCE;
	return H_SUCCESS;
}

/* Report the last pages. status is that of the entries so far. */
static int64_t dma_finish(struct papr_vmm *vmm, const struct dma_place *place,
			  struct dma_run *run, int64_t status)
{
	return dma_run_end(vmm, place->w, run) && !status ? H_RESOURCE : status;
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
	struct dma_run run = { 0 };
	struct dma_place place;

	if (!dma_place_read(vmm, args, &place))
		return H_PARAMETER;
	return dma_finish(vmm, &place, &run, dma_put(vmm, &place, args[2], &run));
}

/* Arguments: window, address on the bus, address of a list of entries, their number. */
int64_t hcall_put_tce_indirect(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	uint8_t list[LIST_MAX * sizeof(uint64_t)];
	int64_t status = H_PARAMETER;
	struct dma_run run = { 0 };
	struct dma_place place;
	struct cursor c;

	if (!dma_place_read(vmm, args, &place) || args[3] > LIST_MAX ||
	    args[2] % sizeof(list))
		return H_PARAMETER;
	if (guest_read(vmm, args[2], list, args[3] * sizeof(uint64_t)))
		return H_PARAMETER;
	c = cursor_of(list, args[3] * sizeof(uint64_t));
	while (cursor_left(&c)) {
		status = dma_put(vmm, &place, cursor_be64(&c), &run);
		if (status)
			break;
		place.index++;
	}
	return dma_finish(vmm, &place, &run, status);
}

/* Remove mappings, all those that exist. */
static int64_t dma_stuff_zero(struct papr_vmm *vmm, const struct dma_place *place,
			      uint64_t count)
{
	uint64_t left = place->w->pages - place->index;

	dma_window_unmap(vmm, place->w, place->index, count < left ? count : left);
	return count <= left ? H_SUCCESS : H_PARAMETER;
}

/* Arguments: window, address on the bus, entry, number of entries that receive it. PAPR
 * permits 512, but older kernels remove the mappings of a whole window by one call, which
 * QEMU accepts. */
int64_t hcall_stuff_tce(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	int64_t status = H_PARAMETER;
	struct dma_run run = { 0 };
	struct dma_place place;

	if (!dma_place_read(vmm, args, &place) || place.index >= place.w->pages ||
	    !args[3] || args[3] > place.w->pages)
		return H_PARAMETER;
	if (!args[2])
		return dma_stuff_zero(vmm, &place, args[3]);
	if (args[3] > FILL_MAX)
		return H_PARAMETER;
	for (uint64_t i = 0; i < args[3]; i++) {
		status = dma_put(vmm, &place, args[2], &run);
		if (status)
			break;
		place.index++;
	}
	return dma_finish(vmm, &place, &run, status);
}
