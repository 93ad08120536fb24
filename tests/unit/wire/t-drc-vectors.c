// SPDX-License-Identifier: GPL-2.0-or-later
/* Connectors of processors and memory, as in real device trees. */
#include "tests/unit/fakes/hex.h"
#include "wire/drc_info.h"
#include "wire/drc_list.h"

struct connector {
	const char *name;
	uint32_t index;
};

static const struct {
	const char *id, *digits;
	int err;
	struct connector connectors[5]; /* up to one without name */
} ranges[] = {
	{ "E24: four in sequence",
	  "00000001 43505500 43505520 00100000 00000000 00000000 04000000 01ffffff ff",
	  0,
	  { { "CPU 0", 0x10000000 },
	    { "CPU 1", 0x10000001 },
	    { "CPU 2", 0x10000002 },
	    { "CPU 3", 0x10000003 } } },
	{ "E25: with an increment, of names too",
	  "00000001 43505500 43505520 00100000 00000000 00000000 03000000 08000000 00",
	  0,
	  { { "CPU 0", 0x10000000 },
	    { "CPU 8", 0x10000008 },
	    { "CPU 16", 0x10000010 } } },
	{ "E26: an empty record, and one of LMBs",
	  "00000002 50484200 50484220 00200000 00000000 01000000 00000000 01000000"
	  "004d454d 004c4d42 20008000 00000000 00000000 00020000 0001ffff ffff",
	  0,
	  { { "LMB 0", 0x80000000 }, { "LMB 1", 0x80000001 } } },
	{ "E27: a truncated record is an error",
	  "00000001 43505500 43505520 00100000 00000000 00000000", -EBADMSG },
};

/* Behaviours: log-E24, log-E25, log-E26, log-E27 */
TEST(ranges_of_machines)
{
	for (size_t i = 0; i < COUNT(ranges); i++) {
		_cleanup_hex_ struct hex hex = hex_of(ranges[i].digits);
		const struct connector *want = ranges[i].connectors;
		struct drc_info_iter it;
		struct drc_info info;
		int more = drc_info_begin(&it, hex.bytes, hex.len);

		print_message("# %s\n", ranges[i].id);
		while (!more && (more = drc_info_next(&it, &info)) > 0) {
			for (uint32_t n = 0; n < info.count; n++, want++) {
				uint32_t index;
				char name[16];

				assert_int_equal(drc_info_nth(&info, n, &index, name,
							      sizeof(name)),
						 0);
				assert_string_equal(name, want->name);
				assert_int_equal(index, want->index);
			}
			more = 0;
		}
		assert_int_equal(more, ranges[i].err);
		assert_null(want->name);
	}
}

/* E28. Not in the order of their numbers.
 * Behaviours: log-E28 */
TEST(lists_of_a_machine)
{
	static const struct connector want[] = { { "CPU 3", 0x10000003 },
						 { "CPU 0", 0x10000000 },
						 { "CPU 1", 0x10000001 },
						 { "CPU 2", 0x10000002 } };
	_cleanup_hex_ struct hex
		indexes = hex_of("00000004 10000003 10000000 10000001 10000002"),
		names = hex_of("00000004 43505520 33004350 55203000 43505520 31004350"
			       "55203200"),
		types = hex_of("00000004 43505500 43505500 43505500 43505500"),
		domains = hex_of("00000004 ffffffff ffffffff ffffffff ffffffff");
	const struct cursor props[DRC_LIST_PROPS] = {
		[DRC_LIST_INDEXES] = cursor_of(indexes.bytes, indexes.len),
		[DRC_LIST_NAMES] = cursor_of(names.bytes, names.len),
		[DRC_LIST_TYPES] = cursor_of(types.bytes, types.len),
		[DRC_LIST_POWER_DOMAINS] = cursor_of(domains.bytes, domains.len),
	};
	struct drc_list_iter it;
	struct drc drc;

	assert_int_equal(drc_list_begin(&it, props), 0);
	for (size_t i = 0; i < COUNT(want); i++) {
		assert_int_equal(drc_list_next(&it, &drc), 1);
		assert_string_equal(drc.name, want[i].name);
		assert_int_equal(drc.index, want[i].index);
		assert_int_equal(drc.power_domain, DRC_NO_POWER_DOMAIN);
	}
	assert_int_equal(drc_list_next(&it, &drc), 0);
}
