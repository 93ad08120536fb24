// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* Dynamic memory: a byte for the version (bit 0) and the size of an LMB (a power of two),
 * then the property; also as ibm,lmb-size, reg and ibm,lrdr-capacity. */
#include <errno.h>

#include "tests/fuzz/fuzz.h"
#include "wire/dynmem.h"

enum { SETS = 64, LMBS_WRITTEN = 1024 };

static uint8_t space[1 << 17];

static void check_ends(const struct dynmem *dm, const struct lmb_set *set)
{
	struct lmb first = lmb_set_nth(set, 0, dm->lmb_bytes),
		   last = lmb_set_nth(set, set->count - 1, dm->lmb_bytes), found;
	uint32_t n;

	MUST(first.address <= last.address);
	MUST(lmb_set_has_address(set, dm->lmb_bytes, last.address, &n));
	MUST(n == set->count - 1);
	/* an earlier one may have the same number */
	MUST(!dynmem_by_address(dm, last.address, &found));
	if (set->flags & LMB_DRC_INVALID)
		return;
	MUST(lmb_set_has_index(set, last.drc_index, &n) && n == set->count - 1);
	MUST(!dynmem_by_index(dm, last.drc_index, &found));
	MUST(found.drc_index == last.drc_index);
}

static uint32_t read_sets(const struct dynmem *dm, struct lmb_set sets[SETS])
{
	struct dynmem_iter it;
	struct lmb_set set;
	uint32_t n = 0;

	MUST(!dynmem_begin(&it, dm));
	while (dynmem_next(&it, &set) > 0) {
		MUST(set.count);
		if (n < SETS)
			sets[n++] = set;
	}
	return n;
}

static int are_equal(const struct lmb_set *a, const struct lmb_set *b)
{
	return a->address == b->address && a->count == b->count &&
	       a->drc_index == b->drc_index && a->array == b->array &&
	       a->flags == b->flags;
}

/* Decoded and encoded again in either version, it has the same value. */
static void check_writing(const struct dynmem *dm, const struct lmb_set *sets, uint32_t n,
			  enum dynmem_version version)
{
	struct builder b = builder_of(space, sizeof(space));
	struct lmb_set again[SETS];
	struct dynmem written = { version, dm->lmb_bytes, space, 0 };

	dynmem_encode(&b, version, sets, n, dm->lmb_bytes);
	MUST(builder_fits(&b));
	written.len = b.len;
	MUST(read_sets(&written, again) == n);
	for (uint32_t i = 0; i < n; i++)
		MUST(are_equal(&again[i], &sets[i]));
}

static void check_change(const struct dynmem *dm, const struct dynmem_sum *sum,
			 uint32_t drc_index)
{
	struct builder b = builder_of(space, sizeof(space));
	struct dynmem changed = *dm;
	struct dynmem_sum after;
	struct lmb lmb;

	MUST(!dynmem_encode_changed(&b, dm, drc_index, 5, LMB_ASSIGNED));
	MUST(builder_fits(&b));
	changed.prop = space;
	changed.len = b.len;
	MUST(!dynmem_sum(&changed, &after) && after.lmbs == sum->lmbs);
	MUST(!dynmem_by_index(&changed, drc_index, &lmb));
	MUST(lmb.array == 5 && lmb.flags == LMB_ASSIGNED);
}

static void check(const struct dynmem *dm)
{
	struct lmb_set sets[SETS];
	struct dynmem_sum sum;
	struct lmb lmb;
	uint32_t n;

	if (dynmem_sum(dm, &sum))
		return;
	MUST(sum.lmbs == sum.owned + sum.free + sum.fixed);
	MUST(dynmem_nth(dm, sum.lmbs, &lmb) == -ENOENT);
	MUST(!sum.lmbs || !dynmem_nth(dm, sum.lmbs - 1, &lmb));
	n = read_sets(dm, sets);
	for (uint32_t i = 0; i < n; i++)
		check_ends(dm, &sets[i]);
	check_writing(dm, sets, n, DYNMEM_V2);
	if (sum.lmbs < LMBS_WRITTEN)
		check_writing(dm, sets, n, DYNMEM_V1);
	for (uint32_t i = 0; i < n; i++)
		if (!(sets[i].flags & LMB_DRC_INVALID))
			check_change(dm, &sum, sets[i].drc_index + sets[i].count / 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dynmem dm = { DYNMEM_V1, 1, NULL, 0 };
	uint64_t address, bytes;
	struct lrdr_capacity lrdr;
	struct cursor reg;

	if (!size)
		return 0;
	dm.version = data[0] & 1 ? DYNMEM_V2 : DYNMEM_V1;
	dm.lmb_bytes = 1ULL << (data[0] >> 1 & 63);
	dm.prop = data + 1;
	dm.len = size - 1;
	check(&dm);
	if (!dynmem_lmb_size(dm.prop, dm.len, &bytes))
		MUST(bytes);
	lrdr_capacity_decode(&lrdr, dm.prop, dm.len);
	reg = cursor_of(dm.prop, dm.len);
	while (memory_reg_next(&reg, 2, 1 + (data[0] & 1), &address, &bytes) > 0)
		MUST(!bytes || address + (bytes - 1) >= address);
	return 0;
}
