// SPDX-License-Identifier: GPL-2.0-or-later
/* ibm,dynamic-memory in both versions, and other properties of memory. */
#include "tests/unit/fakes/encode.h"
#include "tests/unit/fakes/hex.h"
#include "wire/dynmem.h"

#define MIB   (1ULL << 20)
#define LMB   (256 * MIB)
#define FIXED (LMB_RESERVED | LMB_DRC_INVALID)

#define E01                                                              \
	"00000002 00000004 00000000 00000000 00000000 ffffffff 000000a0" \
	"00000010 00000000 40000000 80000004 ffffffff 00000000"
#define E02                                                              \
	"00000003 00000004 00000000 00000000 00000000 ffffffff 000000a0" \
	"00000002 00000000 40000000 80000004 00000000 00000008"          \
	"0000000e 00000000 60000000 80000006 ffffffff 00000000"
#define E10                                                              \
	"00000002 00000001 00000000 40000000 80000004 00000000 00000008" \
	"00000001 00000000 60000000 80000006 00000000 00000008"
#define E11                                                              \
	"00000003 00000000 00000000 00000000 00000000 ffffffff 000000a0" \
	"00000000 40000000 80000004 00000000 00000000 00000008"          \
	"00000000 50000000 80000005 00000000 ffffffff 00000000"

enum { SETS = 3 };

struct vector {
	const char *id, *digits;
	enum dynmem_version version;
	int err;
	struct dynmem_sum sum;
	struct lmb_set sets[SETS];
};

