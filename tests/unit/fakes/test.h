/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Included by every unit test: cmocka and its prerequisites. test.c has main(). */
#pragma once

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* cmocka 2 deprecates the old name, and earlier versions have no other one. */
#ifndef assert_uint_in_range
#define assert_uint_in_range assert_in_range
#endif

/* Define a test. The tests of a file run in its order. The second form: with a setup and a
 * teardown for *state. */
#define TEST(name) TEST_IN(name, NULL, NULL)
#define TEST_IN(name, setup, teardown)                            \
	static void name(void **state);                           \
	__attribute__((constructor)) static void add_##name(void) \
	{                                                         \
		test_add(#name, name, setup, teardown);           \
	}                                                         \
	static void name(__attribute__((unused)) void **state)

void test_add(const char *name, CMUnitTestFunction fn, CMFixtureFunction setup,
	      CMFixtureFunction teardown);

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Return a copy of exactly its size, so that a sanitizer detects an access after it. */
static inline void *exact_copy(const void *bytes, size_t len)
{
	void *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}
