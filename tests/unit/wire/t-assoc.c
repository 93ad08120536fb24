// SPDX-License-Identifier: GPL-2.0-or-later
/* The NUMA node of a resource, and other lists of cells. */
#include "tests/unit/fakes/encode.h"
#include "tests/unit/fakes/hex.h"
#include "wire/assoc.h"
#include "wire/dynmem.h"

#define E16 "00000001 00000001 00000000"
#define E17                                   \
	"00000002 00000004"                   \
	"00000000 00000000 00000000 00000000" \
	"00000000 00000000 00000001 00000001"
#define E19 "00000004 00000000 00000000 00000001 00000001"

/* Behaviours: log-E21, log-E22 */
TEST(forms)
{
	static const struct {
		const char *digits;
		unsigned int forms;
	} rows[] = {
		{ "19 00 20 00 00 a0 05", ASSOC_FORM1 | ASSOC_FORM2 }, /* E21 */
		{ "19 00 20 00 00 00 05", 0 },			       /* E22 */
		{ "19 00 20 00 00 80", ASSOC_FORM1 },
		{ "19 00 20 00 00 20", ASSOC_FORM2 },
		{ "19 00 20 00 00", 0 },
		{ "03 00 20 00 00 a0", 0 }, /* the vector ends before */
		{ "04 00 20 00 00 a0", ASSOC_FORM1 | ASSOC_FORM2 },
		{ "ff 00 20 00 00 a0", ASSOC_FORM1 | ASSOC_FORM2 },
		{ "00 00", 0 },
		{ "00", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		_cleanup_hex_ struct hex hex = hex_of(rows[i].digits);

		assert_int_equal(assoc_forms(hex.bytes, hex.len), rows[i].forms);
	}
}

/* Behaviours: log-E20 */
TEST(reference_points)
{
	static const struct {
		const char *digits;
		size_t n;
		int err;
		uint32_t depth;
	} rows[] = {
		{ "00000004 00000002", 0, 0, 4 }, /* E20 */
		{ "00000004 00000002", 1, 0, 2 }, { "00000004 00000002", 2, -ENOENT },
		{ "00000001", 0, 0, 1 },	  { "", 0, -ENOENT },
		{ "00000000", 0, -EBADMSG },	  { "00000004 0000", 0, -EBADMSG },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		_cleanup_hex_ struct hex hex = hex_of(rows[i].digits);
		uint32_t depth;

		assert_int_equal(
			assoc_reference_point(hex.bytes, hex.len, rows[i].n, &depth),
			rows[i].err);
		if (!rows[i].err)
			assert_int_equal(depth, rows[i].depth);
	}
}

/* Behaviours: log-E19 */
TEST(domain_of_a_node)
{
	static const struct {
		const char *digits;
		uint32_t depth;
		int err;
		uint32_t domain;
	} rows[] = {
		{ E19, 4, 0, 1 },
		{ E19, 1, 0, 0 },
		{ E19, 5, -ERANGE },
		{ E19, 0, -ERANGE },
		{ "00000002 00000001 00000002", 1, 0, 1 }, /* core 2 on node 1, QEMU */
		{ E19 "00000004 00000009 00000009 00000009 00000009", 4, 0, 1 },
		{ "00000000", 1, -ERANGE },
		{ "00000001", 1, -EBADMSG },
		{ "ffffffff 00000000", 1, -EBADMSG },
		{ "40000001 00000000", 1, -EBADMSG },
		{ "", 1, -EBADMSG },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		_cleanup_hex_ struct hex hex = hex_of(rows[i].digits);
		uint32_t domain;

		assert_int_equal(assoc_domain(hex.bytes, hex.len, rows[i].depth, &domain),
				 rows[i].err);
		if (!rows[i].err)
			assert_int_equal(domain, rows[i].domain);
	}
}

/* Behaviours: log-E16, log-E17 */
TEST(domain_of_an_array)
{
	static const struct {
		const char *digits;
		uint32_t index, depth;
		int err;
		uint32_t domain;
	} rows[] = {
		{ E16, 0, 1, 0, 0 },
		{ E16, 1, 1, -ENOENT },
		{ E16, LMB_NO_ARRAY, 1, -ENOENT },
		{ E17, 0, 4, 0, 0 },
		{ E17, 1, 4, 0, 1 },
		{ E17, 0, 2, 0, 0 },
		{ E17, 1, 2, 0, 0 },
		{ E17, 0, 5, -ERANGE },
		{ E17, 0, 0, -ERANGE },
		/* three nodes, QEMU */
		{ "00000003 00000001 00000000 00000001 00000002", 2, 1, 0, 2 },
		{ "00000000 00000000", 0, 1, -ERANGE },
		{ "00000000 00000004", 0, 1, -ENOENT },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		_cleanup_hex_ struct hex hex = hex_of(rows[i].digits);
		struct assoc_arrays aa;
		uint32_t domain;

		assert_int_equal(assoc_arrays_read(&aa, hex.bytes, hex.len), 0);
		assert_int_equal(
			assoc_arrays_domain(&aa, rows[i].index, rows[i].depth, &domain),
			rows[i].err);
		if (!rows[i].err)
			assert_int_equal(domain, rows[i].domain);
	}
}

/* Behaviours: log-E18 */
TEST(arrays_have_the_length_they_say)
{
	static const char *const odd[] = {
		"",
		"00000001",
		"00000001 00000001",
		/* E18 */
		"00000002 00000004 00000000 00000000 00000000 00000000"
		"00000000 00000000 00000001",
		E16 "00000000",
		E16 "00",
		/* products beyond 32 bits, and near to 64 */
		"00010000 00010000",
		"40000000 00000004 00000000",
		"ffffffff ffffffff 00000000",
		"80000000 00000002",
		/* an empty array would be equal to each */
		"00000001 00000000",
		"ffffffff 00000000",
	};
	_cleanup_hex_ struct hex whole = hex_of(E17);
	struct assoc_arrays aa;

	for (size_t i = 0; i < COUNT(odd); i++) {
		_cleanup_hex_ struct hex hex = hex_of(odd[i]);

		assert_int_equal(assoc_arrays_read(&aa, hex.bytes, hex.len), -EBADMSG);
	}
	for (size_t len = 0; len < whole.len; len++) {
		void *cut = exact_copy(whole.bytes, len);

		assert_int_equal(assoc_arrays_read(&aa, cut, len), -EBADMSG);
		free(cut);
	}
}

TEST(arrays_are_short)
{
	uint8_t bytes[8 + 4 * (ASSOC_ENTRIES_MAX + 1)] = { 0, 0, 0, 1 };
	struct assoc_arrays aa;

	bytes[7] = ASSOC_ENTRIES_MAX;
	assert_int_equal(assoc_arrays_read(&aa, bytes, sizeof(bytes) - 4), 0);
	bytes[7]++;
	assert_int_equal(assoc_arrays_read(&aa, bytes, sizeof(bytes)), -EBADMSG);
}

TEST(arrays_come_back)
{
	static const uint32_t domains[] = { 0, 0, 0, 0, 0, 0, 1, 1 };
	_cleanup_hex_ struct hex hex = hex_of(E17);
	uint8_t bytes[64];
	struct builder b = builder_of(bytes, sizeof(bytes));

	assoc_arrays_encode(&b, 2, 4, domains);
	assert_int_equal(b.len, hex.len);
	assert_memory_equal(bytes, hex.bytes, b.len);
}

TEST(an_array_is_found)
{
	static const struct {
		const char *node;
		int err;
		uint32_t index;
	} rows[] = {
		{ "00000004 00000000 00000000 00000001 00000001", 0, 1 },
		{ "00000004 00000000 00000000 00000000 00000000", 0, 0 },
		{ "00000005 00000000 00000000 00000001 00000001 00000077", 0, 1 },
		{ "00000004 00000000 00000000 00000002 00000002", -ENOENT },
		{ "00000003 00000000 00000000 00000000", -ENOENT },
		{ "00000004 00000000 00000000 00000000", -EBADMSG },
	};
	_cleanup_hex_ struct hex arrays = hex_of(E17), none = hex_of("00000000 00000000");
	struct assoc_arrays aa;
	uint32_t index;

	assert_int_equal(assoc_arrays_read(&aa, arrays.bytes, arrays.len), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		_cleanup_hex_ struct hex node = hex_of(rows[i].node);

		assert_int_equal(assoc_arrays_find(&aa, node.bytes, node.len, &index),
				 rows[i].err);
		if (!rows[i].err)
			assert_int_equal(index, rows[i].index);
	}
	assert_int_equal(assoc_arrays_read(&aa, none.bytes, none.len), 0);
	assert_int_equal(assoc_arrays_find(&aa, arrays.bytes + 8, 4, &index), -ENOENT);
}

TEST(distances)
{
	_cleanup_hex_ struct hex ids = hex_of("00000003 00000000 00000004 00000009"),
				 table = hex_of("00000009 0a1428 140a15 28150a");
	struct assoc_distances d;
	uint8_t distance;

	assert_int_equal(
		assoc_distances_read(&d, ids.bytes, ids.len, table.bytes, table.len), 0);
	assert_int_equal(assoc_distance(&d, 0, 0, &distance), 0);
	assert_int_equal(distance, 10);
	assert_int_equal(assoc_distance(&d, 9, 4, &distance), 0);
	assert_int_equal(distance, 21);
	assert_int_equal(assoc_distance(&d, 0, 9, &distance), 0);
	assert_int_equal(distance, 40);
	assert_int_equal(assoc_distance(&d, 1, 0, &distance), -ENOENT);
	assert_int_equal(assoc_distance(&d, 0, 1, &distance), -ENOENT);

	for (size_t len = 0; len < table.len; len++) {
		void *cut = exact_copy(table.bytes, len);

		assert_int_equal(assoc_distances_read(&d, ids.bytes, ids.len, cut, len),
				 -EBADMSG);
		free(cut);
	}
	for (size_t len = 0; len < ids.len; len++) {
		void *cut = exact_copy(ids.bytes, len);

		assert_int_equal(
			assoc_distances_read(&d, cut, len, table.bytes, table.len),
			-EBADMSG);
		free(cut);
	}
}

TEST(distance_tables_go_together)
{
	_cleanup_hex_ struct hex one = hex_of("00000001 00000000"),
				 none = hex_of("00000000"),
				 four = hex_of("00000004 0a14140a");
	struct assoc_distances d;
	uint8_t distance;

	assert_int_equal(
		assoc_distances_read(&d, one.bytes, one.len, four.bytes, four.len),
		-EBADMSG);
	assert_int_equal(
		assoc_distances_read(&d, none.bytes, none.len, none.bytes, none.len), 0);
	assert_int_equal(assoc_distance(&d, 0, 0, &distance), -ENOENT);
}

/* Behaviours: log-E29, log-E30 */
TEST(threads_of_a_processor)
{
	/* E29, E30 */
	_cleanup_hex_ struct hex eight = hex_of("00000008 00000009 0000000a 0000000b"
						"0000000c 0000000d 0000000e 0000000f"),
				 odd = hex_of("00000000 0000");
	struct cells threads;
	size_t at;

	assert_int_equal(cells_read(&threads, eight.bytes, eight.len), 0);
	assert_int_equal(threads.n, 8);
	for (uint32_t i = 0; i < 8; i++)
		assert_int_equal(cells_at(&threads, i), 8 + i);
	assert_int_equal(cells_at(&threads, 8), 0);
	assert_true(cells_find(&threads, 13, &at));
	assert_int_equal(at, 5);
	assert_false(cells_find(&threads, 16, &at));

	assert_int_equal(cells_read(&threads, odd.bytes, odd.len), -EBADMSG);
	for (size_t len = 0; len < eight.len; len++)
		assert_int_equal(cells_read(&threads, eight.bytes, len),
				 len % 4 ? -EBADMSG : 0);
	assert_int_equal(cells_read(&threads, NULL, 0), 0);
	assert_int_equal(cells_at(&threads, 0), 0);
	assert_false(cells_find(&threads, 0, &at));
}
