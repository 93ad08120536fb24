// SPDX-License-Identifier: GPL-2.0-or-later
/* The public functions by /dev/papr-*: their requests, the conversion of answers, the
 * conditions for the system call instead, and open descriptors. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "librtas/sequences.h"
#include "tests/unit/fakes/librtas_root.h"
#include "tests/unit/fakes/mock_dev.h"

static struct mock_dev dev;

/* Set the devices' list, after EXPECT() with the remaining calls. */
#define DEVICES(...)                                                 \
	static const struct mock_dev_step steps[] = { __VA_ARGS__ }; \
	mock_dev_init(&dev, steps, COUNT(steps));                    \
	library_use_devices(&dev.ops)
#define NO_CALLS() EXPECT({ 0 })

static void done(void)
{
	mock_dev_done(&dev, 0);
	assert_int_equal(mock.next, 0);
}

/* 64 */
static void vpd_in_pieces(void **state)
{
	static const char everything[80];
	unsigned int next = 1, bytes, first;
	char area[4];

	(void)state;
	NO_CALLS();
	DEVICES(DEV_OPEN("vpd", O_RDONLY, 5),
		DEV_IOCTL(5, 0x8050b200, 9, .want = everything, .want_len = 80),
		DEV_CLOSE(5), DEV_READ(9, 4, "0123"), DEV_READ(9, 4, "4567"),
		DEV_READ(9, 4, "89"), DEV_CLOSE(9));
	assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, &bytes), 1);
	assert_memory_equal(area, "0123", 4);
	assert_int_equal(bytes, 4);
	assert_true(next > 1 && next <= INT32_MAX);
	first = next;
	assert_int_equal(rtas_get_vpd(NULL, area, 4, next, &next, &bytes), 1);
	assert_int_equal(next, first);
	assert_int_equal(rtas_get_vpd(NULL, area, 4, next, &next, &bytes), 0);
	assert_memory_equal(area, "89", 2);
	assert_int_equal(bytes, 2);
	assert_int_equal(next, 1);
	/* after the end: its number is unused, and the device exists */
	dev.n += 2;
	dev.steps = (const struct mock_dev_step[]){ DEV_OPEN("vpd", O_RDONLY, 5),
						    DEV_CLOSE(5) };
	dev.next = 0;
	dev.n = 2;
	assert_int_equal(rtas_get_vpd(NULL, area, 4, first, &next, &bytes), -3);
	done();
}

/* closefrom(3) between two calls of a sequence, and the number is another file's: that file
 * is neither read nor closed. */
static void the_program_closes(void **state)
{
	static const char everything[80];
	bool *const cases[] = { &dev.is_closed, &dev.is_reused };
	unsigned int next, bytes;
	char area[4];

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		NO_CALLS();
		DEVICES(DEV_OPEN("vpd", O_RDONLY, 5),
			DEV_IOCTL(5, 0x8050b200, 9, .want = everything, .want_len = 80),
			DEV_CLOSE(5), DEV_READ(9, 4, "0123"));
		assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, &bytes), 1);
		*cases[i] = true;
		errno = 0;
		assert_int_equal(rtas_get_vpd(NULL, area, 4, next, &next, &bytes), -1);
		assert_int_equal(errno, EBADF);
		mock_dev_done(&dev, 1);
		assert_int_equal(mock.next, 0);
	}
}

/* A pipe is known by its link; without /proc by its inode. */
static void what_a_descriptor_is(void **state)
{
	char folder[] = "/tmp/papr-no-proc-XXXXXX";
	const char *const roots[] = { NULL, mkdtemp(folder) };

	(void)state;
	for (size_t i = 0; i < COUNT(roots); i++) {
		struct papr_handle one, other;
		struct papr_dev_ops ops;
		struct kern_root from;
		int fd[2];

		assert_int_equal(kern_root_open(&from, roots[i]), 0);
		ops = papr_dev_system(&from);
		assert_int_equal(pipe(fd), 0);
		assert_int_equal(ops.identify(ops.priv, fd[0], &one), 0);
		assert_int_equal(!strncmp(one.link, "pipe:[", 6), !roots[i]);
		assert_int_equal(one.ino != 0, roots[i] != NULL);
		assert_int_equal(dup2(STDIN_FILENO, fd[1]), fd[1]);
		assert_int_equal(ops.identify(ops.priv, fd[1], &other), 0);
		assert_true(one.ino != other.ino || strcmp(one.link, other.link));
		ops.close(ops.priv, fd[0]);
		assert_int_equal(ops.identify(ops.priv, fd[0], &one), -EBADF);
		close(fd[1]);
		kern_root_close(&from);
	}
	rmdir(folder);
}

