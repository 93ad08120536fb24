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
	const uint64_t limit = feed->number.is_negative ? INT64_MAX + 1ULL : UINT64_MAX;

	if (c >= '0' && c <= '9') {
		feed->number.is_beyond |= feed->number.value > (limit - (c - '0')) / 10;
		feed->number.value = 10 * feed->number.value + c - '0';
		return NULL;
	}
	if (strchr("-+.eE", c)) {
		feed->number.is_real |= c != '-';
		feed->number.is_negative |= c == '-';
		return NULL;
	}
	if (feed->number.is_beyond && !feed->number.is_real)
		return error_text(json_tokener_error_parse_number);
	memset(&feed->number, 0, sizeof(feed->number));
	return NULL;
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

/* Write a byte of a string in single quotes as double ones need it. Return the end. */
static uint8_t *requote(uint8_t *to, bool was_escaped, uint8_t c)
{
	if (was_escaped && c == '\'')
		return mempcpy(to, "u0027", 5);
	if (!was_escaped && c == '"')
		*to++ = '\\';
	*to = c == '\'' ? '"' : c;
	return to + 1;
}

/* Bytes of an object up to a quote, or a bracket at which the object may end. */
struct piece {
	const uint8_t *bytes; /* for the tokener */
	size_t len, used;     /* of them; of the input */
	bool in_string;
	const char *error; /* of the next byte, or NULL */
};

/* Follow the structure over a piece. The tokener must not see single quotes, so copy receives
 * up to five bytes for each byte. copy: NULL if the piece has no single quotes. */
static struct piece follow_piece(struct json_feed *feed, const uint8_t *bytes, size_t len,
				 uint8_t *copy)
{
	const char quote = feed->quote;
	struct piece piece = { .bytes = copy ? copy : bytes, .in_string = quote };

	while (piece.used < len) {
		const bool was_escaped = feed->escaped;
		const uint8_t c = bytes[piece.used];

		piece.error = follow(feed, c);
		if (piece.error)
			break;
		piece.used++;
		if (quote == '\'' || feed->quote == '\'')
			copy = requote(copy, was_escaped, c);
		else if (copy)
			*copy++ = c;
		if (feed->quote != quote || (c == '}' && !quote))
			break;
	}
	piece.len = copy ? (size_t)(copy - piece.bytes) : piece.used;
	return piece;
}

/* Parse a piece. At an error in it, only the bytes before are used. In a string, strict json-c
 * 0.18 rejects each character that is not ASCII; follow() finds what is invalid. */
static enum json_feed_result parse(struct json_feed *feed, struct piece *piece,
				   json_object **value)
{
	enum json_tokener_error error;
	size_t end;

	json_tokener_set_flags(feed->tokener,
			       piece->in_string ? FLAGS : FLAGS | JSON_TOKENER_STRICT);
	*value = json_tokener_parse_ex(feed->tokener, (const char *)piece->bytes,
				       (int)piece->len);
	error = json_tokener_get_error(feed->tokener);
	end = json_tokener_get_parse_end(feed->tokener);
	if (error == json_tokener_continue)
		return JSON_FEED_MORE;
	if (end < piece->used)
		piece->used = end;
	if (error != json_tokener_success)
		return fail(feed, error_text(error));
	forget(feed);
	return JSON_FEED_VALUE;
}

enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value)
{
	enum json_feed_result result = JSON_FEED_MORE;
	uint8_t *copy = NULL;

	*value = NULL;
	*used = feed->tokener ? 0 : skip(feed, bytes, len);
	if (*used < len && !feed->tokener) {
		if (bytes[*used] != '{')
			return fail(feed, "QMP input must be a JSON object");
		feed->tokener = json_tokener_new_ex(MAX_DEPTH + 1);
		if (!feed->tokener)
			return fail(feed, "out of memory");
	}
	len -= incomplete(bytes, len);
	if (feed->quote == '\'' || memchr(bytes, '\'', len)) {
		copy = malloc(5 * len + 1);
		if (!copy)
			return fail(feed, "out of memory");
	}
	while (result == JSON_FEED_MORE && *used < len) {
		struct piece piece = follow_piece(feed, bytes + *used, len - *used, copy);

		if (piece.used)
			result = parse(feed, &piece, value);
		*used += piece.used;
		if (result == JSON_FEED_MORE && piece.error)
			result = fail(feed, piece.error);
	}
	free(copy);
	return result;
}
