// SPDX-License-Identifier: GPL-2.0-or-later
/* Run the tests that a program defines, with TAP output. */
#include "tests/unit/fakes/test.h"

enum { TESTS_MAX = 128 };

static struct CMUnitTest tests[TESTS_MAX];
static size_t n_tests;

void test_add(const char *name, CMUnitTestFunction fn, CMFixtureFunction setup,
	      CMFixtureFunction teardown)
{
	if (n_tests == TESTS_MAX)
		abort();
	tests[n_tests++] = (struct CMUnitTest){
		.name = name,
		.test_func = fn,
		.setup_func = setup,
		.teardown_func = teardown,
	};
}

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return _cmocka_run_group_tests("tests", tests, n_tests, NULL, NULL);
}