/* 65 to 67 */
static void vpd_at_its_edges(void **state)
{
	char code[] = "U78AE.001", long_code[100], area[4];
	unsigned int next = 1, bytes = 9;

	(void)state;
	NO_CALLS();
	DEVICES(DEV_OPEN("vpd", O_RDONLY, 5),
		DEV_IOCTL(5, 0x8050b200, 9, WANT("U78AE.001\0")), DEV_CLOSE(5),
		DEV_READ(9, 4, "0123"), DEV_READ(9, 4, "4567"), DEV_READ(9, 4, ""),
		DEV_CLOSE(9), /* 65 */
		DEV_OPEN("vpd", O_RDONLY, 5), DEV_IOCTL(5, 0x8050b200, -EINVAL),
		DEV_CLOSE(5),				    /* 66 */
		DEV_OPEN("vpd", O_RDONLY, 5), DEV_CLOSE(5), /* 67 */
		DEV_OPEN("vpd", O_RDONLY, 5), DEV_CLOSE(5), /* too long a code */
		DEV_OPEN("vpd", O_RDONLY, 5), DEV_IOCTL(5, 0x8050b200, 9), DEV_CLOSE(5),
		DEV_READ_FAILS(9, 4, -EIO), DEV_CLOSE(9), DEV_OPEN("vpd", O_RDONLY, 5),
		DEV_IOCTL(5, 0x8050b200, 9), DEV_CLOSE(5),
		{ .kind = MOCK_READ, .fd = 9, .number = 4, .result = 5 }, DEV_CLOSE(9));
	assert_int_equal(rtas_get_vpd(code, area, 4, 1, &next, NULL), 1);
	assert_int_equal(rtas_get_vpd(code, area, 4, next, &next, NULL), 1);
	assert_int_equal(rtas_get_vpd(code, area, 4, next, NULL, &bytes), 0);
	assert_int_equal(bytes, 0);

	next = bytes = 9;
	assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, &bytes), -3);
	assert_int_equal(errno, EINVAL);
	assert_int_equal(rtas_get_vpd(NULL, area, 4, 99, &next, &bytes),
			 -3); /* peer: -1 */
	memset(long_code, 'U', 80);
	long_code[80] = '\0';
	assert_int_equal(rtas_get_vpd(long_code, area, 4, 1, &next, &bytes), -3);
	assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, &bytes), -1);
	assert_int_equal(errno, EIO);
	/* more than requested */
	assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, &bytes), -1);
	assert_int_equal(next, 9);
	assert_int_equal(bytes, 9);
	done();
}

#define LE16(n) (n) & 0xff, (n) >> 8

/* The device's block is in host order. */
static struct papr_sysparm answer_of(uint32_t parameter, uint16_t length)
{
	struct papr_sysparm block = { .parameter = parameter, .length = length };

	memset(block.data, 'f', sizeof(block.data));
	memcpy(block.data, "abcde", 5);
	return block;
}

