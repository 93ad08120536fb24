// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON from a stream: values and errors as QEMU 7.2 reports them, however the bytes are
 * divided. make check-diff sends random bytes to both. */
#include <stdlib.h>

#include "tests/test.h"
#include "vmm/server/json_feed.h"
#include "vmm/server/json_line.h"

/* Errors are shown without this */
#define PREFIX "JSON parse error, "

static void note(struct buffer *out, struct json_feed *feed, enum json_feed_result result,
		 json_object *value)
{
	const char *text = feed->error;

	if (result == JSON_FEED_MORE)
		return;
	if (out->len)
		assert_false(buffer_put(out, "; ", 2));
	if (result == JSON_FEED_VALUE) {
		assert_false(json_line(out, value));
		return;
	}
	if (!strncmp(text, PREFIX, strlen(PREFIX)))
		text += strlen(PREFIX);
	assert_false(buffer_put(out, text, strlen(text)));
}

static void feed_piece(struct buffer *out, struct json_feed *feed, const void *bytes,
		       size_t len)
{
	const uint8_t *at = bytes;
	json_object *value;
	size_t used;

	for (; len; at += used, len -= used) {
		enum json_feed_result result = json_feed(feed, at, len, &used, &value);

		assert_true(used <= len && (used == len || result != JSON_FEED_MORE));
		note(out, feed, result, value);
		json_object_put(value);
	}
}

/* Feed the bytes, divided at this place. */
static void expect_at(const char *bytes, size_t len, size_t place, const char *results)
{
	struct json_feed feed = { 0 };
	struct buffer out = { 0 };

	feed_piece(&out, &feed, bytes, place);
	feed_piece(&out, &feed, bytes + place, len - place);
	assert_false(buffer_put(&out, "", 1));
	assert_string_equal((const char *)buffer_bytes(&out), results);
	buffer_free(&out);
	json_feed_free(&feed);
}

/* Feed the bytes, divided at each place. */
static void expect(const char *bytes, size_t len, const char *results)
{
	for (size_t place = 0; place <= len; place++)
		expect_at(bytes, len, place, results);
}

#define EXPECT(bytes, results) expect(bytes, sizeof(bytes) - 1, results)

static void values_are_read(void **state)
{
	(void)state;
	EXPECT(" {} [ ]\t\"\" \r\n", "{}; []; \"\"");
	EXPECT("[1,-0,10 , -9223372036854775808,18446744073709551615]",
	       "[1, 0, 10, -9223372036854775808, 18446744073709551615]");
	EXPECT("[18446744073709551616,-9223372036854775809,0.1,1e2,2.5E-3]",
	       "[1.8446744073709552e+19, -9.2233720368547758e+18, 0.10000000000000001, 100, "
	       "0.0025000000000000001]");
	EXPECT("true false null ", "true; false; null");
	EXPECT("'a\"\\'' \"'\"", "\"a\\\"'\"; \"'\"");
	EXPECT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\"");
	EXPECT("\"\\u0000\\u00e9\\ud834\\udd1e\xc3\xa9\xf0\x9d\x84\x9e\xc0\x80\x7f\"",
	       "\"\\u0000\\u00E9\\uD834\\uDD1E\\u00E9\\uD834\\uDD1E\\u0000\\u007F\"");
	EXPECT("12{}", "12; {}");
	EXPECT("12", ""); /* more digits may follow */
}

static void members_are_in_qemus_order(void **state)
{
	(void)state;
	EXPECT("{\"version\":1,\"qemu\":2,\"id\":3,\"return\":4,\"error\":5}",
	       "{\"version\": 1, \"qemu\": 2, \"return\": 4, \"id\": 3, \"error\": 5}");
	/* one bucket */
	EXPECT("{\"minor\":1,\"micro\":2}", "{\"micro\": 2, \"minor\": 1}");
	EXPECT("{\"micro\":1,\"minor\":2}", "{\"minor\": 2, \"micro\": 1}");
}

