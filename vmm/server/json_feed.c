// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>

#include "vmm/server/json_feed.h"

enum {
	MAX_BYTES = 1 << 20,
	MAX_DEPTH = 128,
};

int json_feed_init(struct json_feed *feed)
{
	*feed = (struct json_feed){ .tokener = json_tokener_new_ex(MAX_DEPTH) };
	if (!feed->tokener)
		return -ENOMEM;
	json_tokener_set_flags(feed->tokener, JSON_TOKENER_VALIDATE_UTF8);
	return 0;
}

void json_feed_reset(struct json_feed *feed)
{
	json_tokener_reset(feed->tokener);
	feed->len = 0;
	feed->lost = false;
}

void json_feed_free(struct json_feed *feed)
{
	if (feed->tokener)
		json_tokener_free(feed->tokener);
	feed->tokener = NULL;
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_alien(uint8_t c)
{
	return (c < ' ' && !is_blank(c)) || c > 0xfd;
}

/* Count the blanks before a value, or after an error the remainder of the line. */
static size_t skip(struct json_feed *feed, const uint8_t *bytes, size_t len)
{
	size_t n = 0;

	for (; n < len && (feed->lost || is_blank(bytes[n])); n++)
		if (bytes[n] == '\n' || is_alien(bytes[n]))
			feed->lost = false;
	return n;
}

/* Return the length of the next piece for the tokener. A piece has only ASCII, or only
 * other bytes: the tokener cannot continue within a character, and it reads the byte
 * after a value. */
static size_t piece(const uint8_t *bytes, size_t len)
{
	size_t n = 1;

	while (n < len && !is_alien(bytes[n]) && !((*bytes ^ bytes[n]) & 0x80))
		n++;
	return n;
}

static enum json_feed_result parse(struct json_feed *feed, const uint8_t *bytes, size_t n,
				   size_t *used, json_object **value, const char **words)
{
	enum json_tokener_error err;

	*value = json_tokener_parse_ex(feed->tokener, (const char *)bytes, (int)n);
	*used = json_tokener_get_parse_end(feed->tokener);
	feed->len += *used;
	err = json_tokener_get_error(feed->tokener);
	*words = feed->len > MAX_BYTES ? "too long" : json_tokener_error_desc(err);
	if (feed->len <= MAX_BYTES && err == json_tokener_continue)
		return JSON_FEED_MORE;
	if (feed->len <= MAX_BYTES && err == json_tokener_success) {
		feed->len = 0;
		return JSON_FEED_VALUE;
	}
	json_object_put(*value);
	*value = NULL;
	json_feed_reset(feed);
	feed->lost = true;
	return JSON_FEED_ERROR;
}

enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value, const char **words)
{
	size_t n;

	*value = NULL;
	*used = feed->len ? 0 : skip(feed, bytes, len);
	if (*used)
		return JSON_FEED_MORE;
	if (is_alien(*bytes)) {
		json_feed_reset(feed);
		*used = 1;
		*words = json_tokener_error_desc(json_tokener_error_parse_unexpected);
		return JSON_FEED_ERROR;
	}
	n = piece(bytes, len);
	if (*bytes >= 0x80 && n == len && feed->len + n <= MAX_BYTES)
		return JSON_FEED_MORE;
	return parse(feed, bytes, n, used, value, words);
}
