// SPDX-License-Identifier: GPL-2.0-or-later
/* The lines of /proc/ppc64/lparcfg. */
#include "tests/unit/fakes/test.h"
#include "wire/lparcfg.h"

static const char text[] = "lparcfg 1.9\n"
			   "serial_number=IBM,02210ABCD\n"
			   "unallocated_entitled_memory=1\n"
			   "entitled_memory_weight=128\n"
			   "entitled_memory=34359738368\n"
			   "entitled_memory=7\n"
			   "negative=-1\n"
			   "hex=0x10\n"
			   "empty=\n"
			   "largest=18446744073709551615\n"
			   "larger=18446744073709551616\n"
			   "longer=184467440737095516150\n"
			   "group=1 \n"
			   "key only\n"
			   "last=5";

TEST(a_number_is_found_by_its_whole_key)
{
	static const struct {
		const char *key;
		int err;
		uint64_t value;
	} rows[] = {
		{ "entitled_memory", 0, 32ULL << 30 }, /* the first line with that key */
		{ "entitled_memory_weight", 0, 128 },
		{ "entitled", -ENOENT },
		{ "memory", -ENOENT },
		{ "weight", -ENOENT },
		{ "key only", -ENOENT },
		{ "lparcfg 1.9", -ENOENT },
		{ "last", 0, 5 },
		{ "largest", 0, UINT64_MAX },
		{ "larger", -ERANGE },
		{ "longer", -ERANGE },
		{ "negative", -EBADMSG },
		{ "hex", -EBADMSG },
		{ "empty", -EBADMSG },
		{ "group", -EBADMSG },
		{ "serial_number", -EBADMSG },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint64_t value;

		assert_int_equal(lparcfg_number(text, strlen(text), rows[i].key, &value),
				 rows[i].err);
		if (!rows[i].err)
			assert_int_equal(value, rows[i].value);
	}
}

TEST(a_text_is_found)
{
	const char *value;
	size_t len;

	assert_int_equal(lparcfg_find(text, strlen(text), "serial_number", &value, &len),
			 0);
	assert_int_equal(len, strlen("IBM,02210ABCD"));
	assert_memory_equal(value, "IBM,02210ABCD", len);
	assert_int_equal(lparcfg_find(text, strlen(text), "empty", &value, &len), 0);
	assert_int_equal(len, 0);
	assert_int_equal(lparcfg_find(text, strlen(text), "larg", &value, &len), -ENOENT);
	assert_int_equal(lparcfg_find(NULL, 0, "last", &value, &len), -ENOENT);
}

/* A truncated text: values before the end are found, and nothing after it is read. */
TEST(every_cut_ends)
{
	for (size_t len = 1; len <= strlen(text); len++) {
		char *cut = exact_copy(text, len);
		size_t value_len;
		const char *value;
		int err = lparcfg_find(cut, len, "last", &value, &value_len);

		assert_int_equal(err, len < strlen(text) - 1 ? -ENOENT : 0);
		if (!err)
			assert_int_equal(value_len, len - (strlen(text) - 1));
		free(cut);
	}
}

TEST(a_line_is_made)
{
	/* with 19 digits and "=\n" one less than the buffer */
	static const char key42[] = "a23456789012345678901234567890123456789012";
	char line[LPARCFG_LINE_MAX];
	uint64_t value;
	int len;

	len = lparcfg_line(line, LPARCFG_MEM_CAPACITY, 3ULL << 32);
	assert_string_equal(line, "entitled_memory=12884901888\n");
	assert_int_equal(len, strlen(line));
	assert_int_equal(lparcfg_number(line, (size_t)len, LPARCFG_MEM_CAPACITY, &value),
			 0);
	assert_int_equal(value, 3ULL << 32);

	assert_int_equal(lparcfg_line(line, key42, 1234567890123456789), 63);
	assert_int_equal(lparcfg_line(line, key42, 12345678901234567890U), -ENAMETOOLONG);
}
