// SPDX-License-Identifier: GPL-2.0-or-later
/* The public functions that need a work area, by the system call: the argument block, the
 * area that firmware gets, and the results. */
#include <unistd.h>

#include "tests/unit/fakes/librtas_root.h"

#define WANT(bytes) .want = bytes, .want_len = sizeof(bytes) - 1
#define GIVE(bytes) .give = bytes, .give_len = sizeof(bytes) - 1
#define MINUS(n)    ((uint32_t) - (n))

/* 24 */
static void errinjct(void **state)
{
	char area[1024] = "\0\0\0\1\0\0\0\2", before[1024];

	(void)state;
	memset(area + 8, 0x11, sizeof(area) - 8);
	EXPECT({ T_INJECT, .block = "T 3 1 f 7 P", WANT("\0\0\0\1\0\0\0\2\x11\x11"),
		 GIVE("\xaa\xbb\xcc\xdd") },
	       { T_INJECT, .block = "T 3 1 f 7 P", .err = -EPERM });
	assert_int_equal(rtas_errinjct(0x0f, 7, area), 0);
	assert_memory_equal(area, "\xaa\xbb\xcc\xdd\0\0\0\2\x11", 9);
	assert_int_equal(area[1023], 0x11);
	memcpy(before, area, sizeof(area));
	assert_int_equal(rtas_errinjct(0x0f, 7, area), RTAS_IO_ASSERT);
	assert_int_equal(errno, EPERM);
	assert_memory_equal(area, before, sizeof(area));
	mock_done(&mock);
}

#define START "\x40\0\0\x08\0\0\0\0\0\0\0\0"
#define CHILD "\x40\0\0\x08\0\0\0\0\0\0\0\x20"

/* 28 to 30, 32 */
static void configure_connector(void **state)
{
	char page[4096] = START, before[4096];

	(void)state;
	EXPECT({ T_CONFIGURE, .block = "T 2 1 P 0", .out = { 9900 }, WANT(START) },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 2 }, WANT(START),
		 GIVE(CHILD "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0pci@1\0") },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 3 }, WANT(CHILD),
		 GIVE(CHILD "\0\0\0\4\0\0\0\x30") },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 4 } },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 1 } },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 0 } },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { MINUS(9003) } },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .err = -EINVAL });
	assert_int_equal(rtas_cfg_connector(page), 2);
	assert_memory_equal(page, CHILD, 12);
	assert_string_equal(page + 0x20, "pci@1");
	assert_int_equal(rtas_cfg_connector(page), 3);
	assert_memory_equal(page, CHILD "\0\0\0\4\0\0\0\x30", 20);
	assert_string_equal(page + 0x20, "pci@1");
	assert_int_equal(rtas_cfg_connector(page), 4);
	assert_int_equal(rtas_cfg_connector(page), 1);
	assert_int_equal(rtas_cfg_connector(page), 0);
	assert_int_equal(rtas_cfg_connector(page), -9003);
	memcpy(before, page, sizeof(page));
	assert_int_equal(rtas_cfg_connector(page), RTAS_IO_ASSERT);
	assert_memory_equal(page, before, sizeof(page));
	mock_done(&mock);
}

static size_t areas_held(void)
{
	size_t held = 0;

	for (size_t i = 0; i < COUNT(mock.used); i++)
		held += mock.used[i];
	return held;
}

/* 31: firmware gets the extent, which belongs to it until the configuration ends. A
 * configuration gets three at most. */
static void configure_connector_with_extents(void **state)
{
	char page[4096] = START;

	(void)state;
	EXPECT({ T_CONFIGURE, .block = "T 2 1 P 0", .out = { 5 } },
	       { T_CONFIGURE, .block = "T 2 1 P P+1000", .out = { 3 }, GIVE(CHILD) },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 5 } },
	       { T_CONFIGURE, .block = "T 2 1 P P+2000", .out = { 5 } },
	       { T_CONFIGURE, .block = "T 2 1 P P+3000", .out = { 5 } },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 0 } });
	assert_int_equal(rtas_cfg_connector(page), 3);
	assert_int_equal(areas_held(), 1);
	assert_int_equal(rtas_cfg_connector(page), 5);
	assert_int_equal(areas_held(), 3);
	assert_int_equal(rtas_cfg_connector(page), 0);
	mock_done(&mock);
}

