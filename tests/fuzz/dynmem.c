// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* Dynamic memory: a byte for the version (bit 0) and the size of an LMB (a power of two),
 * then the property; also as ibm,lmb-size, reg and ibm,lrdr-capacity. */
#include <errno.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/fakes/encode.h"
#include "wire/dynmem.h"

enum { SETS = 64, LMBS_WRITTEN = 1024 };

static uint8_t space[1 << 17];

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

static void check(const struct dynmem *dm)
{
	struct lmb_set sets[SETS];
	struct dynmem_sum sum;
	uint32_t n;

	if (dynmem_sum(dm, &sum))
		return;
	MUST(sum.lmbs == sum.owned + sum.free + sum.fixed);
	n = read_sets(dm, sets);
	for (uint32_t i = 0; i < n; i++)
		MUST(lmb_set_nth(&sets[i], 0, dm->lmb_bytes).address <=
		     lmb_set_nth(&sets[i], sets[i].count - 1, dm->lmb_bytes).address);
	check_writing(dm, sets, n, DYNMEM_V2);
	if (sum.lmbs < LMBS_WRITTEN)
		check_writing(dm, sets, n, DYNMEM_V1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dynmem dm = { DYNMEM_V1, 1, NULL, 0 };
	struct lrdr_capacity lrdr;
	uint64_t bytes;

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
	return 0;
}
