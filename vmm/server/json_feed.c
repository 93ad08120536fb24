// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/json_feed.h"
#include "vmm/server/json_parse.h"

enum {
	MAX_BYTES = 64 << 20,
	MAX_TOKENS = 2 << 20,
	MAX_DEPTH = 1024,
};

/* What was read of a token. The last three are results of a step. */
enum json_feed_state {
	START, /* nothing */
	RECOVERY,
	STRING,
	ESCAPE,
	SIGN,
	ZERO,
	DIGITS,
	POINT,
	FRACTION,
	EXPONENT,
	EXPONENT_SIGN,
	EXPONENT_DIGITS,
	WORD,
	BAD,   /* no token contains this byte at this place */
	LAST,  /* the byte ends the token */
	AFTER, /* the token ended before the byte */
};

/* ---- Tokens ---------------------------------------------------------------------------- */

static bool is_structure(uint8_t c)
{
	return c && strchr("{}[]:,", c);
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_in_string(uint8_t c)
{
	return c >= ' ' && c <= 0xfd;
}

static enum json_feed_state digit_or(uint8_t c, enum json_feed_state of_digit,
				     enum json_feed_state otherwise)
{
	return is_digit(c) ? of_digit : otherwise;
}

static enum json_feed_state begin(struct json_feed *feed, uint8_t c)
{
	if (is_structure(c))
		return LAST;
	switch (c) {
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return START;
	case '"':
	case '\'':
		feed->quote = c;
		return STRING;
	case '-':
		return SIGN;
	case '0':
		return ZERO;
	default:
		return c >= 'a' && c <= 'z' ? WORD : digit_or(c, DIGITS, BAD);
	}
}

static enum json_feed_state recover(uint8_t c)
{
	bool ends = is_structure(c) || (c < ' ' && c != '\t') || c > 0xfd;

	return ends ? AFTER : RECOVERY;
}

static enum json_feed_state in_string(const struct json_feed *feed, uint8_t c)
{
	if (!is_in_string(c))
		return BAD;
	if (c == '\\')
		return ESCAPE;
	return c == feed->quote ? LAST : STRING;
}

/* Continue a number that may end here. */
static enum json_feed_state in_number(enum json_feed_state state, uint8_t c)
{
	if (is_digit(c))
		return state == ZERO ? BAD : state;
	if (c == '.' && (state == ZERO || state == DIGITS))
		return POINT;
	if ((c == 'e' || c == 'E') && (state == DIGITS || state == FRACTION))
		return EXPONENT;
	return AFTER;
}

static enum json_feed_state step(struct json_feed *feed, uint8_t c)
{
	enum json_feed_state state = (enum json_feed_state)feed->state;

	switch (state) {
	case START:
		return begin(feed, c);
	case RECOVERY:
		return recover(c);
	case STRING:
		return in_string(feed, c);
	case ESCAPE:
		return is_in_string(c) ? STRING : BAD;
	case SIGN:
		return c == '0' ? ZERO : digit_or(c, DIGITS, BAD);
	case POINT:
		return digit_or(c, FRACTION, BAD);
	case EXPONENT:
		return c == '+' || c == '-' ? EXPONENT_SIGN
					    : digit_or(c, EXPONENT_DIGITS, BAD);
	case EXPONENT_SIGN:
		return digit_or(c, EXPONENT_DIGITS, BAD);
	case WORD:
		return c >= 'a' && c <= 'z' ? WORD : AFTER;
	default:
		return in_number(state, c);
	}
}

/* ---- Values ------------------------------------------------------------------------------ */

static void drop(struct buffer *b)
{
	buffer_take(b, b->len);
}

/* Forget the value. A large buffer is not kept. */
static void forget(struct json_feed *feed)
{
	enum { KEPT_BYTES = 1 << 16 };

	drop(&feed->tokens);
	drop(&feed->token);
	if (feed->tokens.size > KEPT_BYTES)
		buffer_free(&feed->tokens);
	if (feed->token.size > KEPT_BYTES)
		buffer_free(&feed->token);
	feed->n = feed->bytes = 0;
	feed->braces = feed->brackets = 0;
}

void json_feed_free(struct json_feed *feed)
{
	buffer_free(&feed->tokens);
	buffer_free(&feed->token);
	free(feed->error);
	*feed = (struct json_feed){ 0 };
}

static enum json_feed_result fail(struct json_feed *feed, const char *before,
				  const char *words, const char *after)
{
	if (asprintf(&feed->error, "%s%s%s", before, words, after) < 0)
		feed->error = NULL;
	forget(feed);
	return JSON_FEED_ERROR;
}

static enum json_feed_result fail_at_byte(struct json_feed *feed)
{
	if (buffer_put(&feed->token, "", 1))
		return fail(feed, "out of memory", "", "");
	return fail(feed, "JSON parse error, stray '",
		    (const char *)buffer_bytes(&feed->token), "'");
}

static void count_brackets(struct json_feed *feed, uint8_t c)
{
	feed->braces += (c == '{') - (c == '}');
	feed->brackets += (c == '[') - (c == ']');
}

static bool is_open(const struct json_feed *feed)
{
	return feed->braces >= 0 && feed->brackets >= 0 && feed->braces + feed->brackets;
}

/* The token is complete. Parse the value if it is, too. */
static enum json_feed_result complete(struct json_feed *feed, json_object **value)
{
	struct buffer *token = &feed->token;

	count_brackets(feed, *buffer_bytes(token));
	if (feed->bytes + token->len + 1 > MAX_BYTES)
		return fail(feed, "JSON token size limit exceeded", "", "");
	if (feed->n + 1 > MAX_TOKENS)
		return fail(feed, "JSON token count limit exceeded", "", "");
	if (feed->braces + feed->brackets > MAX_DEPTH)
		return fail(feed, "JSON nesting depth limit exceeded", "", "");
	feed->n++;
	feed->bytes += token->len;
	if (buffer_put(token, "", 1) ||
	    buffer_put(&feed->tokens, buffer_bytes(token), token->len))
		return fail(feed, "out of memory", "", "");
	drop(token);
	if (is_open(feed))
		return JSON_FEED_MORE;
	feed->error =
		json_parse((const char *)buffer_bytes(&feed->tokens), feed->n, value);
	forget(feed);
	return feed->error ? JSON_FEED_ERROR : JSON_FEED_VALUE;
}

/* Process a byte, unless *consumed becomes false. */
static enum json_feed_result feed_byte(struct json_feed *feed, uint8_t c, bool *consumed,
				       json_object **value)
{
	enum json_feed_state before = (enum json_feed_state)feed->state,
			     now = step(feed, c);

	*consumed = now != AFTER;
	feed->state = now == BAD ? RECOVERY : now < BAD ? now : START;
	if (now == START || now == RECOVERY || before == RECOVERY)
		return JSON_FEED_MORE;
	if (*consumed && buffer_put(&feed->token, &c, 1))
		return fail(feed, "out of memory", "", "");
	if (now == BAD)
		return fail_at_byte(feed);
	if (now == LAST || now == AFTER)
		return complete(feed, value);
	if (feed->token.len <= MAX_BYTES)
		return JSON_FEED_MORE;
	feed->state = START;
	return fail(feed, "JSON token size limit exceeded", "", "");
}

enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value)
{
	enum json_feed_result result = JSON_FEED_MORE;
	bool consumed;

	*value = NULL;
	free(feed->error);
	feed->error = NULL;
	for (*used = 0; *used < len && result == JSON_FEED_MORE; *used += consumed)
		result = feed_byte(feed, bytes[*used], &consumed, value);
	return result;
}