/* Begin a walk that needs an extent, and abandon it. */
static void abandon_walk(void)
{
	char page[4096] = START;

	assert_int_equal(rtas_cfg_connector(page), 3);
	assert_memory_equal(page, CHILD, 12);
}

/* A new walk of the connector releases the extents of the abandoned one. So does its
 * isolation, but no other indicator, value or connector, and no refused isolation. */
static void abandoned_walk_releases_extents(void **state)
{
	char page[4096] = START;

	(void)state;
	EXPECT({ T_CONFIGURE, .block = "T 2 1 P 0", .out = { 5 } },
	       { T_CONFIGURE, .block = "T 2 1 P P+1000", .out = { 3 }, GIVE(CHILD) },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 2 }, GIVE(CHILD) },
	       { T_CONFIGURE, .block = "T 2 1 P 0", .out = { 5 }, WANT(CHILD) },
	       { T_CONFIGURE, .block = "T 2 1 P P+1000", .out = { 3 } },
	       { T_INDICATOR, { 9001, 0x40000009, 0 } },
	       { T_INDICATOR, { 9002, 0x40000008, 0 } },
	       { T_INDICATOR, { 9001, 0x40000008, 1 } },
	       { T_INDICATOR, { 9001, 0x40000008, 0 }, .out = { MINUS(9001) } },
	       { T_INDICATOR, { 9001, 0x40000008, 0 } });
	abandon_walk();
	assert_int_equal(areas_held(), 1);
	assert_int_equal(rtas_cfg_connector(page), 2);
	assert_int_equal(areas_held(), 0);
	assert_int_equal(rtas_cfg_connector(page), 3);
	assert_int_equal(areas_held(), 1);

	assert_int_equal(rtas_set_indicator(9001, 0x40000009, 0), 0);
	assert_int_equal(rtas_set_indicator(9002, 0x40000008, 0), 0);
	assert_int_equal(rtas_set_indicator(9001, 0x40000008, 1), 0);
	assert_int_equal(rtas_set_indicator(9001, 0x40000008, 0), -9001);
	assert_int_equal(areas_held(), 1);
	assert_int_equal(rtas_set_indicator(9001, 0x40000008, 0), 0);
	mock_done(&mock);
}

/* Configurations that are never finished do not use all of memory: an area is
 * available. */
static void abandoned_walks_make_room(void **state)
{
	struct mock_call calls[20];
	char page[4096] = START;

	(void)state;
	for (size_t i = 0; i < COUNT(calls); i++)
		calls[i] = (struct mock_call){ T_CONFIGURE, .block = "",
					       .out = { i % 2 ? 3 : 5 } };
	mock_init(&mock, calls, COUNT(calls));
	library_use(&mock.transport, &root);
	for (char i = 0; i < 10; i++) {
		page[3] = i;
		assert_int_equal(rtas_cfg_connector(page), 3);
		assert_int_equal(areas_held(), i < 8 ? i + 1 : 8);
	}
	for (char i = 0; i < 10; i++) {
		page[3] = i;
		mock.calls = (struct mock_call[]){ { T_CONFIGURE, .block = "" } };
		mock.next = 0;
		assert_int_equal(rtas_cfg_connector(page), 0);
	}
	assert_int_equal(areas_held(), 0);
}

