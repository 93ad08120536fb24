// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory in the device tree and in Linux: rows of all forms, names, blocks. */
#include "libdrmgr/types/mem/lmb_list.h"
#include "tests/unit/fakes/fake_platform.h"
#include "tests/unit/fakes/hex.h"
#include "wire/ranges.h"

#define TREE   "proc/device-tree/"
#define DRCONF TREE "ibm,dynamic-reconfiguration-memory/"
#define BLOCKS "sys/devices/system/memory/"

static void put_hex(const struct fake *f, const char *path, const char *digits)
{
	_cleanup_hex_ struct hex hex = hex_of(digits);

	fake_file(f, path, hex.bytes, hex.len);
}

static struct fake *machine(const char *prop, const char *hex)
{
	struct fake *f = fake_new();

	put_hex(f, DRCONF "ibm,lmb-size", "00000000 10000000");
	put_hex(f, prop, hex);
	return f;
}

struct row {
	uint64_t address;
	uint32_t index;
	enum lmb_state state;
};

static void assert_rows(struct fake *f, const struct row *rows, size_t n)
{
	struct lmb_list list;
	struct lmb_iter it;
	struct lmb_row row;
	size_t i = 0;

	assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(lmb_list_begin(&it, &list), 0);
	for (; lmb_list_next(&it, &row) == 1; i++) {
		assert_true(i < n);
		assert_int_equal(row.lmb.address, rows[i].address);
		assert_int_equal(row.lmb.drc_index, rows[i].index);
		assert_int_equal(row.state, rows[i].state);
	}
	assert_int_equal(i, n);
}

/* Vectors of PAPR's two encodings: the same rows.
 * Behaviours: log-4.1-v1 */
TEST(both_versions)
{
	static const struct row rows[] = {
		{ 0, 0, LMB_FIXED },
		{ 0x40000000, 0x80000004, LMB_OWNED },
		{ 0x50000000, 0x80000005, LMB_OWNED },
		{ 0x70000000, 0x80000007, LMB_FREE },
	};
	struct fake *f;

	f = machine(DRCONF "ibm,dynamic-memory-v2",
		    "00000003 00000001 00000000 00000000 00000000 ffffffff 000000a0"
		    "00000002 00000000 40000000 80000004 00000000 00000008"
		    "00000001 00000000 70000000 80000007 ffffffff 00000000");
	assert_rows(f, rows, COUNT(rows));
	assert_string_equal(f->warnings, "");
	fake_free(f);
	f = machine(DRCONF "ibm,dynamic-memory",
		    "00000004 00000000 00000000 00000000 00000000 ffffffff 000000a0"
		    "00000000 40000000 80000004 00000000 00000000 00000008"
		    "00000000 50000000 80000005 00000000 00000000 00000008"
		    "00000000 70000000 80000007 00000000 ffffffff 00000000");
	assert_rows(f, rows, COUNT(rows));
	fake_free(f);
}

TEST(damaged)
{
	static const char *const bad[] = {
		"",
		"00000002 00000004 00000000 00000000 00000000 ffffffff 000000a0 00000002",
		"00000001 00000002 ffffffff f0000000 ffffffff 00000000 00000008",
	};
	struct lmb_list list;
	struct fake *f;

	for (size_t i = 0; i < COUNT(bad); i++) {
		f = machine(DRCONF "ibm,dynamic-memory-v2", bad[i]);
		assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), -EBADMSG);
		assert_non_null(strstr(f->warnings, "damaged"));
		fake_free(f);
	}
	f = machine(DRCONF "ibm,dynamic-memory-v2", "00000000");
	assert_rows(f, NULL, 0);
	put_hex(f, DRCONF "ibm,lmb-size", "00000000 00000000");
	assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), -EBADMSG);
	fake_free(f);
	f = fake_new();
	assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), -ENODEV);
	fake_free(f);
}

