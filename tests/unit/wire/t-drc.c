// SPDX-License-Identifier: GPL-2.0-or-later
/* The properties with connectors, in both forms. */
#include "tests/unit/fakes/test.h"
#include "wire/drc_info.h"
#include "wire/drc_list.h"

static const struct drc drcs[] = {
	{ 0x4000006d, 0xffffffff, "C109", "28" },
	{ 0x40000066, 0xffffffff, "C102", "28" },
	{ 0x20000001, 7, "PHB 1", "PHB" },
};

struct lists {
	uint8_t bytes[DRC_LIST_PROPS][128];
	size_t len[DRC_LIST_PROPS];
	struct cursor props[DRC_LIST_PROPS];
};

static void put(struct lists *l, const struct drc *from, uint32_t n)
{
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		struct builder b = builder_of(l->bytes[i], sizeof(l->bytes[i]));

		drc_list_encode(&b, (enum drc_list_prop)i, from, n);
		assert_true(builder_fits(&b));
		l->len[i] = b.len;
		l->props[i] = cursor_of(l->bytes[i], b.len);
	}
}

TEST(lists_come_back)
{
	struct drc_list_iter it;
	struct lists l;
	struct drc drc;

	put(&l, drcs, COUNT(drcs));
	/* firmware's format: count, then the cells */
	assert_memory_equal(l.bytes[DRC_LIST_INDEXES], "\0\0\0\3\x40\0\0\x6d", 8);
	assert_memory_equal(l.bytes[DRC_LIST_NAMES],
			    "\0\0\0\3"
			    "C109\0C102\0PHB 1",
			    20);

	assert_int_equal(drc_list_begin(&it, l.props), 0);
	for (size_t i = 0; i < COUNT(drcs); i++) {
		assert_int_equal(drc_list_next(&it, &drc), 1);
		assert_int_equal(drc.index, drcs[i].index);
		assert_int_equal(drc.power_domain, drcs[i].power_domain);
		assert_string_equal(drc.name, drcs[i].name);
		assert_string_equal(drc.type, drcs[i].type);
	}
	assert_int_equal(drc_list_next(&it, &drc), 0);
}

/* Behaviours: io-lists */
TEST(every_cut_of_a_list_is_seen)
{
	struct drc_list_iter it;
	struct lists l;
	struct drc drc;

	put(&l, drcs, COUNT(drcs));
	for (int which = 0; which < DRC_LIST_PROPS; which++) {
		for (size_t len = 0; len < l.len[which]; len++) {
			struct cursor props[DRC_LIST_PROPS];
			void *cut = exact_copy(l.bytes[which], len);
			int err;

			memcpy(props, l.props, sizeof(props));
			props[which] = cursor_of(cut, len);
			err = drc_list_begin(&it, props);
			while (!err && (err = drc_list_next(&it, &drc)) == 1)
				err = 0;
			assert_int_equal(err, -EBADMSG);
			free(cut);
		}
	}
}

TEST(counts_must_agree)
{
	struct drc_list_iter it;
	struct lists l;

	put(&l, drcs, COUNT(drcs));
	l.bytes[DRC_LIST_TYPES][3] = 2;
	assert_int_equal(drc_list_begin(&it, l.props), -EBADMSG);
	put(&l, drcs, 0);
	assert_int_equal(drc_list_begin(&it, l.props), 0);
	assert_int_equal(it.left, 0);
}

static const struct drc_info ranges[] = {
	{ "28", "C", 0x40000000, 0, 3, 8, 0xffffffff },
	{ "CPU", "CPU ", 0x10000000, 0, 0, 1, 0xffffffff },
	{ "SLOT", "U8286.41A.TEST-V2-C", 0x30000002, 2, 2, 1, 0xffffffff },
};

TEST(ranges_come_back)
{
	uint8_t bytes[256], with_odd_start[257];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct drc_info_iter it;
	struct drc_info di;
	char name[64];
	uint32_t index;

	drc_info_encode(&b, ranges, COUNT(ranges));
	assert_true(builder_fits(&b));
	/* cells can be unaligned */
	memcpy(with_odd_start + 1, bytes, b.len);
	assert_int_equal(drc_info_begin(&it, with_odd_start + 1, b.len), 0);
	assert_int_equal(drc_info_next(&it, &di), 1);
	assert_int_equal(drc_info_nth(&di, 2, &index, name, sizeof(name)), 0);
	assert_int_equal(index, 0x40000010);
	assert_string_equal(name, "C16"); /* the suffix grows with the index */
	assert_int_equal(drc_info_nth(&di, 3, &index, name, sizeof(name)), -ERANGE);
	assert_int_equal(drc_info_nth(&di, 2, &index, name, 3), -ENAMETOOLONG);
	assert_int_equal(drc_info_next(&it, &di), 1);
	assert_int_equal(di.count, 0);
	assert_int_equal(drc_info_next(&it, &di), 1);
	assert_int_equal(drc_info_nth(&di, 1, &index, name, sizeof(name)), 0);
	assert_string_equal(name, "U8286.41A.TEST-V2-C3");
	assert_int_equal(index, 0x30000003);
	assert_int_equal(drc_info_next(&it, &di), 0);
}

/* Behaviours: io-ranges, log-4.4 */
TEST(every_cut_of_a_range_is_seen)
{
	uint8_t bytes[256];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct drc_info_iter it;
	struct drc_info di;

	drc_info_encode(&b, ranges, COUNT(ranges));
	for (size_t len = 0; len < b.len; len++) {
		void *cut = exact_copy(bytes, len);
		int err = drc_info_begin(&it, cut, len);

		while (!err && (err = drc_info_next(&it, &di)) == 1)
			err = 0;
		assert_int_equal(err, -EBADMSG);
		free(cut);
	}
}

TEST(numbers_do_not_wrap)
{
	const struct drc_info high = { "28", "C", 0xfffffffe, 0, 4, 1, 0 };
	const struct drc_info steep = { "28", "C", 0, 0, 4, 0x80000000, 0 };
	const struct drc_info suffix = { "28", "C", 0, 0xffffffff, 4, 1, 0 };
	char name[64];
	uint32_t index;

	assert_int_equal(drc_info_nth(&high, 1, &index, name, sizeof(name)), 0);
	assert_int_equal(drc_info_nth(&high, 2, &index, name, sizeof(name)), -ERANGE);
	assert_int_equal(drc_info_nth(&steep, 2, &index, name, sizeof(name)), -ERANGE);
	assert_int_equal(drc_info_nth(&suffix, 1, &index, name, sizeof(name)), -ERANGE);
}

TEST(builder_counts_what_does_not_fit)
{
	uint8_t bytes[64];
	struct builder nothing = { 0 }, b;

	drc_info_encode(&nothing, ranges, 1);
	b = builder_of(bytes, nothing.len - 1);
	drc_info_encode(&b, ranges, 1);
	assert_int_equal(b.len, nothing.len);
	assert_false(builder_fits(&b));
	b = builder_of(bytes, nothing.len);
	drc_info_encode(&b, ranges, 1);
	assert_true(builder_fits(&b));
}
