/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Included by every unit test: cmocka and its prerequisites, TAP output. */
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

#define RUN(tests)                                                \
	int main(void)                                            \
	{                                                         \
		cmocka_set_message_output(CM_OUTPUT_TAP);         \
		return cmocka_run_group_tests(tests, NULL, NULL); \
	}

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Return a copy of exactly its size, so that a sanitizer detects an access after it. */
static inline void *exact_copy(const void *bytes, size_t len)
{
	void *copy = malloc(len ? len : 1);

	if (len)
		memcpy(copy, bytes, len);
	return copy;
}