/* 33 to 36 */
static void system_parameters(void **state)
{
	char data[64], large[4097] = "", value[] = "\0\3abc";
	char input[16] = "\0\2hi-stale";

	(void)state;
	EXPECT({ T_GET_PARM, .block = "T 3 1 14 P 40", WANT("\0\0\0\0\0\0\0\0"),
		 GIVE("\0\x0bSPLPAR,abc\0") },
	       { T_GET_PARM, .block = "T 3 1 14 P 4", .out = { MINUS(9999) } },
	       { T_GET_PARM, .block = "T 3 1 2b P 1001", .out = { MINUS(9002) } },
	       { T_SET_PARM, .block = "T 2 1 2b P", WANT("\0\3abc\0\0\0") },
	       { T_SET_PARM, .block = "T 2 1 2b P", .out = { MINUS(9999) } },
	       { T_GET_PARM, .block = "T 3 1 3c P 10", WANT("\0\2hi\0\0\0\0") },
	       { T_GET_PARM, .block = "T 3 1 14 P 1", .out = { MINUS(9999) },
		 WANT("\0\0\0") });
	memset(data, 0xff, sizeof(data)); /* never cleared: it is no input */
	assert_int_equal(rtas_get_sysparm(20, sizeof(data), data), 0);
	assert_memory_equal(data, "\0\x0bSPLPAR,abc\0\0\0", 15);
	assert_int_equal(rtas_get_sysparm(20, 4, data), -9999);
	assert_int_equal(rtas_get_sysparm(43, 4097, large), -9002);
	assert_int_equal(rtas_set_sysparm(43, value), 0);
	assert_int_equal(rtas_set_sysparm(43, value), -9999);
	/* the peer: firmware gets the data of the last call */
	assert_int_equal(rtas_get_sysparm(60, sizeof(input), input), 0);
	assert_int_equal(rtas_get_sysparm(20, 1, data), -9999);
	assert_int_equal(rtas_get_sysparm(20, 0, data), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_sysparm(20, UINT32_MAX, data), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_sysparm(20, 64, NULL), RTAS_IO_ASSERT);
	mock_done(&mock);
}

/* 37 to 40 */
static void vpd(void **state)
{
	char area[8], code[] = "U78", nothing[] = "", *large;
	unsigned int next = 9, bytes = 9;

	(void)state;
	EXPECT({ T_VPD, .block = "T 4 3 P P+1000 8 1", .out = { 9900, 1, 0 },
		 WANT("\0\0\0\0") },
	       { T_VPD, .block = "T 4 3 P P+1000 8 1", .out = { 1, 2, 8 },
		 GIVE("\x82\x03\0ABCD\0"), .give_at = 4096 },
	       { T_VPD, .block = "T 4 3 P P+1000 8 2", .out = { 0, 1, 3 }, WANT("U78\0"),
		 GIVE("xyzABCD\0"), .give_at = 4096 },
	       { T_VPD, .block = "T 4 3 P P+1000 8 2", .out = { MINUS(4), 0, 0 } },
	       { T_VPD, .block = "T 4 3 P P+1000 8 1", .out = { 9900, 5, 0 } },
	       { T_VPD, .block = "T 4 3 P P+1000 8 5", .out = { 0, 1, 0 } },
	       { T_VPD, .block = "T 4 3 P P+1000 8 2", .err = -EINVAL },
	       { T_VPD, .block = "T 4 3 P P+2000 8 1", .out = { MINUS(3), 1, 0 } });
	assert_int_equal(rtas_get_vpd(NULL, area, 8, 1, &next, &bytes), 1);
	assert_int_equal(next, 2);
	assert_int_equal(bytes, 8);
	assert_memory_equal(area, "\x82\x03\0ABCD", 8);
	assert_int_equal(rtas_get_vpd(code, area, 8, 2, &next, &bytes), 0);
	assert_int_equal(next, 1);
	assert_int_equal(bytes, 3);
	assert_memory_equal(area, "xyzABCD", 8); /* the whole of it */
	assert_int_equal(rtas_get_vpd(nothing, area, 8, 2, &next, &bytes), -4);
	assert_int_equal(next, 0);
	assert_int_equal(bytes, 0);
	assert_int_equal(rtas_get_vpd(NULL, area, 8, 1, NULL, NULL), 0); /* 40 */
	next = bytes = 9;
	assert_int_equal(rtas_get_vpd(NULL, area, 8, 2, &next, &bytes), RTAS_IO_ASSERT);
	assert_int_equal(next, 9); /* the peer: 2 */
	assert_int_equal(bytes, 9);
	assert_int_equal(rtas_get_vpd(NULL, area, 0, 1, &next, &bytes), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_vpd(NULL, area, SIZE_MAX, 1, &next, &bytes),
			 RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_vpd(NULL, NULL, 8, 1, &next, &bytes), RTAS_IO_ASSERT);
	large = malloc(5000);
	memset(large, 'U', 5000);
	large[4999] = '\0';
	assert_int_equal(rtas_get_vpd(large, area, 8, 1, &next, &bytes), -3);
	free(large);
	mock_done(&mock);
}