/* From real machines, except the entries that are wrong. LMBs of 256 MiB. */
static const struct vector vectors[] = {
	{ "E01: QEMU without modules: 4 reserved, 16 free, none owned",
	  E01,
	  DYNMEM_V2,
	  0,
	  { .sets = 2, .lmbs = 20, .free = 16, .fixed = 4 },
	  { { 0, 4, 0, LMB_NO_ARRAY, FIXED },
	    { 0x40000000, 16, 0x80000004, LMB_NO_ARRAY, 0 } } },
	{ "E02: a module of two LMBs: owned, with their node",
	  E02,
	  DYNMEM_V2,
	  0,
	  { .sets = 3, .lmbs = 20, .owned = 2, .free = 14, .fixed = 4 },
	  { { 0, 4, 0, LMB_NO_ARRAY, FIXED },
	    { 0x40000000, 2, 0x80000004, 0, LMB_ASSIGNED },
	    { 0x60000000, 14, 0x80000006, LMB_NO_ARRAY, 0 } } },
	{ "E03: one of them removed: the other one owned",
	  "00000003 00000004 00000000 00000000 00000000 ffffffff 000000a0"
	  "00000001 00000000 40000000 80000004 00000000 00000008"
	  "0000000f 00000000 50000000 80000005 ffffffff 00000000",
	  DYNMEM_V2,
	  0,
	  { .sets = 3, .lmbs = 20, .owned = 1, .free = 15, .fixed = 4 },
	  { { 0, 4, 0, LMB_NO_ARRAY, FIXED },
	    { 0x40000000, 1, 0x80000004, 0, LMB_ASSIGNED },
	    { 0x50000000, 15, 0x80000005, LMB_NO_ARRAY, 0 } } },
	{ "E04: 4,096 LMBs with 256 owned",
	  "00000003 00000008 00000000 00000000 00000000 ffffffff 000000a0"
	  "00000100 00000000 80000000 80000008 00000000 00000008"
	  "00000ef8 00000010 80000000 80000108 ffffffff 00000000",
	  DYNMEM_V2,
	  0,
	  { .sets = 3, .lmbs = 4096, .owned = 256, .free = 3832, .fixed = 8 },
	  { { 0, 8, 0, LMB_NO_ARRAY, FIXED },
	    { 0x80000000, 256, 0x80000008, 0, LMB_ASSIGNED },
	    { 0x1080000000, 3832, 0x80000108, LMB_NO_ARRAY, 0 } } },
	{ "E05: an invalid array: no node",
	  "00000002 00000002 00000000 40000000 80000004 00000001 00000108"
	  "00000001 00000000 60000000 80000006 00000000 00000048",
	  DYNMEM_V2,
	  0,
	  { .sets = 2, .lmbs = 3, .owned = 3 },
	  { { 0x40000000, 2, 0x80000004, 1, LMB_ASSIGNED | LMB_HOTREMOVABLE },
	    { 0x60000000, 1, 0x80000006, 0, LMB_ASSIGNED | LMB_ARRAY_INVALID } } },
	{ "E06: 65,536 owned LMBs in one set",
	  "00000001 00010000 00000000 00000000 80000000 00000000 00000008",
	  DYNMEM_V2,
	  0,
	  { .sets = 1, .lmbs = 65536, .owned = 65536 },
	  { { 0, 65536, 0x80000000, 0, LMB_ASSIGNED } } },
	{ "E07: no LMB is not an error", "00000000", DYNMEM_V2 },
	{ "E08: a truncated set is an error",
	  "00000002 00000004 00000000 00000000 00000000 ffffffff 000000a0"
	  "00000002 00000000 40000000",
	  DYNMEM_V2, -EBADMSG },
	{ "E09: addresses and indexes that wrap are an error",
	  "00000001 00000002 ffffffff f0000000 ffffffff 00000000 00000008", DYNMEM_V2,
	  -EBADMSG },
	{ "E10: a hole between two sets is kept",
	  E10,
	  DYNMEM_V2,
	  0,
	  { .sets = 2, .lmbs = 2, .owned = 2 },
	  { { 0x40000000, 1, 0x80000004, 0, LMB_ASSIGNED },
	    { 0x60000000, 1, 0x80000006, 0, LMB_ASSIGNED } } },
	{ "E11: version 1: reserved, owned, free",
	  E11,
	  DYNMEM_V1,
	  0,
	  { .sets = 3, .lmbs = 3, .owned = 1, .free = 1, .fixed = 1 },
	  { { 0, 1, 0, LMB_NO_ARRAY, FIXED },
	    { 0x40000000, 1, 0x80000004, 0, LMB_ASSIGNED },
	    { 0x50000000, 1, 0x80000005, LMB_NO_ARRAY, 0 } } },
	{ "E12: version 1: extra bytes are reported",
	  "00000001 00000000 00000000 80000000 00000000 00000000 00000008 00000000",
	  DYNMEM_V1,
	  0,
	  { .sets = 1, .lmbs = 1, .owned = 1, .trailing = 4 },
	  { { 0, 1, 0x80000000, 0, LMB_ASSIGNED } } },
	{ "E13: version 1: fewer than promised is an error",
	  "00000002 00000000 00000000 80000000 00000000 00000000 00000008", DYNMEM_V1,
	  -EBADMSG },
};

static struct dynmem dynmem_of(enum dynmem_version version, const void *bytes, size_t len)
{
	return (struct dynmem){
		.version = version, .lmb_bytes = LMB, .prop = bytes, .len = len
	};
}

static void assert_set(const struct lmb_set *set, const struct lmb_set *want)
{
	assert_int_equal(set->address, want->address);
	assert_int_equal(set->count, want->count);
	assert_int_equal(set->drc_index, want->drc_index);
	assert_int_equal(set->array, want->array);
	assert_int_equal(set->flags, want->flags);
}

static void assert_sets(const struct dynmem *dm, const struct lmb_set *want, size_t n)
{
	struct dynmem_iter it;
	struct lmb_set set;

	assert_int_equal(dynmem_begin(&it, dm), 0);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(dynmem_next(&it, &set), 1);
		assert_set(&set, &want[i]);
	}
	assert_int_equal(dynmem_next(&it, &set), 0);
	assert_int_equal(dynmem_next(&it, &set), 0);
}

/* Behaviours: log-E01, log-E02, log-E03, log-E04, log-E05, log-E06, log-E07, log-E08
 * Behaviours: log-E09, log-E10, log-E11, log-E12, log-E13 */
