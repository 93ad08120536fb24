// SPDX-License-Identifier: GPL-2.0-or-later
/* Reassignment: drmgr -P's list. */
#include "tests/unit/fakes/encode.h"
#include "tests/unit/fakes/test.h"
#include "wire/prrn.h"

struct entry {
	enum prrn_kind kind;
	uint32_t drc_index;
	unsigned long line;
	const char *text;
};

static void assert_entries(const char *text, size_t len, const struct entry *want,
			   size_t n)
{
	char *copy = exact_copy(text, len);
	struct prrn_entry entry;
	struct prrn_iter it;

	prrn_begin(&it, copy, len);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(prrn_next(&it, &entry), 1);
		assert_int_equal(entry.kind, want[i].kind);
		assert_int_equal(entry.drc_index, want[i].drc_index);
		assert_int_equal(entry.line, want[i].line);
		if (!want[i].text)
			continue;
		assert_int_equal(entry.len, strlen(want[i].text));
		assert_memory_equal(entry.text, want[i].text, entry.len);
	}
	assert_int_equal(prrn_next(&it, &entry), 0);
	assert_int_equal(prrn_next(&it, &entry), 0);
	free(copy);
}

TEST(lines_are_resources)
{
	static const char text[] = "mem 80000004\n"
				   "cpu 10000001\n"
				   "\n"
				   " mem\t0x8000000a \r\n"
				   "cpu  0XFF\n"
				   "  \t\n"
				   "mem ffffffff";
	static const struct entry want[] = {
		{ PRRN_MEM, 0x80000004, 1, "mem 80000004" },
		{ PRRN_CPU, 0x10000001, 2, "cpu 10000001" },
		{ PRRN_MEM, 0x8000000a, 4, "mem\t0x8000000a" },
		{ PRRN_CPU, 0xff, 5, "cpu  0XFF" },
		{ PRRN_MEM, 0xffffffff, 7, "mem ffffffff" },
	};

	assert_entries(text, strlen(text), want, COUNT(want));
	assert_entries(NULL, 0, NULL, 0);
}

TEST(other_lines_are_said_to_be_so)
{
	static const char text[] = "pci 20000001\n"
				   "memory 80000004\n"
				   "mem\n"
				   "mem LMB 5\n"
				   "mem 80000004 5\n"
				   "mem 180000004\n"
				   "mem 0\n"
				   "mem 0x\n"
				   "mem -1\n"
				   "80000004\n"
				   "slot\n"
				   "cpu 10000001\0\n"
				   "cpu 10000002\n";
	static const struct entry want[] = {
		{ PRRN_UNKNOWN, 0, 1, "pci" },
		{ PRRN_UNKNOWN, 0, 2, "memory" },
		{ PRRN_BAD, 0, 3, "mem" },
		{ PRRN_BAD, 0, 4, "mem LMB 5" },
		{ PRRN_BAD, 0, 5, "mem 80000004 5" },
		{ PRRN_BAD, 0, 6, "mem 180000004" },
		{ PRRN_BAD, 0, 7, "mem 0" },
		{ PRRN_BAD, 0, 8, "mem 0x" },
		{ PRRN_BAD, 0, 9, "mem -1" },
		{ PRRN_BAD, 0, 10, "80000004" },
		{ PRRN_BAD, 0, 11, "slot" },
		{ PRRN_BAD, 0, 12, NULL },
		{ PRRN_CPU, 0x10000002, 13, "cpu 10000002" },
	};

	assert_entries(text, sizeof(text) - 1, want, COUNT(want));
}

/* A list whose writer was stopped in the middle: its last line may be another number,
 * which cannot be detected, but there are never more lines. */
TEST(every_cut_ends)
{
	static const char text[] = "mem 80000004\ncpu 1\n";

	for (size_t len = 0; len < strlen(text); len++) {
		char *cut = exact_copy(text, len);
		struct prrn_entry entry;
		struct prrn_iter it;
		unsigned int n = 0;

		prrn_begin(&it, cut, len);
		while (prrn_next(&it, &entry)) {
			assert_true(entry.text >= cut && entry.text < cut + len);
			assert_true(entry.len <= len);
			n++;
		}
		assert_int_equal(n, !!len + (len > strlen("mem 80000004\n")));
		free(cut);
	}
}

TEST(entries_come_back)
{
	static const struct entry want[] = {
		{ PRRN_MEM, 0x80000004, 1, "mem 80000004" },
		{ PRRN_CPU, 1, 2, "cpu 1" },
		{ PRRN_CPU, 0xffffffff, 3, "cpu ffffffff" },
	};
	char bytes[64];
	struct builder b = builder_of(bytes, sizeof(bytes));

	for (size_t i = 0; i < COUNT(want); i++)
		prrn_encode(&b, want[i].kind, want[i].drc_index);
	assert_true(builder_fits(&b));
	assert_entries(bytes, b.len, want, COUNT(want));
}
