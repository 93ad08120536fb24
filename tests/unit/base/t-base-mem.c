// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory of one list or run: each allocation fails, once and from there on. */
#include <stdint.h>
#include <stdio.h>

#include "base/mem.h"
#include "tests/unit/fakes/no_memory.h"
#include "tests/unit/fakes/test.h"

struct row {
	const char *name;
	uint32_t number;
};

struct rows {
	struct row *list;
	size_t n;
};

#define check_new(m, n)                                       \
	do {                                                  \
		struct object {                               \
			unsigned char byte[n];                \
		} *object = mem_new(m, struct object);        \
		assert_int_equal((uintptr_t)object % 16, 0);  \
		for (size_t i = 0; i < (n); i++)              \
			assert_int_equal(object->byte[i], 0); \
		memset(object, 0x5a, n);                      \
	} while (0)

/* Make n rows, and objects up to the largest. */
static void fill(struct mem *m, struct rows *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct row *row = vec_add(m, rows->list, rows->n);

		assert_null(row->name);
		assert_int_equal(row->number, 0);
		*row = (struct row){ mem_text(m, "row %zu", i), (uint32_t)i };
	}
	check_new(m, 1);
	check_new(m, 256);
	check_new(m, MEM_MAX);
}

TEST(rows_and_texts_stay)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct rows a = { 0 }, b = { 0 };
	char name[16];

	fill(&m, &a, 1000);
	fill(&m, &b, 3);
	fill(&m, &a, 1);
	assert_int_equal(a.n, 1001);
	assert_int_equal(b.n, 3);
	for (size_t i = 0; i < 1000; i++) {
		snprintf(name, sizeof(name), "row %zu", i);
		assert_string_equal(a.list[i].name, name);
		assert_int_equal(a.list[i].number, i);
	}
	assert_string_equal(mem_copy_n(&m, "abc", 2), "ab");
	assert_null(mem_copy(&m, NULL));
	assert_string_equal(mem_own(&m, strdup("owned")), "owned");
	assert_null(mem_own(&m, NULL));
	assert_int_equal(mem_check(&m), 0);
}

/* A caller who does not ask meanwhile has no crash, and each array whole. */
TEST(each_allocation_fails)
{
	for (int kind = 0; kind < 2; kind++)
		for (unsigned long n = 1, failed = 1; failed; n++) {
			struct rows rows = { 0 };
			struct mem m = { 0 };
			char *owned = strdup("owned");
			int err;

			memory_now = (struct no_memory){ .fail_at = n, .for_ever = kind };
			mem_reserve(&m, 512);
			fill(&m, &rows, 600);
			assert_true(*mem_text(&m, "%30000d", 1) == ' ' || mem_check(&m));
			assert_true(mem_own(&m, owned) || mem_check(&m));
			assert_true(mem_array(&m, 5000, 16) || mem_check(&m));
			err = mem_check(&m);
			failed = memory_now.failed;
			memory_now = (struct no_memory){ 0 };
			assert_int_equal(err ? -ENOMEM : 0, err);
			assert_int_equal(failed, err != 0);
			assert_true(rows.n == 600 || err);
			for (size_t i = 0; i < rows.n; i++)
				assert_true(rows.list[i].number == i &&
					    rows.list[i].name);
			mem_end(&m);
			mem_end(&m);
		}
}

/* What is held back serves small objects after the failure. */
TEST(the_reserve_is_used_first)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct rows rows = { 0 };

	assert_int_equal(mem_reserve(&m, 16 * MEM_MAX), 0);
	memory_now = (struct no_memory){ .fail_at = 1, .for_ever = true };
	assert_int_equal(mem_reserve(&m, 16 * MEM_MAX), 0);
	for (size_t i = 0; i < 200; i++)
		*vec_add(&m, rows.list, rows.n) =
			(struct row){ mem_text(&m, "%zu", i), 0 };
	memory_now = (struct no_memory){ 0 };
	assert_int_equal(mem_check(&m), -ENOMEM);
	assert_int_equal(mem_reserve(&m, 32 * MEM_MAX), -ENOMEM);
	m.is_undoing = true;
	assert_int_equal(mem_check(&m), 0);
	assert_int_equal(mem_fail(&m), -ENOMEM);
	assert_int_equal(mem_check(&m), -ENOMEM);
	assert_int_equal(rows.n, 200);
	assert_string_equal(rows.list[199].name, "199");
}