TEST(properties_are_read_as_sets)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		_cleanup_hex_ struct hex hex = hex_of(v->digits);
		struct dynmem dm = dynmem_of(v->version, hex.bytes, hex.len);
		struct dynmem_sum sum;

		print_message("# %s\n", v->id);
		assert_int_equal(dynmem_sum(&dm, &sum), v->err);
		if (v->err)
			continue;
		assert_int_equal(sum.sets, v->sum.sets);
		assert_int_equal(sum.lmbs, v->sum.lmbs);
		assert_int_equal(sum.owned, v->sum.owned);
		assert_int_equal(sum.free, v->sum.free);
		assert_int_equal(sum.fixed, v->sum.fixed);
		assert_int_equal(sum.trailing, v->sum.trailing);
		assert_sets(&dm, v->sets, v->sum.sets);
	}
}

TEST(every_cut_is_seen)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		_cleanup_hex_ struct hex hex = hex_of(v->digits);

		if (v->err)
			continue;
		for (size_t len = 0; len < hex.len - v->sum.trailing; len++) {
			uint8_t *cut = exact_copy(hex.bytes, len);
			struct dynmem dm = dynmem_of(v->version, cut, len);
			struct dynmem_sum sum;

			assert_int_equal(dynmem_sum(&dm, &sum), -EBADMSG);
			free(cut);
		}
	}
}

static struct hex put(enum dynmem_version version, const struct lmb_set *sets, uint32_t n)
{
	uint8_t bytes[HEX_MAX];
	struct builder b = builder_of(bytes, sizeof(bytes));

	dynmem_encode(&b, version, sets, n, LMB);
	assert_true(builder_fits(&b));
	return (struct hex){ exact_copy(bytes, b.len), b.len };
}

TEST(what_was_read_is_written_alike)
{
	for (size_t i = 0; i < COUNT(vectors); i++) {
		const struct vector *v = &vectors[i];
		_cleanup_hex_ struct hex hex = hex_of(v->digits), again = { 0 };

		if (v->err)
			continue;
		again = put(v->version, v->sets, (uint32_t)v->sum.sets);
		assert_int_equal(again.len, hex.len - v->sum.trailing);
		assert_memory_equal(again.bytes, hex.bytes, again.len);
	}
}

/* Both versions give the same sets, for each division into entries. */
TEST(versions_say_the_same)
{
	static const struct lmb_set sets[] = {
		{ 0, 4, 0, LMB_NO_ARRAY, FIXED },
		{ 0x40000000, 3, 0x80000004, 1, LMB_ASSIGNED },
		{ 0x70000000, 2, 0x80000007, 0, LMB_ASSIGNED },
		{ 0x90000000, 2, 0x80000009, LMB_NO_ARRAY, 0 },
		{ 0xb0000000, 1, 0x90000000, LMB_NO_ARRAY, 0 },
		{ 0xc0000000, 1, 0x90000001, LMB_NO_ARRAY, LMB_ASSIGNED },
	};
	static const struct lmb_set cut[] = {
		{ 0x40000000, 0, 0, 0, 0 }, /* an empty set is skipped */
		{ 0, 1, 0, LMB_NO_ARRAY, FIXED },
		{ 0x10000000, 3, 0, LMB_NO_ARRAY, FIXED },
		{ 0x40000000, 1, 0x80000004, 1, LMB_ASSIGNED },
		{ 0, 0, 0, 0, 0 },
		{ 0x50000000, 2, 0x80000005, 1, LMB_ASSIGNED },
		{ 0x70000000, 2, 0x80000007, 0, LMB_ASSIGNED },
		{ 0x90000000, 2, 0x80000009, LMB_NO_ARRAY, 0 },
		{ 0xb0000000, 1, 0x90000000, LMB_NO_ARRAY, 0 },
		{ 0xc0000000, 1, 0x90000001, LMB_NO_ARRAY, LMB_ASSIGNED },
		{ 0, 0, 0, 0, 0 },
	};
	_cleanup_hex_ struct hex v1 = put(DYNMEM_V1, sets, COUNT(sets)),
				 v2 = put(DYNMEM_V2, sets, COUNT(sets)),
				 pieces = put(DYNMEM_V2, cut, COUNT(cut));
	struct dynmem dm;

	assert_int_equal(v1.len, 4 + 13 * 24);
	assert_int_equal(v2.len, 4 + 6 * 24);
	dm = dynmem_of(DYNMEM_V1, v1.bytes, v1.len);
	assert_sets(&dm, sets, COUNT(sets));
	dm = dynmem_of(DYNMEM_V2, v2.bytes, v2.len);
	assert_sets(&dm, sets, COUNT(sets));
	dm = dynmem_of(DYNMEM_V2, pieces.bytes, pieces.len);
	assert_sets(&dm, sets, COUNT(sets));
}