/* More than a partition can have: refused before a loop over it. */
TEST(too_many)
{
	static const struct {
		const char *lmb_bytes, *sets;
		int err;
	} rows[] = {
		/* 2^20 LMBs, one more, and in two sets */
		{ "00000000 10000000",
		  "00000001 00100000 00000000 00000000 80000000 00000000 00000008", 0 },
		{ "00000000 10000000",
		  "00000001 00100001 00000000 00000000 80000000 00000000 00000008",
		  -E2BIG },
		{ "00000000 10000000",
		  "00000002 00100000 00000000 00000000 80000000 00000000 00000008"
		  "00000001 01000000 00000000 90000000 00000000 00000000",
		  -E2BIG },
		{ "00000000 10000000",
		  "00000001 70000000 00000000 00000000 00000001 00000000 00000008",
		  -E2BIG },
		/* 2^52 bytes, and more */
		{ "00000100 00000000",
		  "00000001 00001000 00000000 00000000 80000000 00000000 00000008", 0 },
		{ "00000100 00000000",
		  "00000001 00001001 00000000 00000000 80000000 00000000 00000008",
		  -E2BIG },
		{ "10000000 00000000",
		  "00000001 00000001 00000000 00000000 80000000 00000000 00000008",
		  -EBADMSG },
	};
	struct lmb_list list;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = machine(DRCONF "ibm,dynamic-memory-v2", rows[i].sets);

		put_hex(f, DRCONF "ibm,lmb-size", rows[i].lmb_bytes);
		assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), rows[i].err);
		assert_true(rows[i].err != -E2BIG ||
			    strstr(f->warnings, "more LMBs than a partition can have"));
		fake_free(f);
	}
}

/* 16 TiB in one entry: read LMB by LMB, never stored. */
TEST(sixteen_terabytes)
{
	struct fake *f =
		machine(DRCONF "ibm,dynamic-memory-v2",
			"00000001 00010000 00000000 00000000 80000000 00000000 00000008");
	struct lmb_list list;
	struct lmb_iter it;
	struct lmb_row row;
	size_t n = 0;

	assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(lmb_list_begin(&it, &list), 0);
	while (lmb_list_next(&it, &row) == 1)
		n++;
	assert_int_equal(n, 65536);
	assert_int_equal(row.lmb.drc_index, 0x8000ffff);
	assert_int_equal(row.lmb.address, 0xffff0000000);
	fake_free(f);
}

static bool is_removable(struct lmb_list *list, size_t n)
{
	struct lmb_iter it;
	struct lmb_row row;
	bool removable;

	assert_int_equal(lmb_list_begin(&it, list), 0);
	for (size_t i = 0; i <= n; i++)
		assert_int_equal(lmb_list_next(&it, &row), 1);
	assert_int_equal(lmb_is_removable(list, &row, &removable), 0);
	return removable;
}

/* Linux before 5.7 answers for each block. Later ones answer for all, so only one is
 * read. */
TEST(removable)
{
	static const struct {
		const char *release;
		bool first, second;
	} rows[] = {
		{ "4.18.0-1", true, false }, { "5.6.19", true, false },
		{ "5.7.0", true, true },     { "6.1.0-50-powerpc64le", true, true },
		{ "words", true, false },
	};
	struct fake *f =
		machine(DRCONF "ibm,dynamic-memory-v2",
			"00000001 00000003 00000000 40000000 80000004 00000000 00000008");
	struct lmb_list list;

	fake_text(f, BLOCKS "block_size_bytes", "8000000\n");
	fake_text(f, BLOCKS "memory8/removable", "1\n");
	fake_text(f, BLOCKS "memory9/removable", "1\n");
	fake_text(f, BLOCKS "memory10/removable", "1\n");
	fake_text(f, BLOCKS "memory11/removable", "0\n");
	fake_text(f, BLOCKS "memory99999999999/removable", "0\n");
	fake_text(f, BLOCKS "memoryx/removable", "0\n");
	for (size_t i = 0; i < COUNT(rows); i++) {
		fake_text(f, "proc/sys/kernel/osrelease", rows[i].release);
		assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), 0);
		assert_int_equal(is_removable(&list, 0), rows[i].first);
		assert_int_equal(is_removable(&list, 1), rows[i].second);
		assert_true(is_removable(&list, 2)); /* Linux has none of it */
	}
	fake_free(f);
}

