// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Windows that differ from those after a reset, and their mappings.
 *
 * Shape:   for each window be32 number, be32 page shift, be64 start, be64 pages, byte 1 if it
 *          is bypassed; then runs of be64 count, be64 index, be64 entry. Each further entry
 *          of a run maps the next page. A count of 0 ends the runs.
 */
#include <errno.h>
#include <stdlib.h>

#include "vmm/iommu/iommu.h"
#include "vmm/state/state.h"

enum { PAGE_SHIFTS = 1 << 12 | 1 << 16 | 1 << 24 };

struct tce_saved {
	uint32_t liobn, page_shift;
	uint64_t start, pages;
	bool bypass;
	struct tce_pool pool;
	struct tce_table tces;
};

struct tce_loaded {
	size_t n;
	struct tce_saved windows[];
};

/* ---- Save ---------------------------------------------------------------------------- */

static bool tce_is_saved(const struct dma_window *w)
{
	return w->bypass || w->tces.root || !dma_window_is_default(w);
}

static void tce_save_runs(const struct dma_window *w, struct builder *b)
{
	uint64_t index = 0, tce, next_tce;

	while (tce_next(&w->tces, &index, &tce)) {
		uint64_t first = index, step = UINT64_C(1) << w->page_shift;

		next_tce = tce;
		do
			next_tce += step;
		while (++index < w->pages && next_tce &&
		       tce_get(&w->tces, index) == next_tce);
		builder_be64(b, index - first);
		builder_be64(b, first);
		builder_be64(b, tce);
	}
	builder_be64(b, 0);
}

static void tce_save(const struct papr_vmm *vmm, struct builder *b)
{
	for (const struct dma_window *w = iommu_of(vmm)->windows; w; w = w->next) {
		if (!tce_is_saved(w))
			continue;
		builder_be32(b, w->liobn);
		builder_be32(b, w->page_shift);
		builder_be64(b, w->start);
		builder_be64(b, w->pages);
		builder_u8(b, w->bypass);
		tce_save_runs(w, b);
	}
}

/* ---- Load ---------------------------------------------------------------------------- */

static void tce_discard(void *loaded)
{
	struct tce_loaded *l = loaded;

	for (size_t i = 0; i < l->n; i++) {
		struct tce_saved *s = &l->windows[i];

		if (s->pages)
			tce_clear(&s->tces, &s->pool, 0, s->pages);
	}
	free(l);
}

static struct tce_saved *tce_find(struct tce_loaded *l, uint32_t liobn)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->windows[i].liobn == liobn)
			return &l->windows[i];
	return NULL;
}

/* Return true if a window can be like this. */
static bool tce_is_possible(const struct tce_saved *s)
{
	uint64_t most;

	if (!s->pages)
		return true;
	if (s->page_shift > 31 || !(PAGE_SHIFTS >> s->page_shift & 1))
		return false;
	most = (UINT64_MAX - s->start) >> s->page_shift;
	return !(s->start & ((UINT64_C(1) << s->page_shift) - 1)) &&
	       s->pages <= TCE_ENTRIES_MAX && s->pages <= most;
}

static int tce_load_runs(struct cursor *c, struct tce_saved *s)
{
	uint64_t count, end = 0, index, tce;
	int err = 0;

	while (!err && (count = cursor_be64(c))) {
		index = cursor_be64(c);
		tce = cursor_be64(c);
		if (c->err || !tce || index < end || index >= s->pages ||
		    count > s->pages - index)
			return -EBADMSG;
		end = index + count;
		for (; !err && index < end; index++) {
			err = tce_set(&s->tces, &s->pool, index, tce);
			tce += UINT64_C(1) << s->page_shift;
		}
	}
	return c->err ? -EBADMSG : err;
}

/* Load the next window. limit is the memory that its entries may have. */
static int tce_load_window(const struct papr_vmm *vmm, struct cursor *c,
			   struct tce_loaded *l, uint64_t limit)
{
	uint32_t liobn = cursor_be32(c);
	struct tce_saved *s;

	if (!dma_window_find(vmm, liobn) || tce_find(l, liobn))
		return -EBADMSG;
	s = &l->windows[l->n++];
	s->liobn = liobn;
	s->page_shift = cursor_be32(c);
	s->start = cursor_be64(c);
	s->pages = cursor_be64(c);
	s->bypass = state_bool(c);
	s->pool.limit = limit;
	if (c->err || !tce_is_possible(s)) {
		s->pages = 0;
		return -EBADMSG;
	}
	tce_init(&s->tces, s->pages);
	return tce_load_runs(c, s);
}

static int tce_load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		    struct papr_error *error)
{
	uint64_t limit = iommu_of(vmm)->pool.limit;
	struct tce_loaded *l;
	size_t n = 0;
	int err = 0;

	(void)error;
	for (const struct dma_window *w = iommu_of(vmm)->windows; w; w = w->next)
		n++;
	l = calloc(1, sizeof(*l) + n * sizeof(l->windows[0]));
	if (!l)
		return -ENOMEM;
	while (!err && cursor_left(c)) {
		err = tce_load_window(vmm, c, l, limit);
		if (!err)
			limit -= l->windows[l->n - 1].pool.used;
	}
	if (err)
		tce_discard(l);
	else
		*loaded = l;
	return err;
}

/* ---- Apply --------------------------------------------------------------------------- */

static void tce_apply_window(struct papr_vmm *vmm, struct dma_window *w,
			     struct tce_saved *s)
{
	if (!s->pages)
		return;
	dma_window_open(w, s->page_shift, s->start, s->pages);
	w->bypass = s->bypass;
	w->tces = s->tces;
	iommu_of(vmm)->pool.used += s->pool.used;
	s->tces.root = NULL;
}

/* All old mappings are removed first, so that both together do not exceed the limit. */
static void tce_apply(struct papr_vmm *vmm, void *loaded)
{
	struct tce_loaded *l = loaded;

	for (struct dma_window *w = iommu_of(vmm)->windows; w; w = w->next) {
		if (tce_find(l, w->liobn))
			dma_window_close(vmm, w);
		else
			dma_window_reset(vmm, w);
	}
	for (size_t i = 0; i < l->n; i++)
		tce_apply_window(vmm, dma_window_find(vmm, l->windows[i].liobn),
				 &l->windows[i]);
	tce_discard(l);
}

const struct state_section state_tce = {
	.tag = "TCE ",
	.save = tce_save,
	.load = tce_load,
	.apply = tce_apply,
	.discard = tce_discard,
};