static int sum_of(const struct lmb_set *sets, uint32_t n, struct dynmem_sum *sum)
{
	_cleanup_hex_ struct hex hex = put(DYNMEM_V2, sets, n);
	struct dynmem dm = dynmem_of(DYNMEM_V2, hex.bytes, hex.len);

	return dynmem_sum(&dm, sum);
}

TEST(numbers_do_not_wrap)
{
	static const struct {
		struct lmb_set set;
		int err;
	} rows[] = {
		/* the last byte is the last of all */
		{ { 0xfffffffff0000000, 1, 1, 0, 0 }, 0 },
		{ { 0xfffffffff0000000, 2, 1, 0, 0 }, -EBADMSG },
		{ { 0xfffffffff0000001, 1, 1, 0, 0 }, -EBADMSG },
		{ { 0, 1, 0xffffffff, 0, 0 }, 0 },
		{ { 0, 2, 0xffffffff, 0, 0 }, -EBADMSG },
		{ { 0, 2, 0xffffffff, 0, LMB_DRC_INVALID }, 0 },
		{ { 0, 0xffffffff, 1, 0, 0 }, 0 },
		{ { 0, 0xffffffff, 2, 0, 0 }, -EBADMSG },
		{ { 0xf000000000000000, 0xffffffff, 0, 0, 0 }, 0 },
		{ { 0xf000000010000001, 0xffffffff, 0, 0, 0 }, -EBADMSG },
	};
	struct dynmem_sum sum;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(sum_of(&rows[i].set, 1, &sum), rows[i].err);
		if (!rows[i].err)
			assert_int_equal(sum.lmbs, rows[i].set.count);
	}
}

/* A set that ends at the largest number has no next one. */
TEST(sets_are_not_joined_across_the_end)
{
	static const struct lmb_set addresses[] = { { 0xfffffffff0000000, 1, 1, 0, 0 },
						    { 0, 1, 2, 0, 0 } },
				    indexes[] = { { 0, 1, 0xffffffff, 0, 0 },
						  { LMB, 1, 0, 0, 0 } },
				    counts[] = {
					    { 0, 0xffffffff, 0, 0, LMB_DRC_INVALID },
					    { 0xffffffff * LMB, 1, 0, 0,
					      LMB_DRC_INVALID },
				    };
	struct dynmem_sum sum;

	assert_int_equal(sum_of(addresses, 2, &sum), 0);
	assert_int_equal(sum.sets, 2);
	assert_int_equal(sum_of(indexes, 2, &sum), 0);
	assert_int_equal(sum.sets, 2);
	assert_int_equal(sum_of(counts, 2, &sum), 0);
	assert_int_equal(sum.sets, 2);
	assert_int_equal(sum.lmbs, 1ULL << 32);
}

/* An LMB of the maximum size: only a count of one fits. */
TEST(large_blocks_do_not_wrap)
{
	struct lmb_set set = { 0, 1, 1, 0, 0 };
	uint8_t bytes[64];
	struct dynmem_sum sum;

	for (set.count = 1; set.count < 4; set.count++) {
		struct builder b = builder_of(bytes, sizeof(bytes));
		struct dynmem dm = { DYNMEM_V2, 1ULL << 63, bytes, 0 };

		dynmem_encode(&b, DYNMEM_V2, &set, 1, dm.lmb_bytes);
		dm.len = b.len;
		assert_int_equal(dynmem_sum(&dm, &sum), set.count == 1 ? 0 : -EBADMSG);
		dm.lmb_bytes = 0;
		assert_int_equal(dynmem_sum(&dm, &sum), -EBADMSG);
	}
}