/* 68, 69 */
static void sysparm(void **state)
{
	static struct papr_sysparm asked, given, bad, input;
	char data[64] = "", small[4] = "", beyond[4200], own[8] = "\0\2hi";

	(void)state;
	asked = (struct papr_sysparm){ .parameter = 20 };
	given = answer_of(20, 5);
	bad = answer_of(20, 4001);
	input = (struct papr_sysparm){ 60, 2, "hi" };
	NO_CALLS();
#define ASK(w, g)                                                              \
	DEV_OPEN("sysparm", O_RDONLY, 5),                                      \
		DEV_IOCTL(5, 0xcfa8b201, 0, .want = &w, .want_len = sizeof(w), \
			  .give = &g, .give_len = sizeof(g)),                  \
		DEV_CLOSE(5)
	DEVICES(ASK(asked, given), ASK(asked, given), ASK(asked, given), ASK(asked, bad),
		ASK(input, given), ASK(asked, given));
	assert_int_equal(rtas_get_sysparm(20, 64, data), 0);
	assert_memory_equal(data, "\0\5abcdefff", 10);
	assert_int_equal(data[63], 'f');
	assert_int_equal(rtas_get_sysparm(20, 4, small), -9999); /* peer: cut, 0 */
	assert_memory_equal(small, "\0\0\0", 4);
	assert_int_equal(rtas_get_sysparm(20, 1, small), -9999); /* peer: overflow */
	memset(data, 0, sizeof(data));
	assert_int_equal(rtas_get_sysparm(20, 64, data), -9999);
	assert_int_equal(rtas_get_sysparm(60, sizeof(own), own), 0); /* peer: no input */
	memset(beyond, 0xee, sizeof(beyond));
	assert_int_equal(rtas_get_sysparm(20, sizeof(beyond), beyond), 0);
	assert_int_equal((uint8_t)beyond[4001], 'f');
	assert_int_equal((uint8_t)beyond[4002], 0xee);
	done();
}

/* 70: an errno becomes a status; after those of the first row the call is made */
static void sysparm_errors(void **state)
{
	static const struct {
		int err;
		int status;
	} rows[] = {
		{ EINVAL, -9999 }, { EPERM, -9002 }, { EOPNOTSUPP, -3 }, { EIO, -1 },
		{ EFAULT, -1 },	   { ENOENT, -1 },   { ENOMEM, -1 },
	};
	struct mock_dev_step steps[] = { DEV_OPEN("sysparm", O_RDONLY, 5),
					 DEV_IOCTL(5, 0xcfa8b201, 0), DEV_CLOSE(5) };
	char data[64] = "";

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		NO_CALLS();
		steps[1].result = -rows[i].err;
		mock_dev_init(&dev, steps, COUNT(steps));
		library_use_devices(&dev.ops);
		assert_int_equal(rtas_get_sysparm(20, 64, data), rows[i].status);
		assert_int_equal(errno, rows[i].err);
		done();
	}
}

/* 71 */
static void sysparm_is_set(void **state)
{
	static struct papr_sysparm told = { 43, 3, "abc" };
	char value[] = "\0\3abc", huge[2 + 4001] = "\x0f\xa1";

	(void)state;
	NO_CALLS();
	DEVICES(DEV_OPEN("sysparm", O_RDWR, 5),
		DEV_IOCTL(5, 0x8fa8b202, 0, .want = &told, .want_len = sizeof(told)),
		DEV_CLOSE(5), DEV_OPEN("sysparm", O_RDWR, 5), DEV_CLOSE(5),
		DEV_OPEN("sysparm", O_RDWR, 5), DEV_IOCTL(5, 0x8fa8b202, -EPERM),
		DEV_CLOSE(5));
	assert_int_equal(rtas_set_sysparm(43, value), 0);
	assert_int_equal(rtas_set_sysparm(43, huge), -9999); /* peer: stack overflow */
	assert_int_equal(rtas_set_sysparm(43, value), -9002);
	assert_int_equal(errno, EPERM);
	assert_int_equal(rtas_set_sysparm(43, NULL), RTAS_IO_ASSERT);
	done();
}

/* 72: a user who may open the device needs nothing else */
static void not_root(void **state)
{
	static struct papr_sysparm given;
	char data[64] = "";

	(void)state;
	given = answer_of(20, 5);
	NO_CALLS();
	DEVICES(DEV_OPEN("sysparm", O_RDONLY, 5),
		DEV_IOCTL(5, 0xcfa8b201, 0, .give = &given, .give_len = sizeof(given)),
		DEV_CLOSE(5), DEV_OPEN("sysparm", O_RDWR, -EACCES));
	assert_int_equal(seteuid(1), 0);
	assert_int_equal(rtas_get_sysparm(20, 64, data), 0);
	assert_int_equal(rtas_set_sysparm(20, data), RTAS_PERM);
	assert_int_equal(seteuid(0), 0);
	done();
}

