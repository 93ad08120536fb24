// SPDX-License-Identifier: GPL-2.0-or-later
/* The public functions against scripted firmware: the cells of each call, what comes
 * back, and what does not when the call was not made. Numbers are those of the test
 * vectors that the peer library passes too, deliberate differences marked. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "librtas/library.h"
#include "librtas/librtas.h"
#include "tests/mock_rtas.h"

/* The peer's accidental exports. */
int sanity_check(void);
int interface_exists(void);
int rtas_token(const char *name);
int read_entire_file(int fd, char **buf, size_t *len);

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
};

static const struct {
	const char *name;
	uint16_t token;
} tokens[] = {
	{ "get-sensor-state", T_SENSOR },
	{ "set-indicator", T_INDICATOR },
	{ "set-power-level", T_SET_POWER },
	{ "get-power-level", T_GET_POWER },
	{ "ibm,configure-connector", T_CONFIGURE },
	{ "display-character", T_DISPLAY },
	{ "get-time-of-day", T_GET_TIME },
	{ "set-time-of-day", T_SET_TIME },
	{ "set-time-for-power-on", T_POWERON },
	{ "ibm,read-slot-reset-state", T_SLOT_RESET },
	{ "ibm,get-config-addr-info2", T_ADDR_INFO },
	{ "ibm,set-eeh-option", T_EEH },
	{ "ibm,open-errinjct", T_OPEN },
	{ "ibm,close-errinjct", T_CLOSE },
	{ "ibm,activate-firmware", T_ACTIVATE },
	{ "ibm,suspend-me", T_SUSPEND },
	{ "ibm,update-nodes", T_NODES },
	{ "ibm,update-properties", T_PROPERTIES },
};

static char root_dir[] = "/tmp/t-librtas-XXXXXX";
static struct kern_root root;
static struct mock mock;