/* 41 to 43 */
static void named_by_location(void **state)
{
	char area[1024], code[] = "\0\0\0\5U789", huge[] = "\xff\xff\xff\xff";
	int next = 9, value = 9;

	(void)state;
	EXPECT({ T_INDICES, .block = "T 5 2 0 232f P 400 1", .out = { 1, 5 },
		 WANT("\0\0\0\0"), GIVE("\0\0\0\1\0\0\0\x10\0\0\0\4abc\0") },
	       { T_INDICES, .block = "T 5 2 0 232f P 400 5", .err = -EINVAL },
	       { T_DYNAMIC_SENSOR, .block = "T 2 2 232f P", .out = { 0, 1 },
		 WANT("\0\0\0\5U789\0\0\0") },
	       { T_DYNAMIC_INDICATOR, .block = "T 3 1 232f 1 P", .out = { MINUS(9901) },
		 WANT("\0\0\0\5U789\0\0\0") },
	       { T_DYNAMIC_SENSOR, .block = "T 2 2 232f P", .err = -EINVAL });
	memset(area, 0x5a, sizeof(area));
	assert_int_equal(rtas_get_indices(0, 9007, area, 1024, 1, &next), 1);
	assert_int_equal(next, 5);
	assert_memory_equal(area, "\0\0\0\1\0\0\0\x10\0\0\0\4abc\0\0\0", 18);
	next = 9;
	assert_int_equal(rtas_get_indices(0, 9007, area, 1024, 5, &next), RTAS_IO_ASSERT);
	assert_int_equal(next, 9);
	assert_int_equal(rtas_get_indices(0, 9007, area, 0, 1, &next), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_dynamic_sensor(9007, code, &value), 0);
	assert_int_equal(value, 1);
	assert_int_equal(rtas_set_dynamic_indicator(9007, 1, code), -9901);
	value = 9;
	assert_int_equal(rtas_get_dynamic_sensor(9007, code, &value), RTAS_IO_ASSERT);
	assert_int_equal(value, 9);
	/* a length larger than any work area */
	assert_int_equal(rtas_get_dynamic_sensor(9007, huge, &value), RTAS_IO_ASSERT);
	assert_int_equal(errno, ENOSPC);
	assert_int_equal(rtas_set_dynamic_indicator(9007, 1, NULL), RTAS_IO_ASSERT);
	mock_done(&mock);
}