/* A missing device is not tried again while the call itself has its work area. */
static void left_to_the_call(void **state)
{
	char data[64] = "", code[] = "\0\0\0\3U7", long_code[4 + 81] = "\0\0\0\x51";
	int value;

	(void)state;
	EXPECT({ T_GET_PARM, .block = "T 3 1 14 P 40" },
	       { T_SET_PARM, .block = "T 2 1 14 P" },
	       { T_DYNAMIC_SENSOR, .block = "T 2 2 232f P", .out = { 0, 3 } },
	       { T_DYNAMIC_INDICATOR, .block = "T 3 1 232f 1 P" },
	       { T_GET_PARM, .block = "T 3 1 14 P 40" },
	       { T_GET_PARM, .block = "T 3 1 14 P 40" });
	DEVICES(DEV_OPEN("sysparm", O_RDONLY, 5), DEV_IOCTL(5, 0xcfa8b201, -ENOTTY),
		DEV_CLOSE(5), DEV_OPEN("sysparm", O_RDWR, 5),
		DEV_IOCTL(5, 0x8fa8b202, -ENODEV), DEV_CLOSE(5),
		DEV_OPEN("indices", O_RDONLY, -ENXIO), DEV_OPEN("sysparm", O_RDONLY, 5),
		DEV_IOCTL(5, 0xcfa8b201, -EIO), DEV_CLOSE(5),
		DEV_OPEN("sysparm", O_RDONLY, -ENOENT));
	assert_int_equal(rtas_get_sysparm(20, 64, data), 0);
	assert_int_equal(rtas_set_sysparm(20, data), 0);
	assert_int_equal(rtas_get_dynamic_sensor(9007, code, &value), 0);
	assert_int_equal(value, 3);
	/* a text that is too long for the device */
	memset(long_code + 4, 'U', 80);
	assert_int_equal(rtas_set_dynamic_indicator(9007, 1, long_code), 0);
	assert_int_equal(rtas_get_sysparm(20, 64, data), -1);
	for (int i = 0; i < 2; i++)
		assert_int_equal(rtas_get_sysparm(20, 64, data), 0);
	mock_dev_done(&dev, 0);
	mock_done(&mock);
}

static void dynamic_sensors_and_indicators(void **state)
{
	static struct papr_indices asked, given, told;
	char code[] = "\0\0\0\5U789", wide[] = "\0\0\0\x50U789";
	int value = 9;

	(void)state;
	asked = (struct papr_indices){ .token = 9007, .location = "U789" };
	given = (struct papr_indices){ .token = 9007, .state = 4 };
	told = (struct papr_indices){ .token = 9007, .state = 1, .location = "U789" };
	NO_CALLS();
#define SENSOR(descriptor, result, ...)                                 \
	DEV_OPEN("indices", O_RDONLY, descriptor),                      \
		DEV_IOCTL(descriptor, 0xc058b204, result, __VA_ARGS__), \
		DEV_CLOSE(descriptor)
	DEVICES(SENSOR(5, 0, .want = &asked, .want_len = 88, .give = &given,
		       .give_len = 88),
		SENSOR(5, 0, .want = &asked, .want_len = 88, .give = &given,
		       .give_len = 88),
		SENSOR(5, -EOPNOTSUPP), DEV_OPEN("indices", O_RDWR, 6),
		DEV_IOCTL(6, 0x8058b205, 0, .want = &told, .want_len = 88), DEV_CLOSE(6));
	assert_int_equal(rtas_get_dynamic_sensor(9007, code, &value), 0);
	assert_int_equal(value, 4);
	/* the length may be that of a padded text */
	assert_int_equal(rtas_get_dynamic_sensor(9007, wide, NULL), 0);
	value = 9;
	assert_int_equal(rtas_get_dynamic_sensor(9007, code, &value), -3);
	assert_int_equal(value, 9);
	assert_int_equal(rtas_set_dynamic_indicator(9007, 1, code), 0);
	done();
}