static void errors_are_found_in_tokens(void **state)
{
	(void)state;
	EXPECT("%p {}", "stray '%'; {}");
	EXPECT("A 1 {}", "stray 'A'; {}"); /* skipped until a bracket */
	EXPECT("01 ,{}", "stray '01'; expecting value; {}");
	EXPECT("- 1:{}", "stray '- '; expecting value; {}");
	EXPECT("1.\n\n2 ", "stray '1.\n'; 2");
	EXPECT("{\xff\n{}", "stray '\xff'; {}");
	EXPECT("{\x01{}", "stray '\x01'; {}");
	EXPECT("[\"a\xff\x01 3 ", "stray '\"a\xff'; stray '\x01'");
	EXPECT("\"a\nb c {}", "stray '\"a\n'; {}"); /* not until the next line */
	EXPECT("\"\\\n\n3 ", "stray '\"\\\n'; 3");
	EXPECT("\"a\0\n3 ", "stray '\"a'; 3");
	EXPECT("1e+\n\n3 ", "stray '1e+\n'; 3");
	EXPECT("0e5 ", "0; invalid keyword 'e'; 5");
}

static void errors_are_found_in_values(void **state)
{
	(void)state;
	EXPECT("{]{}", "expecting value; {}");
	EXPECT("}]{}", "expecting value; expecting value; {}");
	EXPECT("[}{}", "expecting value; {}");
	EXPECT("[1 2]", "expected separator in list");
	EXPECT("{\"a\":1 \"b\"}", "expected separator in dict");
	EXPECT("{\"a\" 1}", "missing : in object pair");
	EXPECT("{1:1}", "key is not a string in object");
	EXPECT("{\"a\":1,\"a\":2}", "duplicate key");
	EXPECT("[1,]", "expecting value");
	EXPECT("{\"a\":1,}", "expecting value");
	EXPECT("{\"a\":}", "expecting value");
	EXPECT("nul ", "invalid keyword 'nul'");
	EXPECT("{null:x}", "key is not a string in object");
	EXPECT("{x:1}", "invalid keyword 'x'");
	EXPECT("\"\\q\"", "invalid escape sequence in string");
	EXPECT("\"\\u12\"", "\\u12\" is not a valid Unicode character");
	EXPECT("\"\\ud800x\"", "\\ud800 is not a valid Unicode character");
	EXPECT("\"\\ud800\\u0041\"", "\\ud800 is not a valid Unicode character");
	EXPECT("\"\\ufffe\"", "\\ufffe is not a valid Unicode character");
	EXPECT("\"\xc3\"", "invalid UTF-8 sequence in string");
	EXPECT("\"\xed\xa0\x80\"", "invalid UTF-8 sequence in string");
	EXPECT("\"\xc1\x81\"", "invalid UTF-8 sequence in string");
	EXPECT("\"\xf4\x90\x80\x80\"", "invalid UTF-8 sequence in string");
	EXPECT("\"\xfd\xbf\xbf\xbf\xbf\xbf\"", "invalid UTF-8 sequence in string");
}

static void repeat(struct buffer *out, const char *text, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_false(buffer_put(out, text, strlen(text)));
}

/* Feed what was repeated, as a whole. */
static void expect_of(struct buffer *bytes, const char *results)
{
	expect_at((const char *)buffer_bytes(bytes), bytes->len, 0, results);
	buffer_free(bytes);
}

static void values_have_limits(void **state)
{
	enum { TOKENS = 2 << 20, BYTES = 64 << 20 };
	struct buffer bytes = { 0 };

	(void)state;
	repeat(&bytes, "[", 1024);
	repeat(&bytes, "}{}", 1);
	expect_of(&bytes, "expecting value; {}");
	repeat(&bytes, "{\"a\":", 1024);
	repeat(&bytes, "[}", 1);
	expect_of(&bytes, "JSON nesting depth limit exceeded; expecting value");
	repeat(&bytes, "[", 1);
	repeat(&bytes, "0,", TOKENS / 2);
	repeat(&bytes, "{}", 1);
	expect_of(&bytes, "JSON token count limit exceeded; {}");
	repeat(&bytes, "\"", 1);
	repeat(&bytes, "12345678", BYTES / 8);
	repeat(&bytes, "{}", 1);
	expect_of(&bytes, "JSON token size limit exceeded; {}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(members_are_in_qemus_order),
		cmocka_unit_test(errors_are_found_in_tokens),
		cmocka_unit_test(errors_are_found_in_values),
		cmocka_unit_test(values_have_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