TEST(hostile_counts_end)
{
	static const char *const hostile[] = {
		"ffffffff",
		"ffffffff 00000001 00000000 00000000 00000001 00000000 00000008",
		"0aaaaaab 00000001 00000000 00000000 00000001 00000000 00000008",
		"80000001 00000001 00000000 00000000 00000001 00000000 00000008",
	};
	struct dynmem_sum sum;

	for (size_t i = 0; i < COUNT(hostile); i++) {
		_cleanup_hex_ struct hex hex = hex_of(hostile[i]);
		struct dynmem dm = dynmem_of(DYNMEM_V2, hex.bytes, hex.len);

		assert_int_equal(dynmem_sum(&dm, &sum), -EBADMSG);
		dm.version = DYNMEM_V1;
		assert_int_equal(dynmem_sum(&dm, &sum), -EBADMSG);
	}
}

TEST(flags_make_a_state)
{
	assert_int_equal(lmb_state_of(0), LMB_FREE);
	assert_int_equal(lmb_state_of(LMB_HOTREMOVABLE), LMB_FREE);
	assert_int_equal(lmb_state_of(LMB_ASSIGNED), LMB_OWNED);
	assert_int_equal(lmb_state_of(LMB_ASSIGNED | LMB_RESERVED), LMB_FIXED);
	assert_int_equal(lmb_state_of(LMB_ASSIGNED | LMB_DRC_INVALID), LMB_FIXED);
	assert_int_equal(lmb_state_of(LMB_RESERVED), LMB_FIXED);
}

/* Behaviours: log-E14, log-E15 */
TEST(lmb_sizes)
{
	static const struct {
		const char *digits;
		int err;
		uint64_t bytes;
	} rows[] = {
		{ "00000000 10000000", 0, 268435456 }, /* E14 */
		{ "02000000", 0, 33554432 },	       /* E15 */
		{ "00000001 00000000", 0, 1ULL << 32 },
		{ "00000000 00100000", 0, 1 << 20 },
		{ "00000100 00000000", 0, 1ULL << 40 },
		{ "00000000 00000000", -EBADMSG },
		{ "00000000", -EBADMSG },
		{ "00000000 00000001", -EBADMSG },
		{ "00080000", -EBADMSG }, /* too small */
		{ "00000000 10000001", -EBADMSG },
		{ "00000000 30000000", -EBADMSG },
		{ "00000200 00000000", -EBADMSG }, /* too large */
		{ "10000000 00000000", -EBADMSG },
		{ "ffffffff ffffffff", -EBADMSG },
		{ "", -EBADMSG },
		{ "0000", -EBADMSG },
		{ "10000000 1000", -EBADMSG },
		{ "00000000 10000000 00000000", -EBADMSG },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		_cleanup_hex_ struct hex hex = hex_of(rows[i].digits);
		uint64_t bytes;

		assert_int_equal(dynmem_lmb_size(hex.bytes, hex.len, &bytes),
				 rows[i].err);
		if (!rows[i].err)
			assert_int_equal(bytes, rows[i].bytes);
	}
}

/* Behaviours: log-E23 */
TEST(capacity)
{
	/* E23 */
	_cleanup_hex_ struct hex hex =
		hex_of("00000001 40000000 00000000 10000000 00000004");
	struct lrdr_capacity lrdr;

	assert_int_equal(lrdr_capacity_decode(&lrdr, hex.bytes, hex.len), 0);
	assert_int_equal(lrdr.max_memory_bytes, 5ULL << 30);
	assert_int_equal(lrdr.lmb_bytes, LMB);
	assert_int_equal(lrdr.max_cpus, 4);
	for (size_t len = 0; len < hex.len; len++)
		assert_int_equal(lrdr_capacity_decode(&lrdr, hex.bytes, len), -EBADMSG);
}
