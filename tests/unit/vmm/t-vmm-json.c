// SPDX-License-Identifier: GPL-2.0-or-later
/* JSON objects from a stream: values, errors and limits, however the bytes are divided */
#include <stdlib.h>

#include "tests/unit/fakes/test.h"
#include "vmm/server/buffer.h"
#include "vmm/server/json_feed.h"

static const char separator[] = "; ";

static void note(struct buffer *out, const struct json_feed *feed,
		 enum json_feed_result result, json_object *value)
{
	const char *text =
		result == JSON_FEED_VALUE
			? json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN)
			: feed->error;

	if (result == JSON_FEED_MORE)
		return;
	if (out->len)
		assert_false(buffer_put(out, separator, strlen(separator)));
	assert_false(buffer_put(out, text, strlen(text)));
}

/* Feed the bytes. Return the number of those that wait for more. */
static size_t feed_piece(struct buffer *out, struct json_feed *feed, const char *bytes,
			 size_t len)
{
	const uint8_t *at = (const uint8_t *)bytes;
	enum json_feed_result result = JSON_FEED_VALUE;
	json_object *value;
	size_t used;

	while (len && result != JSON_FEED_MORE) {
		result = json_feed(feed, at, len, &used, &value);
		assert_true(used <= len);
		note(out, feed, result, value);
		json_object_put(value);
		at += used;
		len -= used;
	}
	assert_true(len < 4);
	return len;
}

/* Feed the bytes, divided at this place. */
static void expect_at(const char *bytes, size_t len, size_t place, const char *results)
{
	struct json_feed feed = { 0 };
	struct buffer out = { 0 };
	size_t waiting = feed_piece(&out, &feed, bytes, place);

	feed_piece(&out, &feed, bytes + place - waiting, len - place + waiting);
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

static void objects_are_read(void **state)
{
	(void)state;
	EXPECT(" {} {\n}\t{\"a\" : [ ] }\r\n", "{}; {}; {\"a\":[]}");
	EXPECT("{\"a\":[1,-0,10 , -9223372036854775808,18446744073709551615]}",
	       "{\"a\":[1,0,10,-9223372036854775808,18446744073709551615]}");
	EXPECT("{\"a\":[0.1,1e2,2.5E-3,true,false,null]}",
	       "{\"a\":[0.1,1e2,2.5E-3,true,false,null]}");
	EXPECT("{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000}{\"}",
	       "{\"a\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000}{\"}");
	EXPECT("{\"a\":\"\\u00e9\\ud834\\udd1e\xc3\xa9\xf0\x9d\x84\x9e\xe2\x82\xac\"}",
	       "{\"a\":\"\xc3\xa9\xf0\x9d\x84\x9e\xc3\xa9\xf0\x9d\x84\x9e\xe2\x82\xac\"}");
	EXPECT("{\"a\":1,\"a\":2}", "{\"a\":2}");
	EXPECT("{\"a\\u0000b\":1}", "{\"a\":1}");
	EXPECT("{\"a\":\"\\ud800x\"}", "{\"a\":\"\xef\xbf\xbdx\"}");
	EXPECT("{\"a\":", "");
	/* In single quotes, a double quote needs no backslash. */
	EXPECT("{'a':'b'}{ 'c' : \"d'e\" }", "{\"a\":\"b\"}; {\"c\":\"d'e\"}");
	EXPECT("{'it\\'s':'\"\\\"\\\\'}", "{\"it's\":\"\\\"\\\"\\\\\"}");
	EXPECT("{'\\u00e9\xc3\xa9':'}{'}", "{\"\xc3\xa9\xc3\xa9\":\"}{\"}");
	EXPECT("{\"a\":18446744073709551616.5,\"b\":[2e20]}",
	       "{\"a\":18446744073709551616.5,\"b\":[2e20]}");
}

static void an_error_ends_with_its_line(void **state)
{
	static const char object[] = "QMP input must be a JSON object",
			  control[] = "JSON: control character";
	char results[128];

	(void)state;
	EXPECT("5 {}\n{}", "QMP input must be a JSON object; {}");
	EXPECT("}{}\n{}", "QMP input must be a JSON object; {}");
	EXPECT("\xff\n{}", "QMP input must be a JSON object; {}");
	EXPECT("\xc3\xa4 {}\n{}", "QMP input must be a JSON object; {}");
	EXPECT("{\"a\" 1, {}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\" 1\n{}\n", "JSON: syntax error; {}");
	EXPECT("{\"a\":1,}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\":\n}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\":[1 2]}\n{}", "JSON: syntax error; {}");
	EXPECT("{]\n{}", "JSON: syntax error; {}");
	EXPECT("{a:1}\n{}", "JSON: syntax error; {}");
	EXPECT("{1:1}\n{}", "JSON: syntax error; {}");
	EXPECT("{'a:1}\n{}", "JSON: control character; {}");
	EXPECT("{'a\":1}\n{}", "JSON: control character; {}");
	EXPECT("{'a':'b\\q'}\n{}", "JSON: syntax error; {}");
	EXPECT("{'a':'\xc3'}\n{}", "JSON: invalid UTF-8; {}");
	EXPECT("{\"a\":NaN}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\":-Infinity}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\":[18446744073709551616]}\n{}", "JSON: invalid number; {}");
	EXPECT("{\"a\":-9223372036854775809 }\n{}", "JSON: invalid number; {}");
	EXPECT("{\"a\":-99999999999999999999}\n{}", "JSON: invalid number; {}");
	EXPECT("{/**/}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\":\"\\q\"}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\":\"\\u12\"}\n{}", "JSON: syntax error; {}");
	EXPECT("{\"a\":\"\xc3\"}\n{}", "JSON: invalid UTF-8; {}");
	EXPECT("{\"a\":\"\x80\"}\n{}", "JSON: invalid UTF-8; {}");
	EXPECT("{\"a\":\xff\n{}", "JSON: invalid UTF-8; {}");
	/* A line end in a string ends the line, too. */
	EXPECT("{\"a\":\"b\n{}", "JSON: control character; {}");
	EXPECT("{\"a\":\"b\x1f\"}\n{}", "JSON: control character; {}");
	EXPECT("{\0}\n{}", "JSON: control character; {}");
	snprintf(results, sizeof(results), "%s%s%s%s{}", object, separator, control,
		 separator);
	EXPECT("\0\n{\x01\n{}", results);
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

static void objects_have_limits(void **state)
{
	enum { MARKS = 2 << 20, BYTES = 64 << 20, LEVELS = 1024 };
	struct buffer bytes = { 0 };

	(void)state;
	repeat(&bytes, "{\"\":", LEVELS - 1);
	repeat(&bytes, "{\"\" 1}\n{}", 1);
	expect_of(&bytes, "JSON: syntax error; {}");
	repeat(&bytes, "{\"\":", LEVELS);
	repeat(&bytes, "[0]\n{}", 1);
	expect_of(&bytes, "JSON: more than 1024 levels; {}");
	repeat(&bytes, "{\"a\":[0", 1);
	repeat(&bytes, ",0", MARKS);
	repeat(&bytes, "]}\n{}", 1);
	expect_of(&bytes, "JSON: more than 2097152 brackets, colons and commas; {}");
	repeat(&bytes, "{\"", 1);
	repeat(&bytes, "12345678", BYTES / 8);
	repeat(&bytes, "\":1}\n{}", 1);
	expect_of(&bytes, "JSON: more than 64 MiB; {}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_are_read),
		cmocka_unit_test(an_error_ends_with_its_line),
		cmocka_unit_test(objects_have_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
