// SPDX-License-Identifier: GPL-2.0-or-later
/* links: $(test_ldadd) */
/*
 * t-chan - frames over a byte stream: whole, in pieces, damaged, and malformed payloads
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "chan.h"

struct pair {
	struct chan a;
	int b;
};

static int open_pair(void **state)
{
	struct pair *p;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds) < 0)
		return -1;
	p = calloc(1, sizeof(*p));
	if (!p)
		return -1;
	chan_open(&p->a, fds[0]);
	p->b = fds[1];
	*state = p;
	return 0;
}

static int close_pair(void **state)
{
	struct pair *p = *state;

	chan_close(&p->a);
	close(p->b);
	free(p);
	return 0;
}

/* Write at the other end, then read once. */
static void feed(struct pair *p, const void *data, size_t len)
{
	assert_int_equal(write(p->b, data, len), len);
	assert_int_equal(chan_fill(&p->a), len);
}

static void test_wire_form(void **state)
{
	static const uint8_t payload[] = { 0x7e, 0x7d, '\r', '\0', 'x' };
	// clang-format off
	static const uint8_t wire[] = {
		0x7e, 'o', 0, 0, 0, 0x7d, 0x2d, 0, 0, 0, 5,
		0x7d, 0x5e, 0x7d, 0x5d, 0x7d, 0x2d, 0, 'x', 0x7e,
	};
	// clang-format on
	struct pair *p = *state;
	uint8_t got[64];

	chan_send(&p->a, FRAME_STDOUT, '\r', payload, sizeof(payload));
	assert_int_equal(chan_flush(&p->a), 0);
	assert_int_equal(read(p->b, got, sizeof(got)), sizeof(wire));
	assert_memory_equal(got, wire, sizeof(wire));
}

static void test_every_byte_in_pieces(void **state)
{
	struct pair *p = *state;
	uint8_t payload[256], wire[1024];
	struct frame f;
	ssize_t len, i;

	for (i = 0; i < 256; i++)
		payload[i] = (uint8_t)i;
	chan_send(&p->a, FRAME_STDIN, 0xfedcba98, payload, sizeof(payload));
	chan_flush(&p->a);
	len = read(p->b, wire, sizeof(wire));

	for (i = 0; i < len; i++) {
		assert_int_equal(chan_next(&p->a, &f), 0);
		feed(p, &wire[i], 1);
	}
	assert_int_equal(chan_next(&p->a, &f), 1);
	assert_int_equal(f.type, FRAME_STDIN);
	assert_int_equal(f.id, 0xfedcba98);
	assert_int_equal(f.len, sizeof(payload));
	assert_memory_equal(f.data, payload, sizeof(payload));
	assert_int_equal(chan_next(&p->a, &f), 0);
}

static void test_frames_after_noise(void **state)
{
	static const char wire[] = "login: \x7eP\0\0\0\1\0\0\0\0\x7e"
				   "\x7ex\0\0\0\2\0\0\0\1\x7e"
				   "\x7ePshort\x7e"
				   "\x7eP\0\0\0\3\0\0\0\0\x7e";
	struct pair *p = *state;
	struct frame f;

	feed(p, wire, sizeof(wire) - 1);
	assert_int_equal(chan_next(&p->a, &f), -EBADMSG);
	assert_int_equal(chan_next(&p->a, &f), 1);
	assert_int_equal(f.id, 1);
	/* A byte was lost. */
	assert_int_equal(chan_next(&p->a, &f), -EBADMSG);
	assert_int_equal(chan_next(&p->a, &f), -EBADMSG);
	assert_int_equal(chan_next(&p->a, &f), 1);
	assert_int_equal(f.id, 3);
	assert_int_equal(chan_next(&p->a, &f), 0);
}

static void test_frame_cut_by_a_new_start(void **state)
{
	static const char wire[] = "\x7eo\0\0\0\1\0\0\0\5hel\x7d"
				   "\x7eH\0\0\0\0\0\0\0\0\x7e";
	struct pair *p = *state;
	struct frame f;

	feed(p, wire, sizeof(wire) - 1);
	assert_int_equal(chan_next(&p->a, &f), -EBADMSG);
	assert_int_equal(chan_next(&p->a, &f), 1);
	assert_int_equal(f.type, FRAME_HELLO);
}

static void test_end(void **state)
{
	struct pair *p = *state;

	assert_int_equal(chan_fill(&p->a), -EAGAIN);
	shutdown(p->b, SHUT_WR);
	assert_int_equal(chan_fill(&p->a), 0);
}

static void test_payloads(void **state)
{
	static const uint8_t args[] = "\0\1\2\3one\0\0three";
	const uint8_t *p = args;
	size_t len = sizeof(args);
	char **strings;
	uint32_t value;

	(void)state;
	assert_int_equal(proto_take_u32(&p, &len, &value), 0);
	assert_int_equal(value, 0x00010203);
	assert_int_equal(proto_split(p, len, &strings), 3);
	assert_string_equal(strings[0], "one");
	assert_string_equal(strings[1], "");
	assert_string_equal(strings[2], "three");
	assert_null(strings[3]);
	free(strings);

	assert_int_equal(proto_split(p, len - 1, &strings), -EBADMSG);
	assert_int_equal(proto_split(p, 0, &strings), 0);
	free(strings);
	len = 3;
	assert_int_equal(proto_take_u32(&p, &len, &value), -EBADMSG);
}

static void test_too_many_strings(void **state)
{
	uint8_t *args = calloc(1, PROTO_MAX_ARGS + 1);
	char **strings;

	(void)state;
	assert_non_null(args);
	assert_int_equal(proto_split(args, PROTO_MAX_ARGS, &strings), PROTO_MAX_ARGS);
	free(strings);
	assert_int_equal(proto_split(args, PROTO_MAX_ARGS + 1, &strings), -EBADMSG);
	assert_null(strings);
	free(args);
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(test_wire_form),
		WITH_PAIR(test_every_byte_in_pieces),
		WITH_PAIR(test_frames_after_noise),
		WITH_PAIR(test_frame_cut_by_a_new_start),
		WITH_PAIR(test_end),
		cmocka_unit_test(test_payloads),
		cmocka_unit_test(test_too_many_strings),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