static void write_file(const char *path, const void *bytes, size_t len)
{
	int fd = openat(root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static int make_root(void **state)
{
	static const char *const dirs[] = { "proc", "proc/device-tree",
					    "proc/device-tree/rtas", "proc/ppc64",
					    "proc/ppc64/rtas" };

	(void)state;
	assert_non_null(mkdtemp(root_dir));
	assert_int_equal(kern_root_open(&root, root_dir), 0);
	for (size_t i = 0; i < COUNT(dirs); i++)
		assert_int_equal(mkdirat(root.fd, dirs[i], 0700), 0);
	for (size_t i = 0; i < COUNT(tokens); i++) {
		const uint8_t be[4] = { 0, 0, (uint8_t)(tokens[i].token >> 8),
					(uint8_t)tokens[i].token };
		char path[100];

		snprintf(path, sizeof(path), "proc/device-tree/rtas/%s", tokens[i].name);
		write_file(path, be, 4);
	}
	write_file("proc/ppc64/rtas/rmo_buffer", "000000003ffc0000 10000\n", 23);
	return 0;
}

static int remove_root(void **state)
{
	char path[100];

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++) {
		snprintf(path, sizeof(path), "proc/device-tree/rtas/%s", tokens[i].name);
		unlinkat(root.fd, path, 0);
	}
	unlinkat(root.fd, "proc/ppc64/rtas/rmo_buffer", 0);
	unlinkat(root.fd, "proc/ppc64/rtas", AT_REMOVEDIR);
	unlinkat(root.fd, "proc/ppc64", AT_REMOVEDIR);
	unlinkat(root.fd, "proc/device-tree/rtas", AT_REMOVEDIR);
	unlinkat(root.fd, "proc/device-tree", AT_REMOVEDIR);
	unlinkat(root.fd, "proc", AT_REMOVEDIR);
	kern_root_close(&root);
	return rmdir(root_dir);
}

#define EXPECT(...)                                                 \
	static const struct mock_call expected[] = { __VA_ARGS__ }; \
	mock_init(&mock, expected, COUNT(expected));                \
	library_use(&mock.transport, &root)

static void sensor(void **state)
{
	int value = 7;

	(void)state;
	EXPECT({ T_SENSOR, { 9003, 0x40000001 }, 0, { 0, 1 } },		   /* 1 */
	       { T_SENSOR, { 9003, 0x40000001 }, 0, { (uint32_t)-3, 0 } }, /* 2 */
	       { T_SENSOR, { 9003, 0x40000001 }, -EINVAL, { 0 } },	   /* 3 */
	       { T_SENSOR, { 9003, 0x40000001 }, 0, { 9906, 0 } });	   /* 7 */
	assert_int_equal(rtas_get_sensor(9003, 0x40000001, &value), 0);
	assert_int_equal(value, 1);
	assert_int_equal(rtas_get_sensor(9003, 0x40000001, &value), -3);
	assert_int_equal(value, 0);
	value = 7;
	errno = 0;
	assert_int_equal(rtas_get_sensor(9003, 0x40000001, &value), RTAS_IO_ASSERT);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(value, 7); /* the peer writes garbage */
	assert_int_equal(rtas_get_sensor(9003, 0x40000001, NULL), 9906);
	mock_done(&mock);
}

/* 4: the same call again, after the pauses that firmware asks for */
static void busy_is_repeated(void **state)
{
	int value, err;
	int64_t begin = deadline_now_ns(), ms;

	(void)state;
	EXPECT({ T_SENSOR, { 9003, 1 }, 0, { (uint32_t)-2 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 9901 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 9902 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 0, 1 } });
	err = rtas_get_sensor(9003, 1, &value);
	ms = (deadline_now_ns() - begin) / 1000000;
	assert_int_equal(err, 0);
	assert_true(ms >= 110);
	mock_done(&mock);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
/* 8, 9 */
static void time_limit(void **state)
{
	int value = 7;
	char page[4096] = { 0 };

	(void)state;
	EXPECT({ T_SENSOR, { 9003, 1 }, 0, { 9904 } },
	       { T_CONFIGURE, { MOCK_AREA, 0 }, 0, { 9904 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 0, 1 } });
	assert_int_equal(rtas_delay_timeout(50), 0);
	assert_int_equal(rtas_get_sensor(9003, 1, &value),
			 RTAS_TIMEOUT); /* the peer: -1098 */
	assert_int_equal(value, 7);
	assert_int_equal(rtas_cfg_connector(page), RTAS_TIMEOUT);
	assert_int_equal(rtas_delay_timeout(0), 0);
	assert_int_equal(rtas_get_sensor(9003, 1, &value), 0);
	mock_done(&mock);
}
#pragma GCC diagnostic pop

/* 10 to 20 */
static void calls_without_a_work_area(void **state)
{
	const uint64_t phb = 0x0800000020000001;
	uint32_t t[7], info;
	int a = 0, b = 0;

	(void)state;
	EXPECT({ T_INDICATOR, { 9001, 0x40000001, 0 }, 0, { (uint32_t)-9000 } },
	       { T_SET_POWER, { 0xffffffff, 100 }, 0, { 0, 100 } },
	       { T_GET_POWER, { 0x10000000 }, 0, { 0, 100 } },
	       { T_DISPLAY,
		 { 'A' },
		 0,
		 { 0 } }, /* the peer: 0x41000000 on little-endian */
	       { T_GET_TIME, { 0 }, 0, { 0, 2024, 2, 29, 23, 59, 58, 123456789 } },
	       { T_SET_TIME, { 2024, 2, 29, 23, 59, 58, 0 }, 0, { 0 } },
	       { T_POWERON, { 2030, 12, 31, 23, 59, 59, 5 }, 0, { (uint32_t)-2 } },
	       { T_POWERON, { 2030, 12, 31, 23, 59, 59, 5 }, 0, { 0 } },
	       { T_SLOT_RESET, { 0x10000, 0x08000000, 0x20000001 }, 0, { 0, 1, 1 } },
	       { T_ADDR_INFO, { 0x10000, 0x08000000, 0x20000001, 0 }, 0, { 0, 0x10000 } },
	       { T_EEH, { 0x10000, 0x08000000, 0x20000001, 1 }, 0, { (uint32_t)-3 } },
	       { T_SUSPEND, { 0x11223344, 0x55667788 }, 0, { (uint32_t)-9004 } },
	       { T_ACTIVATE, { 0 }, 0, { 9900 } }, { T_ACTIVATE, { 0 }, 0, { 0 } });
	assert_int_equal(rtas_set_indicator(9001, 0x40000001, 0), -9000);
	assert_int_equal(rtas_set_power_level(-1, 100, &a), 0);
	assert_int_equal(a, 100);
	assert_int_equal(rtas_get_power_level(0x10000000, &b), 0);
	assert_int_equal(b, 100);
	assert_int_equal(rtas_display_char('A'), 0);
	assert_int_equal(rtas_get_time(&t[0], &t[1], &t[2], &t[3], &t[4], &t[5], &t[6]),
			 0);
	assert_int_equal(t[0], 2024);
	assert_int_equal(t[6], 123456789);
	assert_int_equal(rtas_set_time(2024, 2, 29, 23, 59, 58, 0), 0);
	assert_int_equal(rtas_set_poweron_time(2030, 12, 31, 23, 59, 59, 5), 0);
	assert_int_equal(rtas_read_slot_reset(0x10000, phb, &a, &b), 0);
	assert_int_equal(a, 1);
	assert_int_equal(b, 1);
	assert_int_equal(rtas_get_config_addr_info2(0x10000, phb, 0, &info), 0);
	assert_int_equal(info, 0x10000);
	assert_int_equal(rtas_set_eeh_option(0x10000, phb, 1), -3);
	assert_int_equal(rtas_suspend_me(0x1122334455667788), -9004);
	assert_int_equal(rtas_activate_firmware(), 0);
	mock_done(&mock);
}

/* 20 to 23: the status is the second output; a token is never taken for it */
static void error_injection(void **state)
{
	int token = 0;

	(void)state;
	EXPECT({ T_OPEN, { 0 }, 0, { 0x1234, 0 } },
	       { T_OPEN, { 0 }, 0, { 0, (uint32_t)-4 } },
	       { T_OPEN, { 0 }, 0, { 9900, 0 } },
	       { T_OPEN, { 0 }, 0, { 0, (uint32_t)-2 } }, { T_OPEN, { 0 }, 0, { 7, 0 } },
	       { T_CLOSE, { 7 }, 0, { 0 } });
	assert_int_equal(rtas_errinjct_open(&token), 0);
	assert_int_equal(token, 0x1234);
	assert_int_equal(rtas_errinjct_open(&token), -4);
	assert_int_equal(rtas_errinjct_open(&token), 0);
	assert_int_equal(token, 9900);
	assert_int_equal(rtas_errinjct_open(&token), 0);
	assert_int_equal(token, 7);
	assert_int_equal(rtas_errinjct_close(7), 0);
	mock_done(&mock);
}

#define START "\x40\0\0\x08\0\0\0\0\0\0\0\0"
#define CHILD "\x40\0\0\x08\0\0\0\0\0\0\0\x20"

/* 28 to 30, 32 */
static void configure_connector(void **state)
{
	char page[4096] = START, before[4096];

	(void)state;
	EXPECT({ T_CONFIGURE,
		 { MOCK_AREA, 0 },
		 0,
		 { 9900 },
		 .want = START,
		 .want_len = 12 },
	       { T_CONFIGURE, { MOCK_AREA, 0 }, 0, { 2 }, .give = CHILD, .give_len = 12 },
	       { T_CONFIGURE, { MOCK_AREA, 0 }, 0, { 3 }, .want = CHILD, .want_len = 12 },
	       { T_CONFIGURE, { MOCK_AREA, 0 }, 0, { (uint32_t)-9003 } },
	       { T_CONFIGURE, { MOCK_AREA, 0 }, -EINVAL, { 0 } });
	assert_int_equal(rtas_cfg_connector(page), 2);
	assert_memory_equal(page, CHILD, 12);
	assert_int_equal(rtas_cfg_connector(page), 3);
	assert_int_equal(rtas_cfg_connector(page), -9003);
	memcpy(before, page, sizeof(page));
	assert_int_equal(rtas_cfg_connector(page), RTAS_IO_ASSERT);
	assert_memory_equal(page, before, sizeof(page));
	mock_done(&mock);
}

/* 31: the extent really reaches firmware, and is its own until the walk ends */
static void configure_connector_with_extent(void **state)
{
	char page[4096] = START;
	int held = 0;

	(void)state;
	EXPECT({ T_CONFIGURE, { MOCK_AREA, 0 }, 0, { 5 } },
	       { T_CONFIGURE, { MOCK_AREA, MOCK_AREA + 0x1000 }, 0, { 3 } },
	       { T_CONFIGURE, { MOCK_AREA, 0 }, 0, { 0 } });
	assert_int_equal(rtas_cfg_connector(page), 3);
	for (size_t i = 0; i < COUNT(mock.used); i++)
		held += mock.used[i];
	assert_int_equal(held, 1);
	assert_int_equal(rtas_cfg_connector(page), 0);
	mock_done(&mock);
}

/* 48, 49 */
static void updates(void **state)
{
	char page[4096] = { 0 };

	(void)state;
	EXPECT({ T_NODES,
		 { MOCK_AREA, 1 },
		 0,
		 { 0 },
		 .give = "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01\0\0\x01\0\0\0\x0f",
		 .give_len = 24 },
	       { T_PROPERTIES,
		 { MOCK_AREA, 1 },
		 0,
		 { 1 },
		 .want = "\0\0\0\x0f",
		 .want_len = 4 });
	assert_int_equal(rtas_update_nodes(page, 1), 0);
	assert_memory_equal(page + 16, "\x01\0\0\x01\0\0\0\x0f", 8);
	memset(page, 0, sizeof(page));
	page[3] = 0x0f;
	assert_int_equal(rtas_update_properties(page, 1), 1);
	mock_done(&mock);
}

/* 55 to 60 */
static void rmo_buffers(void **state)
{
	void *a, *b;
	uint32_t pa, pb;

	(void)state;
	EXPECT({ 0 });
	assert_int_equal(rtas_free_rmo_buffer(&a, MOCK_AREA, 1), RTAS_FREE_ERR);
	assert_int_equal(rtas_get_rmo_buffer(1, &a, &pa), 0);
	assert_int_equal(pa, MOCK_AREA);
	assert_int_equal(rtas_get_rmo_buffer(4097, &b, &pb),
			 0); /* the peer: not with 64 KiB pages */
	assert_int_equal(pb, MOCK_AREA + 0x1000);
	assert_int_equal(rtas_free_rmo_buffer(b, pb, 4097), 0);
	assert_int_equal(rtas_free_rmo_buffer(a, pa, 1), 0);
	assert_int_equal(rtas_free_rmo_buffer(a, pa, 1), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_rmo_buffer(0, &a, &pa), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_rmo_buffer(9 * 4096, &a, &pa), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_rmo_buffer(SIZE_MAX, &a, &pa), RTAS_IO_ASSERT);
}

/* 62, 63 */
static void unknown_calls(void **state)
{
	int value = 7;

	(void)state;
	EXPECT({ 0 });
	assert_int_equal(rtas_token("set-indicator"), T_INDICATOR);
	assert_int_equal(rtas_token("nope"), RTAS_UNKNOWN_OP);
	assert_int_equal(unlinkat(root.fd, "proc/device-tree/rtas/get-sensor-state", 0),
			 0);
	assert_int_equal(rtas_get_sensor(9003, 1, &value), RTAS_UNKNOWN_OP);
	assert_int_equal(value, 7);
	write_file("proc/device-tree/rtas/get-sensor-state", "\0\x20", 2); /* cut short */
	assert_int_equal(rtas_get_sensor(9003, 1, &value), RTAS_UNKNOWN_OP);
	write_file("proc/device-tree/rtas/get-sensor-state", "\0\0\x20\x1d", 4);
	assert_int_equal(mock.next, 0);
}

static void no_interface(void **state)
{
	int value;

	(void)state;
	EXPECT({ 0 });
	assert_int_equal(interface_exists(), 1);
	assert_int_equal(sanity_check(), 0);
	assert_int_equal(unlinkat(root.fd, "proc/ppc64/rtas/rmo_buffer", 0), 0);
	assert_int_equal(interface_exists(), 0);
	assert_int_equal(sanity_check(), RTAS_KERNEL_INT);
	assert_int_equal(rtas_get_sensor(9003, 1, &value), RTAS_KERNEL_INT);
	write_file("proc/ppc64/rtas/rmo_buffer", "000000003ffc0000 10000\n", 23);
}

/* 61 */
static void not_root(void **state)
{
	int value = 7;

	(void)state;
	EXPECT({ T_SUSPEND, { 0, 1 }, -EPERM, { 0 } });
	assert_int_equal(seteuid(1), 0);
	assert_int_equal(sanity_check(), RTAS_PERM);
	assert_int_equal(rtas_get_sensor(9003, 1, &value), RTAS_PERM);
	assert_int_equal(rtas_set_debug(0), 0);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(value, 7);
	assert_int_equal(rtas_suspend_me(1), RTAS_IO_ASSERT); /* asks the kernel itself */
	assert_int_equal(errno, EPERM);
	mock_done(&mock);
}

static void entire_file(void **state)
{
	char *buf;
	size_t len;
	int fd = openat(root.fd, "proc/ppc64/rtas/rmo_buffer", O_RDONLY);

	(void)state;
	assert_int_equal(read_entire_file(fd, &buf, &len), 0);
	assert_int_equal(len, 23);
	free(buf);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	assert_int_equal(read_entire_file(fd, &buf, NULL), 0);
	free(buf);
	close(fd);
	assert_int_equal(read_entire_file(-1, &buf, &len), -1);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(sensor),
	cmocka_unit_test(busy_is_repeated),
	cmocka_unit_test(time_limit),
	cmocka_unit_test(calls_without_a_work_area),
	cmocka_unit_test(error_injection),
	cmocka_unit_test(configure_connector),
	cmocka_unit_test(configure_connector_with_extent),
	cmocka_unit_test(updates),
	cmocka_unit_test(rmo_buffers),
	cmocka_unit_test(unknown_calls),
	cmocka_unit_test(no_interface),
	cmocka_unit_test(not_root),
	cmocka_unit_test(entire_file),
};

int main(void)
{
	if (geteuid()) {
		puts("1..0 # SKIP the library asks for root first");
		return 0;
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_root, remove_root);
}
