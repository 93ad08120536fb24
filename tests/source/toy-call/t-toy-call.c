// SPDX-License-Identifier: GPL-2.0-or-later
/* The call that toy.patch adds to the table, on a scripted firmware and device: the
 * engine, the copying of buffers, the device, the trace and the status know it. */
#include <fcntl.h>
#include <stdio.h>

#include "librtas/trace_text.h"
#include "tests/unit/fakes/librtas_root.h"
#include "tests/unit/fakes/mock_dev.h"

enum { T_TOY = 0x3000, BROKEN = -77 };

static char area[16];

static int toy(uint32_t place, uint32_t *next)
{
	return LIBRARY_CALL(RTAS_TOY, INPUTS(0, sizeof(area), place), BUFFERS(area),
			    OUTPUTS(next));
}

/* The head says 2 bytes: firmware gets 4 of the area. A busy reply moves the place. */
static void engine_and_buffers(void **state)
{
	uint32_t next = 0;

	(void)state;
	EXPECT({ T_TOY, .block = "T 3 2 P 10 1", .out = { 9900, 5 },
		 WANT("\0\2ab\0\0\0\0\0\0\0\0\0\0\0\0") },
	       { T_TOY, .block = "T 3 2 P 10 5", .out = { 0, 6 },
		 GIVE("the whole answer") },
	       { T_TOY, .block = "T 3 2 P 10 6", .out = { (uint32_t)BROKEN } });
	memcpy(area, "\0\2abcdefghijklmn", sizeof(area));
	assert_int_equal(toy(1, &next), 0);
	assert_int_equal(next, 6);
	assert_memory_equal(area, "the whole answer", sizeof(area));
	assert_int_equal(toy(6, &next), BROKEN);
	mock_done(&mock);
}

static void device(void **state)
{
	static const struct mock_dev_step steps[] = {
		DEV_OPEN("toy", O_RDWR, 5),
		DEV_IOCTL(5, 0x8008b2ff, -EINVAL),
		DEV_CLOSE(5),
	};
	struct papr_answer answer;
	struct mock_dev dev;

	(void)state;
	EXPECT({ T_TOY });
	mock_dev_init(&dev, steps, COUNT(steps));
	library_use_devices(&dev.ops);
	assert_true(papr_dev_query(library_devices(), RTAS_TOY, "1", area, &answer));
	assert_int_equal(answer.status, BROKEN);
	mock_dev_done(&dev, 0);
}

static void texts(void **state)
{
	struct rtas_args args = { .in = { 1, 16, 2 }, .out = { 0, 3 } };
	struct rtas_trace trace = { .call = RTAS_TOY, .args = &args };
	char text[RTAS_TRACE_TEXT_MAX];

	(void)state;
	rtas_trace_text(&trace, text, sizeof(text));
	assert_string_equal(text, "ibm,toy(1, 16, 2) = 0 (success) -> 3 0.000 ms");
	assert_string_equal(rtas_status_text(RTAS_TOY, BROKEN), "the toy is broken");
	assert_int_equal(rtas_call_by_name("ibm,toy"), RTAS_TOY);
}

static int make_root_with_toy(void **state)
{
	int err = make_root(state);

	write_file("proc/device-tree/rtas/ibm,toy", "\0\0\x30\0", 4);
	return err;
}

static int remove_root_with_toy(void **state)
{
	unlinkat(root.fd, "proc/device-tree/rtas/ibm,toy", 0);
	return remove_root(state);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(engine_and_buffers),
		cmocka_unit_test(device),
		cmocka_unit_test(texts),
	};

	return cmocka_run_group_tests(tests, make_root_with_toy, remove_root_with_toy);
}
