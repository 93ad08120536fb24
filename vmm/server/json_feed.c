// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
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

/* Follow a number over one byte. json-c takes the nearest one for an integer that does not
 * fit. */
static const char *follow_number(struct json_feed *feed, uint8_t c)
{
	bool is_beyond =
		!feed->number.is_real &&
		(feed->number.is_beyond ||
		 (feed->number.is_negative && feed->number.value > INT64_MAX + 1ULL));

	if (c >= '0' && c <= '9') {
		feed->number.is_beyond |=
			feed->number.value > (UINT64_MAX - (c - '0')) / 10;
		feed->number.value = 10 * feed->number.value + c - '0';
		return NULL;
	}
	if (strchr("-+.eE", c)) {
		feed->number.is_real |= c != '-';
		feed->number.is_negative |= c == '-';
		return NULL;
	}
	memset(&feed->number, 0, sizeof(feed->number));
	return is_beyond ? error_text(json_tokener_error_parse_number) : NULL;
}

/* Follow the structure over one byte. Return NULL, or an error. */
static const char *follow(struct json_feed *feed, uint8_t c)
{
	if (c < ' ' && (feed->quote || !is_blank(c)))
		return "JSON: control character";
	if (++feed->bytes > MAX_BYTES)
		return "JSON: more than 64 MiB";
	if (feed->quote) {
		feed->quote = feed->escaped || c != feed->quote ? feed->quote : 0;
		feed->escaped = !feed->escaped && c == '\\';
		return NULL;
	}
	if (c == 'N' || c == 'I')
		return syntax_error; /* the tokener accepts NaN and Infinity */
	feed->quote = c == '"' || c == '\'' ? (char)c : 0;
	if (strchr("{}[]:,", c) && ++feed->marks > MAX_MARKS)
		return "JSON: more than 2097152 brackets, colons and commas";
	return follow_number(feed, c);
}

/* Convert a byte of a string in single quotes. Return the number of bytes. */
static size_t requote(const struct json_feed *feed, bool was_escaped, uint8_t c,
		      uint8_t *to)
{
	size_t n = 0;

	if (!was_escaped && (c == '\'' || feed->escaped)) {
		*to = '"';
		return !feed->escaped; /* a backslash follows with what it escapes */
	}
	if (c != '\'' && (was_escaped || c == '"'))
		to[n++] = '\\';
	to[n++] = c;
	return n;
}

/* Follow the structure up to a quote, or a bracket at which the object may end. Copy these
 * bytes for the tokener, which must not see single quotes: up to two for each. */
static const char *piece(struct json_feed *feed, const uint8_t *bytes, size_t len,
			 size_t *n, uint8_t *copy, size_t *n_copied)
{
	const char *error = NULL;
	char quote = feed->quote;

	*n_copied = 0;
	for (*n = 0; !error && *n < len; ++*n) {
		bool was_escaped = feed->escaped;

		error = follow(feed, bytes[*n]);
		if (error)
			break;
		if (quote == '\'' || feed->quote == '\'')
			*n_copied +=
				requote(feed, was_escaped, bytes[*n], copy + *n_copied);
		else
			copy[(*n_copied)++] = bytes[*n];
		if (feed->quote != quote || (bytes[*n] == '}' && !quote)) {
			++*n;
			break;
		}
	}
	return error;
}

/* Parse the copy of n bytes of an object, and add the number of parsed ones to *used. In a
 * string, strict json-c 0.18 rejects each character that is not ASCII; follow() finds what is
 * invalid. */
static enum json_feed_result parse(struct json_feed *feed, bool in_string,
				   const uint8_t *bytes, size_t len, size_t n,
				   size_t *used, json_object **value)
{
	enum json_tokener_error error;

	json_tokener_set_flags(feed->tokener,
			       in_string ? FLAGS : FLAGS | JSON_TOKENER_STRICT);
	*value = json_tokener_parse_ex(feed->tokener, (const char *)bytes, (int)len);
	error = json_tokener_get_error(feed->tokener);
	if (json_tokener_get_parse_end(feed->tokener) < len)
		len = json_tokener_get_parse_end(feed->tokener);
	else
		len = n;
	*used += len < n ? len : n;
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
	uint8_t *copy = malloc(2 * len + 1);

	*value = NULL;
	*used = len;
	if (!copy)
		return fail(feed, "out of memory");
	*used = feed->tokener ? 0 : skip(feed, bytes, len);
	if (*used < len && !feed->tokener)
		result = begin(feed, bytes[*used]);
	len -= incomplete(bytes, len);
	while (result == JSON_FEED_MORE && *used < len) {
		size_t n, n_copied;
		bool in_string = feed->quote;
		const char *error =
			piece(feed, bytes + *used, len - *used, &n, copy, &n_copied);

		if (n)
			result = parse(feed, in_string, copy, n_copied, n, used, value);
		if (result == JSON_FEED_MORE && error)
			result = fail(feed, error);
	}
	free(copy);
	return result;
}