/* 44 to 47 */
static void dumps(void **state)
{
	const uint64_t tag = 0x100000002;
	uint64_t next = 9, bytes = 9;
	unsigned int seq = 9;
	char buf[4096];

	(void)state;
	EXPECT({ T_SCAN_LOG, .block = "T 2 1 P 1000", .out = { 1 },
		 WANT("\x11\x11\x11\x11"), GIVE("\1\2\3\4") },
	       { T_DUMP, .block = "T 6 5 1 2 0 0 P 400", .out = { 9900, 0, 2, 0, 0 } },
	       { T_DUMP, .block = "T 6 5 1 2 0 2 P 400", .out = { 1, 1, 5, 0, 16 },
		 GIVE("sixteen bytes...") },
	       { T_DUMP, .block = "T 6 5 1 2 1 5 0 0", .out = { 0, 0, 0, 0, 0 } },
	       { T_DUMP, .block = "T 6 5 1 2 0 5 P 400", .err = -EINVAL },
	       { T_PERFTOOLS, .block = "T 5 2 2 0 P 1000 1", .out = { 9900, 3 },
		 WANT("\1\2\3\4") },
	       { T_PERFTOOLS, .block = "T 5 2 2 0 P 1000 3", .out = { 1, 4 } },
	       { T_PERFTOOLS, .block = "T 5 2 2 0 P 8 4", .out = { 0, 1 },
		 WANT("\1\2\3\4\x11\x11\x11\x11\0\0") });
	memset(buf, 0x11, sizeof(buf));
	assert_int_equal(rtas_scan_log_dump(buf, 4096), 1);
	assert_memory_equal(buf, "\1\2\3\4\x11\x11\x11\x11", 8);
	assert_int_equal(rtas_platform_dump(tag, 0, buf, 1024, &next, &bytes), 1);
	assert_int_equal(next, 0x100000005);
	assert_int_equal(bytes, 16);
	assert_memory_equal(buf, "sixteen bytes...", 16);
	assert_int_equal(rtas_platform_dump(tag, next, NULL, 0, NULL, NULL), 0);
	next = bytes = 9;
	assert_int_equal(rtas_platform_dump(tag, 5, buf, 1024, &next, &bytes),
			 RTAS_IO_ASSERT);
	assert_int_equal(next, 9);
	assert_int_equal(bytes, 9);
	assert_int_equal(rtas_platform_dump(tag, 5, buf, 0, NULL, NULL), RTAS_IO_ASSERT);
	memcpy(buf, "\1\2\3\4\x11\x11\x11\x11", 8);
	assert_int_equal(rtas_lpar_perftools(2, buf, 4096, 1, &seq), 1);
	assert_int_equal(seq, 4);
	/* the peer reads 4096 bytes for any length */
	memcpy(buf, "\1\2\3\4\x11\x11\x11\x11", 8);
	assert_int_equal(rtas_lpar_perftools(2, buf, 8, 4, &seq), 0);
	mock_done(&mock);
}

/* 48, 49 */
static void updates(void **state)
{
	char page[4096] = { 0 };

	(void)state;
	EXPECT({ T_NODES, .block = "T 2 1 P 1",
		 GIVE("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\x01\0\0\0\x0f\0\0\0\0") },
	       { T_PROPERTIES, .block = "T 2 1 P 1", .out = { 1 }, WANT("\0\0\0\x0f") });
	assert_int_equal(rtas_update_nodes(page, 1), 0);
	assert_memory_equal(page + 16, "\x01\0\0\x01\0\0\0\x0f", 8);
	memset(page, 0, sizeof(page));
	page[3] = 0x0f;
	assert_int_equal(rtas_update_properties(page, 1), 1);
	assert_int_equal(rtas_update_properties(NULL, 1), RTAS_IO_ASSERT);
	mock_done(&mock);
}