#define INDICES_OPEN                                                         \
	DEV_OPEN("indices", O_RDONLY, 5),                                    \
		DEV_IOCTL(5, 0x8058b203, 9, .want = &asked, .want_len = 88), \
		DEV_CLOSE(5)

/* A page of the kernel is a reply of firmware; the last one has status 0. */
static void indices(void **state)
{
	static struct papr_indices asked;
	static char one[4096] = "\0\0\0\1\0\0\0\x10\0\0\0\4abc",
		    two[4096] = "\0\0\0\1\0\0\0\x11\0\0\0\4def";
	char area[5000];
	int next = 1;

	(void)state;
	asked.is_sensor = 1;
	asked.type = 9007;
	NO_CALLS();
#define PAGE(bytes)          \
	{ .kind = MOCK_READ, \
	  .fd = 9,           \
	  .number = 4096,    \
	  .result = 4096,    \
	  .give = bytes,     \
	  .give_len = 4096 }
	DEVICES(INDICES_OPEN, PAGE(one), PAGE(two), DEV_READ(9, 4096, ""), DEV_CLOSE(9),
		INDICES_OPEN, PAGE(one), DEV_READ_FAILS(9, 4096, -EIO), DEV_CLOSE(9),
		INDICES_OPEN, DEV_READ(9, 4096, ""), DEV_READ(9, 4096, ""), DEV_CLOSE(9));
	memset(area, 0xee, sizeof(area));
	assert_int_equal(rtas_get_indices(1, 9007, area, sizeof(area), 1, &next), 1);
	assert_true(next > 1);
	assert_memory_equal(area, one, 4096);
	assert_int_equal((uint8_t)area[4096], 0xee);
	assert_int_equal(rtas_get_indices(1, 9007, area, 4096, next, &next), 0);
	assert_memory_equal(area, two, 4096);
	assert_int_equal(next, 1);
	assert_int_equal(rtas_get_indices(1, 9007, area, 4096, 1, &next), -1);
	assert_int_equal(rtas_get_indices(1, 9007, area, 4096, 1, &next), 0);
	assert_memory_equal(area, "\0\0\0", 4);
	done();
}

/* A work area below a page gets whole entries, as many as fit. */
static void indices_in_small_areas(void **state)
{
	static struct papr_indices asked;
	static char page[4096] = "\0\0\0\3\0\0\0\1\0\0\0\4abc\0\0\0\0\2\0\0\0\4def\0"
				 "\0\0\0\3\0\0\0\4ghi";
	static char lies[4096] = "\0\0\0\2\0\0\0\1\xff\xff\xff\xff";
	char area[32];
	int next = 1;

	(void)state;
	asked.is_sensor = 1;
	asked.type = 9007;
	NO_CALLS();
	DEVICES(INDICES_OPEN, PAGE(page), DEV_READ(9, 4096, ""), DEV_CLOSE(9),
		INDICES_OPEN, PAGE(lies), DEV_READ(9, 4096, ""), DEV_CLOSE(9));
	assert_int_equal(rtas_get_indices(1, 9007, area, 28, 1, &next), 1);
	assert_memory_equal(area, "\0\0\0\2\0\0\0\1\0\0\0\4abc\0\0\0\0\2\0\0\0\4def", 28);
	assert_int_equal(rtas_get_indices(1, 9007, area, 15, next, NULL), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_indices(1, 9007, area, 3, next, NULL), RTAS_IO_ASSERT);
	assert_int_equal(rtas_get_indices(1, 9007, area, 16, next, &next), 0);
	assert_memory_equal(area, "\0\0\0\1\0\0\0\3\0\0\0\4ghi", 16);
	assert_int_equal(rtas_get_indices(1, 9007, area, 32, 1, &next), 0);
	assert_memory_equal(area, "\0\0\0", 4);
	done();
}

