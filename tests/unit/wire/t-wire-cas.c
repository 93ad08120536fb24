// SPDX-License-Identifier: GPL-2.0-or-later
/* Option vectors, compared with those of Linux 6.1. */
#include "tests/unit/fakes/test.h"
#include "wire/cas.h"

static const struct cas_pvr power9[] = { { 0xffff0000, 0x004e0000 } };

static const struct {
	uint8_t bytes[40];
	size_t len;
} linux_vectors[] = {
	{ { 0, 0xff, 0xc0 }, 3 },
	{ { 0 }, 36 },
	{ { 0, 0xe0 }, 2 },
	{ { 0, 0x01 }, 2 },
	{ { [1] = 0xf0, [4] = 0xa0, [5] = 0x05, [21] = 0x80, 0x40, 0x40, [25] = 0x40 },
	  26 },
	{ { 0, 0, 0x02 }, 3 },
};

/* The same bytes, as a guest's firmware received them. */
static const char linux_bytes[] =
	"\xff\xff\x00\x00\x00\x4e\x00\x00\x00\x00\x00\x00\xff\xff\xff\xff"
	"\x05\x02\x00\xff\xc0\x23\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\0\0\0\0\x01\x00\xe0\x01\x00\x01\x19\x00\xf0\x00\x00\xa0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
	"\0\x80\x40\x40\x00\x40\x02\x00\x00\x02";

static size_t encode(uint8_t *buf, size_t size)
{
	struct builder b = builder_of(buf, size);

	cas_encode_pvrs(&b, power9, COUNT(power9));
	cas_encode_count(&b, COUNT(linux_vectors));
	for (size_t i = 0; i < COUNT(linux_vectors); i++)
		cas_encode_vector(&b, linux_vectors[i].bytes, linux_vectors[i].len);
	assert_true(builder_fits(&b));
	return b.len;
}

TEST(encoded_as_linux_does)
{
	uint8_t buf[256];

	assert_int_equal(encode(buf, sizeof(buf)), sizeof(linux_bytes) - 1);
	assert_memory_equal(buf, linux_bytes, sizeof(linux_bytes) - 1);
}

TEST(encoded_comes_back)
{
	uint8_t buf[256];
	struct cas_vector vector;
	struct cas_iter it;
	struct cas_pvr pvr;

	cas_begin(&it, buf, encode(buf, sizeof(buf)));
	assert_int_equal(cas_next_pvr(&it, &pvr), 1);
	assert_int_equal(pvr.mask, 0xffff0000);
	assert_int_equal(pvr.value, 0x004e0000);
	assert_int_equal(cas_next_pvr(&it, &pvr), 0);
	for (size_t i = 0; i < COUNT(linux_vectors); i++) {
		assert_int_equal(cas_next_vector(&it, &vector), 1);
		assert_int_equal(vector.number, i + 1);
		assert_int_equal(vector.len, linux_vectors[i].len);
		assert_memory_equal(vector.bytes, linux_vectors[i].bytes, vector.len);
	}
	assert_int_equal(cas_next_vector(&it, &vector), 0);
}

/* Return 0 if all parts exist. */
static int decode(const void *bytes, size_t len)
{
	struct cas_vector vector;
	struct cas_iter it;
	struct cas_pvr pvr;
	int more;

	cas_begin(&it, bytes, len);
	do
		more = cas_next_pvr(&it, &pvr);
	while (more > 0);
	while (!more && (more = cas_next_vector(&it, &vector)) > 0)
		more = 0;
	return more;
}

TEST(every_truncation_is_seen)
{
	for (size_t len = 0; len < sizeof(linux_bytes); len++) {
		void *copy = exact_copy(linux_bytes, len);

		assert_int_equal(decode(copy, len),
				 len < sizeof(linux_bytes) - 1 ? -EBADMSG : 0);
		free(copy);
	}
}

TEST(the_longest)
{
	uint8_t *buf = calloc(1, CAS_BYTES);
	struct cas_vector vector;
	struct cas_iter it;
	struct cas_pvr pvr;
	size_t at = CAS_PVRS * 8;

	/* 512 processors without an end: the next byte is the count */
	buf[at++] = CAS_VECTORS - 1;
	for (int i = 0; i < CAS_VECTORS; i++) {
		buf[at] = CAS_VECTOR_BYTES - 1;
		at += 1 + CAS_VECTOR_BYTES;
	}
	assert_int_equal(at, CAS_BYTES);

	cas_begin(&it, buf, at);
	for (int i = 0; i < CAS_PVRS; i++)
		assert_int_equal(cas_next_pvr(&it, &pvr), 1);
	assert_int_equal(cas_next_pvr(&it, &pvr), 0);
	for (int i = 0; i < CAS_VECTORS; i++)
		assert_int_equal(cas_next_vector(&it, &vector), 1);
	assert_int_equal(vector.number, CAS_VECTORS);
	assert_int_equal(vector.len, CAS_VECTOR_BYTES);
	assert_int_equal(cas_next_vector(&it, &vector), 0);

	cas_begin(&it, buf, at - 1);
	while (cas_next_pvr(&it, &pvr) > 0)
		;
	for (int i = 1; i < CAS_VECTORS; i++)
		assert_int_equal(cas_next_vector(&it, &vector), 1);
	assert_int_equal(cas_next_vector(&it, &vector), -EBADMSG);
	free(buf);
}

TEST(bits)
{
	uint8_t v[26] = { 0 };

	cas_set(v, OV5_DRCONF_MEMORY);
	cas_set(v, OV5_RADIX_GTSE);
	assert_int_equal(v[1], 0x20);
	assert_int_equal(v[25], 0x40);
	assert_true(cas_test(v, sizeof(v), OV5_RADIX_GTSE));
	assert_false(cas_test(v, sizeof(v) - 1, OV5_RADIX_GTSE));
	assert_false(cas_test(v, sizeof(v), OV5_HP_EVT));
	assert_false(cas_test(v, sizeof(v), CAS_BIT(0, 0xff)));
	assert_false(cas_test(NULL, 0, OV5_HP_EVT));
}
