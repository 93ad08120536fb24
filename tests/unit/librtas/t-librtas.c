// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The public functions with a scripted firmware: the cells of each call, its results, and
 * none if the call was not made. Numbers are those of the test vectors, which the peer
 * library passes too, except marked differences.
 */
#include <fcntl.h>
#include <unistd.h>

#include "tests/unit/fakes/librtas_root.h"
#include "wire/drc.h"

/* The peer's accidental exports. */
int sanity_check(void);
int interface_exists(void);
int rtas_token(const char *name);
int read_entire_file(int fd, char **buf, size_t *len);

static void sensor(void **state)
{
	int value = 7;

	(void)state;
	EXPECT({ T_SENSOR, .block = "T 2 2 232b 40000001", .out = { 0, 1 } }, /* 1 */
	       { T_SENSOR, { 9003, 0x40000001 }, 0, { (uint32_t)-3, 0 } },    /* 2 */
	       { T_SENSOR, { 9003, 0x40000001 }, -EINVAL, { 0 } },	      /* 3 */
	       { T_SENSOR, { 9003, 0x40000001 }, 0, { 9906, 0 } });	      /* 7 */
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

/* 4: the same call again, after the pauses that firmware requests */
static void busy_is_repeated(void **state)
{
	int value, err;
	int64_t begin = deadline_now_ns(), ms;

	(void)state;
	EXPECT({ T_SENSOR, { 9003, 1 }, 0, { (uint32_t)-2 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 9900 } }, /* 6 */
	       { T_SENSOR, { 9003, 1 }, 0, { 9901 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 9902 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 0, 1 } });
	err = rtas_get_sensor(9003, 1, &value);
	ms = (deadline_now_ns() - begin) / 1000000;
	assert_int_equal(err, 0);
	assert_true(ms >= 111);
	mock_done(&mock);
}

/* 5 */
/* The public names are the numbers of firmware. */
_Static_assert((int)RTAS_INDICATOR_ISOLATION == DRC_ISOLATION, "");
_Static_assert((int)RTAS_INDICATOR_LIGHT == DRC_DR_INDICATOR, "");
_Static_assert((int)RTAS_INDICATOR_ALLOCATION == DRC_ALLOCATION, "");
_Static_assert((int)RTAS_SENSOR_ENTITY == DRC_ENTITY_SENSE, "");

static void a_second_is_waited_for(void **state)
{
	int64_t begin = deadline_now_ns();
	int value;

	(void)state;
	EXPECT({ T_SENSOR, { 9003, 1 }, 0, { 9903 } },
	       { T_SENSOR, { 9003, 1 }, 0, { 0, 1 } });
	assert_int_equal(rtas_get_sensor(9003, 1, &value), 0);
	assert_true(deadline_now_ns() - begin >= 1000000000);
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

/* 10 to 19, 26, 27 */
static void calls_without_a_work_area(void **state)
{
	const uint64_t phb = 0x0800000020000001;
	uint32_t t[7], info;
	int a = 0, b = 0;

	(void)state;
	EXPECT({ T_INDICATOR, .block = "T 3 1 2329 40000001 0",
		 .out = { (uint32_t)-9000 } },
	       { T_SET_POWER, .block = "T 2 2 ffffffff 64", .out = { 0, 100 } },
	       { T_GET_POWER, .block = "T 1 2 10000000", .out = { 0, 100 } },
	       /* the peer: 41000000 on little-endian */
	       { T_DISPLAY, .block = "T 1 1 41" }, { T_DISPLAY, .block = "T 1 1 ff" },
	       { T_GET_TIME, .block = "T 0 8",
		 .out = { 0, 0x7e8, 2, 0x1d, 0x17, 0x3b, 0x3a, 0x75bcd15 } },
	       { T_SET_TIME, .block = "T 7 1 7e8 2 1d 17 3b 3a 0" },
	       { T_POWERON, .block = "T 7 1 7ee c 1f 17 3b 3b 5",
		 .out = { (uint32_t)-2 } },
	       { T_POWERON, .block = "T 7 1 7ee c 1f 17 3b 3b 5" },
	       { T_SLOT_RESET, .block = "T 3 3 10000 8000000 20000001",
		 .out = { 0, 1, 1 } },
	       { T_ADDR_INFO, .block = "T 4 2 10000 8000000 20000001 0",
		 .out = { 0, 0x10000 } },
	       { T_EEH, .block = "T 4 1 10000 8000000 20000001 1",
		 .out = { (uint32_t)-3 } },
	       { T_SUSPEND, .block = "T 2 1 11223344 55667788",
		 .out = { (uint32_t)-9004 } },
	       { T_ACTIVATE, .block = "T 0 1", .out = { 9901 } },
	       { T_ACTIVATE, .block = "T 0 1", .out = { (uint32_t)-2 } },
	       { T_ACTIVATE, .block = "T 0 1" });
	assert_int_equal(rtas_set_indicator(9001, 0x40000001, 0), -9000);
	assert_int_equal(rtas_set_power_level(-1, 100, &a), 0);
	assert_int_equal(a, 100);
	assert_int_equal(rtas_get_power_level(0x10000000, &b), 0);
	assert_int_equal(b, 100);
	assert_int_equal(rtas_display_char('A'), 0);
	assert_int_equal(rtas_display_char((char)0xff), 0);
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

/* 20 to 23, 25: the status is the second output; a token is not confused with it */
static void error_injection(void **state)
{
	int token = 0;

	(void)state;
	EXPECT({ T_OPEN, .block = "T 0 2", .out = { 0x1234, 0 } },
	       { T_OPEN, { 0 }, 0, { 0, (uint32_t)-4 } },
	       { T_OPEN, { 0 }, 0, { 9900, 0 } },
	       { T_OPEN, { 0 }, 0, { 0, (uint32_t)-2 } }, { T_OPEN, { 0 }, 0, { 7, 0 } },
	       { T_CLOSE, .block = "T 1 1 7" });
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
	write_file("proc/device-tree/rtas/get-sensor-state", "\0\x20", 2); /* truncated */
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
	EXPECT({ T_SUSPEND, { 0, 1 }, 0, { 0 } }, { T_SENSOR, { 9003, 1 }, 0, { 0, 7 } },
	       { T_SENSOR, { 9003, 1 }, -EPERM, { 0 } },
	       { T_SUSPEND, { 0, 1 }, -EPERM, { 0 } });
	/* the tokens, which this test's folder shows only to root */
	assert_int_equal(sanity_check(), 0);
	assert_int_equal(rtas_suspend_me(1), 0);
	assert_int_equal(rtas_get_sensor(9003, 1, &value), 0);
	assert_int_equal(seteuid(1), 0);
	assert_int_equal(sanity_check(), RTAS_PERM);
	/* the kernel refuses it */
	assert_int_equal(rtas_get_sensor(9003, 1, &value), RTAS_PERM);
	/* nothing is called: a work area, no token */
	assert_int_equal(rtas_display_msg(NULL), RTAS_PERM);
	assert_int_equal(rtas_get_power_level(1, &value), RTAS_PERM);
	assert_int_equal(rtas_set_debug(0), 0);
	/* calls the kernel itself */
	assert_int_equal(rtas_suspend_me(1), RTAS_IO_ASSERT);
	assert_int_equal(errno, EPERM);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(value, 7);
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
	cmocka_unit_test(a_second_is_waited_for),
	cmocka_unit_test(time_limit),
	cmocka_unit_test(calls_without_a_work_area),
	cmocka_unit_test(error_injection),
	cmocka_unit_test(unknown_calls),
	cmocka_unit_test(no_interface),
	cmocka_unit_test(not_root),
	cmocka_unit_test(entire_file),
};

RUN_AS_ROOT(tests)
