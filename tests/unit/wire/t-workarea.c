// SPDX-License-Identifier: GPL-2.0-or-later
/* The work area of ibm,configure-connector, compared with real firmware's bytes. */
#include "tests/unit/fakes/test.h"
#include "wire/workarea.h"

/* QEMU 7.2, virtio-net at 03.0, the first words of the second answer. */
static const uint8_t max_latency[] = {
	0x40, 0,   0,	0x18, 0,   0,	0,   0,	   0,	0,   0,	  0x14,
	0,    0,   0,	4,    0,   0,	0,   0x20, 'm', 'a', 'x', '-',
	'l',  'a', 't', 'e',  'n', 'c', 'y', 0,	   0,	0,   0,	  0x3f,
};

TEST(start_is_index_and_zeroes)
{
	uint8_t area[CC_PAGE_BYTES];

	memset(area, 0xee, sizeof(area));
	workarea_start(area, 0x40000018);
	assert_memory_equal(area, "\x40\0\0\x18\0\0\0\0", 8);
	for (size_t i = 8; i < sizeof(area); i++)
		assert_int_equal(area[i], 0);
	assert_int_equal(workarea_index(area), 0x40000018);
	assert_true(workarea_is_start(area));
	area[7] = 1; /* firmware's own state */
	assert_false(workarea_is_start(area));
	memcpy(area, max_latency, sizeof(max_latency));
	assert_false(workarea_is_start(area));
}

TEST(real_answers)
{
	uint8_t area[CC_PAGE_BYTES];
	struct cc_item item;

	workarea_start(area, 0x40000018);
	memcpy(area, max_latency, sizeof(max_latency));
	assert_int_equal(workarea_decode(&item, CC_PROPERTY, area, sizeof(area)), 0);
	assert_string_equal(item.name, "max-latency");
	assert_int_equal(item.len, 4);
	assert_memory_equal(item.value, "\0\0\0\x3f", 4);

	/* a node has only a name, whatever the other cells contain */
	memcpy(area + 0x14, "ethernet@3", 11);
	assert_int_equal(workarea_decode(&item, CC_CHILD, area, sizeof(area)), 0);
	assert_string_equal(item.name, "ethernet@3");
	assert_null(item.value);

	memset(area, 0xff, sizeof(area)); /* valid statuses without an item */
	assert_int_equal(workarea_decode(&item, CC_COMPLETE, area, sizeof(area)), 0);
	assert_int_equal(workarea_decode(&item, CC_PARENT, area, sizeof(area)), 0);
	assert_int_equal(workarea_decode(&item, CC_MORE_MEMORY, area, sizeof(area)), 0);
	assert_int_equal(workarea_decode(&item, 6, area, sizeof(area)), -EBADMSG);
	assert_int_equal(workarea_decode(&item, -9003, area, sizeof(area)), -EBADMSG);
}

static void set_cell(uint8_t *area, int n, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		area[4 * n + i] = (uint8_t)(v >> (24 - 8 * i));
}

TEST(offsets_stay_inside)
{
	static const struct {
		uint32_t name, len, value;
		int err;
	} rows[] = {
		{ 0x14, 4, 0x20, 0 },
		{ 4094, 4, 0x20, 0 },
		{ 4095, 4, 0x20, -EBADMSG }, /* no NUL before the end */
		{ 4096, 4, 0x20, -EBADMSG },
		{ 0x80000000, 4, 0x20, -EBADMSG },
		{ UINT32_MAX, 4, 0x20, -EBADMSG },
		{ 0x14, 4, 4092, 0 },
		{ 0x14, 4, 4093, -EBADMSG },
		{ 0x14, 4077, 0x14, -EBADMSG },
		{ 0x14, 4076, 0x14, 0 },
		{ 0x14, UINT32_MAX, 0x20, -EBADMSG },
		{ 0x14, 0x80000000, 0x20, -EBADMSG },
		{ 0x14, 4, UINT32_MAX, -EBADMSG },
		{ 0x14, 0, UINT32_MAX, 0 }, /* an empty value has no place */
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t *area = calloc(1, CC_PAGE_BYTES);
		struct cc_item item;

		memcpy(area, max_latency, sizeof(max_latency));
		area[4094] = 'x';
		area[4095] = rows[i].name == 4095 ? 'x' : 0;
		set_cell(area, 2, rows[i].name);
		set_cell(area, 3, rows[i].len);
		set_cell(area, 4, rows[i].value);
		assert_int_equal(workarea_decode(&item, CC_PROPERTY, area, CC_PAGE_BYTES),
				 rows[i].err);
		free(area);
	}
}

TEST(encoded_comes_back)
{
	uint8_t area[CC_PAGE_BYTES], big[CC_PAGE_BYTES] = { 1, 2, 3 };
	struct cc_item out,
		item = { .status = CC_PROPERTY, .name = "reg", .value = big, .len = 80 };

	workarea_start(area, 1);
	assert_int_equal(workarea_encode(area, sizeof(area), &item), 0);
	assert_memory_equal(area + 8, "\0\0\0\x14\0\0\0\x50\0\0\0\x18reg", 16);
	assert_int_equal(workarea_decode(&out, CC_PROPERTY, area, sizeof(area)), 0);
	assert_string_equal(out.name, "reg");
	assert_int_equal(out.len, 80);
	assert_memory_equal(out.value, big, 80);

	item.len = CC_PAGE_BYTES - CC_TEXT_OFFSET - 4;
	assert_int_equal(workarea_encode(area, sizeof(area), &item), 0);
	item.len++;
	assert_int_equal(workarea_encode(area, sizeof(area), &item), -ENOSPC);
}