static void dump(void **state)
{
	static const uint64_t tag = 0x100000002;
	uint64_t next = 9, bytes = 9;
	char buf[5000];

	(void)state;
	EXPECT({ T_DUMP, .block = "T 6 5 1 2 0 0 0 0" });
#define DUMP(descriptor)                                                           \
	DEV_OPEN("platform-dump", O_RDONLY, 5),                                    \
		DEV_IOCTL(5, 0x8008b206, descriptor, .want = &tag, .want_len = 8), \
		DEV_CLOSE(5)
	DEVICES(DUMP(9), DEV_READ(9, 4096, "piece"), DEV_READ(9, 1024, ""),
		DEV_IOCTL(9, 0x8008b207, 0, .want = &tag, .want_len = 8), DEV_CLOSE(9),
		/* begun twice: one descriptor for each dump */
		DUMP(9), DEV_READ(9, 4096, "piece"), DEV_CLOSE(9), DUMP(10),
		DEV_READ(10, 4096, "piece"), DEV_IOCTL(10, 0x8008b207, -EINPROGRESS),
		DEV_CLOSE(10), DUMP(9), DEV_READ_FAILS(9, 4096, -EPERM), DEV_CLOSE(9));
	assert_int_equal(rtas_platform_dump(tag, 0, buf, 5000, &next, &bytes), 1);
	assert_int_equal(bytes, 5);
	assert_memory_equal(buf, "piece", 5);
	assert_int_equal(rtas_platform_dump(tag, next, buf, 1023, &next, &bytes),
			 RTAS_IO_ASSERT);
	assert_int_equal(rtas_platform_dump(tag + 1, next, buf, 1024, &next, &bytes), -3);
	assert_int_equal(rtas_platform_dump(tag, next, buf, 1024, &next, &bytes), 0);
	assert_int_equal(bytes, 0);
	assert_int_equal(rtas_platform_dump(tag, next, NULL, 0, &next, &bytes), 0);

	assert_int_equal(rtas_platform_dump(tag, 0, buf, 4096, NULL, NULL), 1);
	assert_int_equal(rtas_platform_dump(tag, 0, buf, 4096, &next, NULL), 1);
	assert_int_equal(rtas_platform_dump(tag, next, NULL, 0, NULL, NULL), -1);
	assert_int_equal(errno, EINPROGRESS);
	assert_int_equal(rtas_platform_dump(tag, 0, buf, 4096, &next, NULL), -9002);
	mock_dev_done(&dev, 0);
	/* not read: firmware drops it, which needs no work area */
	assert_int_equal(rtas_platform_dump(tag, 0, NULL, 0, NULL, NULL), 0);
	mock_done(&mock);
}

static void attestation(void **state)
{
	static char command[4096] = "\1\2\3\4\0\0\0\x0c";
	char area[4096] = "\1\2\3\4\0\0\0\x0c\0\0\0\0not of the command";
	int next = 1, bytes = 12;

	(void)state;
	NO_CALLS();
	DEVICES(DEV_OPEN("physical-attestation", O_RDONLY, 5),
		DEV_IOCTL(5, 0x9000b208, 9, .want = command, .want_len = 4096),
		DEV_CLOSE(5), DEV_READ(9, 12, "twelve bytes"), DEV_READ(9, 12, "more"),
		DEV_CLOSE(9));
	assert_int_equal(rtas_physical_attestation(area, 1, &next, &bytes), 1);
	assert_int_equal(bytes, 12);
	assert_memory_equal(area, "twelve bytesnot", 15);
	assert_true(next > 1);
	assert_int_equal(rtas_physical_attestation(area, next, &next, &bytes), 0);
	assert_int_equal(bytes, 4);
	assert_int_equal(next, 1);
	done();
}

/* The child may close its descriptors, and has no sequence; the parent's sequences
 * continue. Here both are one process, so the parent's descriptors are closed too. */
