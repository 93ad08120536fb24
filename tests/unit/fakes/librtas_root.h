/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * librtas_root.h - a system with firmware for the public functions, in a folder
 *
 * Numbers in comments of the tests are those of the test vectors, which the peer library
 * passes too, except marked differences.
 */
#pragma once

#include "librtas/library.h"
#include "librtas/librtas.h"
#include "tests/unit/fakes/mock_rtas.h"

/* Tokens in its device tree. */
enum {
	T_SENSOR = 0x201d,
	T_INDICATOR = 0x201a,
	T_SET_POWER = 0x2019,
	T_GET_POWER = 0x2018,
	T_CONFIGURE = 0x201e,
	T_DISPLAY = 0x2000,
	T_GET_TIME,
	T_SET_TIME,
	T_POWERON,
	T_SLOT_RESET,
	T_ADDR_INFO,
	T_EEH,
	T_OPEN,
	T_CLOSE,
	T_ACTIVATE,
	T_SUSPEND,
	T_NODES,
	T_PROPERTIES,
	T_MESSAGE,
	T_INJECT,
	T_DYNAMIC_SENSOR,
	T_INDICES,
	T_GET_PARM,
	T_SET_PARM,
	T_VPD,
	T_PERFTOOLS,
	T_ATTEST,
	T_DUMP,
	T_SCAN_LOG,
	T_DYNAMIC_INDICATOR,
};

extern struct kern_root root;
extern struct mock mock;

void write_file(const char *path, const void *bytes, size_t len);

/* For cmocka_run_group_tests(). */
int make_root(void **state);
int remove_root(void **state);

#define EXPECT(...)                                                 \
	static const struct mock_call expected[] = { __VA_ARGS__ }; \
	mock_init(&mock, expected, COUNT(expected));                \
	library_use(&mock.transport, &root)

/* The library requires root. */
#define RUN_AS_ROOT(tests)                                                    \
	int main(void)                                                        \
	{                                                                     \
		if (geteuid()) {                                              \
			puts("1..0 # SKIP the library asks for root first");  \
			return 0;                                             \
		}                                                             \
		cmocka_set_message_output(CM_OUTPUT_TAP);                     \
		return cmocka_run_group_tests(tests, make_root, remove_root); \
	}