/* Behaviours: log-6.4-blocks */
TEST(blocks)
{
	struct fake *f =
		machine(DRCONF "ibm,dynamic-memory-v2",
			"00000001 00000001 00000000 40000000 80000004 00000000 00000008");
	static const struct {
		const char *size;
		uint64_t first, end;
	} rows[] = {
		{ "10000000\n", 4, 5 }, { "4000000\n", 16, 20 },
		{ "20000000\n", 2, 3 }, /* larger than an LMB */
		{ "0\n", 0, 0 },	{ "10000000x\n", 0, 0 },
		{ "1\n", 0, 0 },	{ "800000\n", 0, 0 }, /* smaller than a section */
		{ "5000000\n", 0, 0 },	{ "", 0, 0 },
	};
	struct block_range range;
	struct lmb_list list;
	struct lmb_iter it;
	struct lmb_row row;

	for (size_t i = 0; i < COUNT(rows); i++) {
		fake_text(f, BLOCKS "block_size_bytes", rows[i].size);
		assert_int_equal(lmb_list_read(&list, f->mem, &f->dr), 0);
		assert_int_equal(lmb_list_begin(&it, &list), 0);
		assert_int_equal(lmb_list_next(&it, &row), 1);
		assert_int_equal(lmb_blocks(&list, row.lmb.address, &range), 0);
		assert_int_equal(range.first, rows[i].first);
		assert_int_equal(range.end, rows[i].end);
	}
	fake_free(f);
}

TEST(ranges)
{
	static const struct {
		const char *text;
		int n;
		uint32_t last;
		int end;
	} rows[] = {
		{ "", 0, 0, 0 },
		{ "\n", 0, 0, 0 },
		{ "0\n", 1, 0, 0 },
		{ "0-3,8,10-11\n", 3, 11, 0 },
		{ "5-4", 0, 0, -EBADMSG },
		{ "0-", 0, 0, -EBADMSG },
		{ "0,x", 1, 0, -EBADMSG },
		{ "1 2", 0, 0, -EBADMSG },
		{ "-1", 0, 0, -EBADMSG },
		{ "0-4294967295", 1, UINT32_MAX, 0 },
		{ "4294967296", 0, 0, -EBADMSG },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *at = rows[i].text;
		uint32_t first, last = 0;
		int n = 0, more;

		while ((more = ranges_next(&at, &first, &last)) > 0)
			n++;
		assert_int_equal(n, rows[i].n);
		assert_int_equal(last, rows[i].last);
		assert_int_equal(more, rows[i].end);
	}
}

TEST(ranges_below_a_limit)
{
	static const struct {
		const char *text;
		unsigned int numbers;
		int end;
	} rows[] = {
		{ "0-3,8,10-11\n", 7, 0 },
		{ "0-4294967295\n", 16, 0 },
		{ "14-17\n", 2, 0 },
		{ "16,17\n", 0, 0 },
		{ "0-4294967295,0-4294967295,0-4294967295", 16, -EBADMSG },
		{ "4-5,4-5", 2, -EBADMSG },
		{ "5,4", 1, -EBADMSG },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *at = rows[i].text;
		uint32_t first, last, next = 0;
		unsigned int n = 0;
		int more;

		while ((more = ranges_next_below(&at, 16, &next, &first, &last)) > 0)
			n += last - first + 1;
		assert_int_equal(n, rows[i].numbers);
		assert_int_equal(more, rows[i].end);
	}
}
