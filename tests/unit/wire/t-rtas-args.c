// SPDX-License-Identifier: GPL-2.0-or-later
/* The argument block compared with bytes of real calls; busy statuses; the call table. */
#include "tests/unit/fakes/test.h"
#include "wire/rtas_args.h"
#include "wire/rtas_names.h"

/* get-sensor-state(9003, 0x40000001), token 0x201d, as the kernel received it. */
static const uint8_t sensor_call[] = {
	0, 0, 0x20, 0x1d, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0x23, 0x2b, 0x40, 0, 0, 1,
};

TEST(encodes_what_the_kernel_reads)
{
	const struct rtas_args args = {
		.token = 0x201d,
		.nargs = 2,
		.nret = 2,
		.in = { 9003, 0x40000001 },
	};
	uint8_t image[RTAS_IMAGE_BYTES];

	memset(image, 0xee, sizeof(image));
	assert_int_equal(rtas_args_encode(&args, image), 0);
	assert_memory_equal(image, sensor_call, sizeof(sensor_call));
	for (size_t i = sizeof(sensor_call); i < sizeof(image); i++)
		assert_int_equal(image[i], 0);
}

TEST(reply_comes_back)
{
	struct rtas_args args = { .token = 1, .nargs = 2, .nret = 2, .in = { 3, 4 } };
	uint8_t image[RTAS_IMAGE_BYTES];

	assert_int_equal(rtas_args_encode(&args, image), 0);
	memcpy(image + RTAS_HEAD_BYTES + 8, "\xff\xff\xff\xfd\0\0\0\7", 8);
	rtas_args_decode_reply(&args, image);
	assert_int_equal((int32_t)args.out[0], -3);
	assert_int_equal(args.out[1], 7);
	/* inputs are unchanged */
	assert_int_equal(image[19], 4);
}

TEST(counts_are_bounded)
{
	static const struct {
		uint32_t nargs, nret;
		int err;
	} rows[] = {
		{ 15, 1, 0 },
		{ 0, 16, 0 },
		{ 0, 0, 0 },
		{ 16, 0, -EINVAL },
		{ 8, 9, -EINVAL },
		{ 0, 17, -EINVAL },
		{ UINT32_MAX, 2, -EINVAL },
		{ 1, UINT32_MAX, -EINVAL },
	};
	uint8_t image[RTAS_IMAGE_BYTES];

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rtas_args args = { .nargs = rows[i].nargs, .nret = rows[i].nret };

		assert_int_equal(rtas_args_encode(&args, image), rows[i].err);
	}
}

TEST(delays)
{
	static const struct {
		int32_t status;
		bool busy;
		uint32_t ms;
	} rows[] = {
		{ 0, false, 0 },	{ -1, false, 0 },     { -2, true, 0 },
		{ 9899, false, 0 },	{ 9900, true, 1 },    { 9901, true, 10 },
		{ 9902, true, 100 },	{ 9903, true, 1000 }, { 9904, true, 10000 },
		{ 9905, true, 100000 }, { 9906, false, 0 },   { 1, false, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(rtas_status_is_busy(rows[i].status), rows[i].busy);
		assert_int_equal(rtas_status_delay_ms(rows[i].status), rows[i].ms);
	}
}

TEST(table_is_whole)
{
	for (int i = 0; i < RTAS_CALLS; i++) {
		const struct rtas_desc *desc = rtas_desc((enum rtas_call)i);

		assert_non_null(desc->name);
		assert_int_equal(rtas_call_by_name(desc->name), i);
		assert_true(desc->nret >= 1 && desc->nargs + desc->nret <= RTAS_CELLS);
		assert_true(desc->status_at < desc->nret);
		assert_true(desc->place.arg + desc->place.cells <= desc->nargs);
		assert_int_equal(!desc->device.path, !desc->device.request.verb);
		assert_int_equal(!desc->device.path, !desc->device.request.number);
		for (int b = 0; b < 2; b++) {
			if (!rtas_buffer_is_used(&desc->buffer[b]))
				continue;
			assert_true(desc->buffer[b].arg < desc->nargs);
			assert_true(desc->buffer[b].size_arg < desc->nargs);
			assert_true(!desc->buffer[b].size_arg ||
				    desc->buffer[b].size_arg > desc->buffer[b].arg);
		}
	}
	assert_int_equal(rtas_call_by_name("event-scan"), RTAS_CALLS);
	assert_string_equal(rtas_status_text(RTAS_SET_INDICATOR, -9001),
			    "valid outstanding translations");
	assert_string_equal(rtas_status_text(RTAS_SET_INDICATOR, -1), "hardware error");
	assert_string_equal(rtas_status_text(RTAS_GET_SENSOR_STATE, 9902),
			    "busy, extended delay");
	assert_string_equal(rtas_status_text(RTAS_GET_SENSOR_STATE, -77),
			    "unknown status");
}