/* 50 to 52 */
static void attestation(void **state)
{
	char area[64] = "\1\2\3\4\0\0\0\x40";
	int next = 9, bytes = 64;

	(void)state;
	EXPECT({ T_ATTEST, .block = "T 3 3 P 1000 1", .out = { 0, 1, 20 },
		 WANT("\1\2\3\4\0\0\0\x40"), GIVE("twenty bytes........") },
	       { T_ATTEST, .block = "T 3 3 P 1000 1", .out = { 1, 2, 20 } },
	       { T_ATTEST, .block = "T 3 3 P 1000 1", .out = { MINUS(1), 3, 0xffffffff },
		 GIVE("refused") },
	       { T_ATTEST, .block = "T 3 3 P 1000 1", .err = -EINVAL });
	assert_int_equal(rtas_physical_attestation(area, 1, &next, &bytes), 0);
	assert_int_equal(next, 1);
	assert_int_equal(bytes, 20);
	assert_memory_equal(area, "twenty bytes........\0", 21);
	bytes = 16; /* no space for the answer */
	assert_int_equal(rtas_physical_attestation(area, 1, &next, &bytes),
			 RTAS_IO_ASSERT);
	assert_int_equal(rtas_physical_attestation(area, 1, &next, &bytes), -1);
	assert_int_equal(rtas_physical_attestation(area, 1, &next, &bytes),
			 RTAS_IO_ASSERT);
	assert_int_equal(next, 1);
	assert_int_equal(bytes, 16);
	assert_memory_equal(area, "twenty bytes........\0", 21);
	for (size_t i = 0; i < 3; i++) {
		bytes = (const int[]){ 0, 4097, -1 }[i];
		assert_int_equal(rtas_physical_attestation(area, 1, &next, &bytes),
				 RTAS_IO_ASSERT);
	}
	assert_int_equal(rtas_physical_attestation(area, 1, &next, NULL), RTAS_IO_ASSERT);
	mock_done(&mock);
}

/* 53, 54, and a text whose NUL is the first byte of another page */
static void messages(void **state)
{
	static char text[4097];
	char hello[] = "Hello", nothing[] = "";

	(void)state;
	EXPECT({ T_MESSAGE, .block = "T 1 1 P", WANT("Hello\0\0") },
	       { T_MESSAGE, .block = "T 1 1 P", WANT("\0\0") },
	       { T_MESSAGE, .block = "T 1 1 P", .want = text, .want_len = 4097 });
	memset(text, 'x', 4096);
	text[4096] = '\0';
	assert_int_equal(rtas_display_msg(hello), 0);
	assert_int_equal(rtas_display_msg(nothing), 0); /* the peer: -1098 */
	assert_int_equal(rtas_display_msg(text), 0);
	assert_int_equal(rtas_display_msg(NULL), RTAS_IO_ASSERT);
	mock_done(&mock);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/* For each call, a firmware that stays busy is a timeout. The peer: in most calls, the
 * same error as a refusal by the kernel. */
static void timeouts(void **state)
{
	unsigned int next = 9, bytes = 9;
	char page[4096] = "";
	uint64_t place = 9;

	(void)state;
	EXPECT({ T_NODES, .block = "", .out = { 9904 } },
	       { T_VPD, .block = "", .out = { 9904, 5, 6 } },
	       { T_DUMP, .block = "", .out = { 9904, 5, 6 } },
	       { T_GET_PARM, .block = "", .out = { 9904 } });
	assert_int_equal(rtas_delay_timeout(20), 0);
	assert_int_equal(rtas_update_nodes(page, 1), RTAS_TIMEOUT);
	assert_int_equal(rtas_get_vpd(NULL, page, 8, 1, &next, &bytes), RTAS_TIMEOUT);
	assert_int_equal(rtas_platform_dump(1, 0, page, 8, &place, NULL), RTAS_TIMEOUT);
	assert_int_equal(rtas_get_sysparm(20, 64, page), RTAS_TIMEOUT);
	assert_int_equal(rtas_delay_timeout(0), 0);
	assert_int_equal(next, 9);
	assert_int_equal(bytes, 9);
	assert_int_equal(place, 9);
	mock_done(&mock);
}
#pragma GCC diagnostic pop

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(errinjct),
	cmocka_unit_test(configure_connector),
	cmocka_unit_test(configure_connector_with_extents),
	cmocka_unit_test(abandoned_walk_releases_extents),
	cmocka_unit_test(abandoned_walks_make_room),
	cmocka_unit_test(system_parameters),
	cmocka_unit_test(vpd),
	cmocka_unit_test(named_by_location),
	cmocka_unit_test(dumps),
	cmocka_unit_test(updates),
	cmocka_unit_test(attestation),
	cmocka_unit_test(messages),
	cmocka_unit_test(timeouts),
};

RUN_AS_ROOT(tests)