static void sequences_end_with_a_fork(void **state)
{
	unsigned int next = 1;
	char area[4];

	(void)state;
	NO_CALLS();
	DEVICES(DEV_OPEN("vpd", O_RDONLY, 5), DEV_IOCTL(5, 0x8050b200, 9), DEV_CLOSE(5),
		DEV_READ(9, 4, "0123"), DEV_READ(9, 4, "4567"), DEV_CLOSE(9),
		DEV_OPEN("vpd", O_RDONLY, 5), DEV_CLOSE(5));
	assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, NULL), 1);
	sequences_fork(FORK_PREPARE);
	sequences_fork(FORK_PARENT);
	assert_int_equal(rtas_get_vpd(NULL, area, 4, next, &next, NULL), 1);
	sequences_fork(FORK_PREPARE);
	sequences_fork(FORK_CHILD);
	assert_int_equal(rtas_get_vpd(NULL, area, 4, next, &next, NULL), -3);
	done();
}

/* A sequence that began with the system call continues there, although the device exists
 * now. */
static void a_sequence_stays_where_it_began(void **state)
{
	unsigned int next = 1;
	char area[4];

	(void)state;
	EXPECT({ T_VPD, .block = "T 4 3 P P+1000 4 1", .out = { 1, 2, 4 } },
	       { T_VPD, .block = "T 4 3 P P+1000 4 2", .out = { 0, 1, 4 } });
	DEVICES(DEV_OPEN("vpd", O_RDONLY, 5), DEV_IOCTL(5, 0x8050b200, -ENOTTY),
		DEV_CLOSE(5));
	assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, NULL), 1);
	assert_int_equal(rtas_get_vpd(NULL, area, 4, next, &next, NULL), 0);
	mock_dev_done(&dev, 0);
	mock_done(&mock);
}

/* A limited number: a new one closes the oldest. */
static void abandoned_sequences(void **state)
{
	unsigned int first = 1, last = 1, next = 1;
	size_t closed = 0;
	char area[4];

	(void)state;
	NO_CALLS();
	for (int i = 0; i < 256 + 3; i++) {
		struct mock_dev_step steps[] = { DEV_OPEN("vpd", O_RDONLY, 5),
						 DEV_IOCTL(5, 0x8050b200, 9),
						 DEV_CLOSE(5), DEV_CLOSE(9),
						 DEV_READ(9, 4, "0123") };

		if (i < 256)
			steps[3] = steps[4];
		mock_dev_init(&dev, steps, i < 256 ? 4 : 5);
		library_use_devices(&dev.ops);
		dev.is_open[9] = false;
		if (i >= 256) {
			/* all have the same number: one is closed after the next one is
			 * opened */
			steps[1].result = 10;
			steps[4].fd = 10;
			dev.is_open[9] = true;
			closed++;
		}
		assert_int_equal(rtas_get_vpd(NULL, area, 4, 1, &next, NULL), 1);
		assert_int_equal(dev.next, dev.n);
		assert_true(next != last);
		last = next;
		if (!i)
			first = next;
	}
	assert_int_equal(closed, 3);
	/* the first is closed */
	mock_dev_init(&dev,
		      (const struct mock_dev_step[]){ DEV_OPEN("vpd", O_RDONLY, 5),
						      DEV_CLOSE(5) },
		      2);
	library_use_devices(&dev.ops);
	assert_int_equal(rtas_get_vpd(NULL, area, 4, first, &next, NULL), -3);
	mock_dev_done(&dev, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(the_program_closes),
	cmocka_unit_test(what_a_descriptor_is),
	cmocka_unit_test(vpd_in_pieces),
	cmocka_unit_test(vpd_at_its_edges),
	cmocka_unit_test(sysparm),
	cmocka_unit_test(sysparm_errors),
	cmocka_unit_test(sysparm_is_set),
	cmocka_unit_test(not_root),
	cmocka_unit_test(left_to_the_call),
	cmocka_unit_test(dynamic_sensors_and_indicators),
	cmocka_unit_test(indices),
	cmocka_unit_test(indices_in_small_areas),
	cmocka_unit_test(dump),
	cmocka_unit_test(attestation),
	cmocka_unit_test(sequences_end_with_a_fork),
	cmocka_unit_test(abandoned_sequences),
	cmocka_unit_test(a_sequence_stays_where_it_began),
};

RUN_AS_ROOT(tests)
