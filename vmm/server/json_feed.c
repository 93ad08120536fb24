// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "vmm/server/json_feed.h"

enum {
	MAX_BYTES = 64 << 20,
	MAX_MARKS = 2 << 20,
	MAX_DEPTH = 1024,
	FLAGS = JSON_TOKENER_ALLOW_TRAILING_CHARS | JSON_TOKENER_VALIDATE_UTF8,
};

void json_feed_free(struct json_feed *feed)
{
	if (feed->tokener)
		json_tokener_free(feed->tokener);
	*feed = (struct json_feed){ 0 };
}

/* Forget the object, and with it a buffer that may be large. */
static void forget(struct json_feed *feed)
{
	const char *error = feed->error;

	json_feed_free(feed);
	feed->error = error;
}

static enum json_feed_result fail(struct json_feed *feed, const char *error)
{
	forget(feed);
	feed->error = error;
	feed->skipping = true;
	return JSON_FEED_ERROR;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Consume what is between objects. */
static size_t skip(struct json_feed *feed, const uint8_t *bytes, size_t len)
{
	size_t n = 0;

	for (; n < len && (feed->skipping || is_blank(bytes[n])); n++)
		feed->skipping = feed->skipping && bytes[n] != '\n';
	return n;
}

/* Return the number of bytes at the end that are the beginning of a character. The tokener
 * checks characters only within one call. */
static size_t incomplete(const uint8_t *bytes, size_t len)
{
	for (size_t n = 1; n <= 3 && n <= len; n++) {
		uint8_t c = bytes[len - n];
		size_t whole = c >= 0xf8   ? 1 /* no character begins so */
			       : c >= 0xf0 ? 4
			       : c >= 0xe0 ? 3
			       : c >= 0xc0 ? 2
					   : 1;

		if (c < 0x80 || c >= 0xc0)
			return whole > n ? n : 0;
	}
	return 0;
}

static const char syntax_error[] = "JSON: syntax error";

/* Follow the structure over one byte. Return NULL, or an error. */
static const char *follow(struct json_feed *feed, uint8_t c)
{
	if (c < ' ' && (feed->in_string || !is_blank(c)))
		return "JSON: control character";
	if (++feed->bytes > MAX_BYTES)
		return "JSON: more than 64 MiB";
	if (feed->in_string) {
		feed->in_string = feed->escaped || c != '"';
		feed->escaped = !feed->escaped && c == '\\';
		return NULL;
	}
	if (c == '\'')
		return syntax_error; /* the tokener accepts names in such quotes */
	feed->in_string = c == '"';
	if (strchr("{}[]:,", c) && ++feed->marks > MAX_MARKS)
		return "JSON: more than 2097152 brackets, colons and commas";
	return NULL;
}

/* Follow the structure up to a quote, or a bracket at which the object may end. */
static const char *piece(struct json_feed *feed, const uint8_t *bytes, size_t len,
			 size_t *n)
{
	const char *error = NULL;
	bool in_string = feed->in_string;

	for (*n = 0; !error && *n < len; ++*n) {
		error = follow(feed, bytes[*n]);
		if (feed->in_string != in_string || (bytes[*n] == '}' && !in_string)) {
			++*n;
			return error;
		}
	}
	*n -= error != NULL;
	return error;
}

static const char *error_text(enum json_tokener_error error)
{
	switch (error) {
	case json_tokener_error_depth:
		return "JSON: more than 1024 levels";
	case json_tokener_error_parse_utf8_string:
		return "JSON: invalid UTF-8";
	case json_tokener_error_parse_number:
		return "JSON: invalid number";
	default:
		return syntax_error;
	}
}

/* Parse bytes of an object, and add the number of parsed ones to *used. In a string, strict
 * json-c 0.18 rejects each character that is not ASCII; follow() finds what is invalid. */
static enum json_feed_result parse(struct json_feed *feed, bool in_string,
				   const uint8_t *bytes, size_t len, size_t *used,
				   json_object **value)
{
	enum json_tokener_error error;

	json_tokener_set_flags(feed->tokener,
			       in_string ? FLAGS : FLAGS | JSON_TOKENER_STRICT);
	*value = json_tokener_parse_ex(feed->tokener, (const char *)bytes, (int)len);
	error = json_tokener_get_error(feed->tokener);
	*used += json_tokener_get_parse_end(feed->tokener);
	if (error == json_tokener_continue)
		return JSON_FEED_MORE;
	if (error != json_tokener_success)
		return fail(feed, error_text(error));
	forget(feed);
	return JSON_FEED_VALUE;
}

/* Begin an object. */
static enum json_feed_result begin(struct json_feed *feed, uint8_t c)
{
	if (c != '{')
		return fail(feed, "QMP input must be a JSON object");
	feed->tokener = json_tokener_new_ex(MAX_DEPTH + 1);
	if (!feed->tokener)
		return fail(feed, "out of memory");
	return JSON_FEED_MORE;
}

enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value)
{
	enum json_feed_result result = JSON_FEED_MORE;

	*value = NULL;
	*used = feed->tokener ? 0 : skip(feed, bytes, len);
	if (*used < len && !feed->tokener)
		result = begin(feed, bytes[*used]);
	len -= incomplete(bytes, len);
	while (result == JSON_FEED_MORE && *used < len) {
		size_t n;
		bool in_string = feed->in_string;
		const char *error = piece(feed, bytes + *used, len - *used, &n);

		if (n)
			result = parse(feed, in_string, bytes + *used, n, used, value);
		if (result == JSON_FEED_MORE && error)
			result = fail(feed, error);
	}
	return result;
}
