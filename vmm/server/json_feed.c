// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/json_feed.h"

enum {
	MAX_BYTES = 1 << 20,
	MAX_TOKENS = 65536,
	MAX_DEPTH = 128,
};

/* Where in a token. The last four are no places, but what a byte does. */
enum place {
	START,
	RECOVERY, /* after an error */
	DOUBLE,	  /* quotes */
	DOUBLE_ESCAPE,
	SINGLE,
	SINGLE_ESCAPE,
	MINUS,
	ZERO,
	DIGITS,
	POINT,
	FRACTION,
	EXPONENT,
	EXPONENT_SIGN,
	EXPONENT_DIGITS,
	KEYWORD,
	SKIP,	    /* belongs to nothing */
	END_WITH,   /* the last of the token */
	END_BEFORE, /* the first behind it */
	ERROR,
};

static bool is_punctuation(uint8_t c)
{
	return c && strchr("{}[],:", c);
}

static bool is_keyword(uint8_t c)
{
	return c >= 'a' && c <= 'z';
}

static enum place at_start(uint8_t c)
{
	if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		return SKIP;
	if (is_punctuation(c))
		return END_WITH;
	if (c == '"' || c == '\'')
		return c == '"' ? DOUBLE : SINGLE;
	if (c == '-')
		return MINUS;
	if (isdigit(c))
		return c == '0' ? ZERO : DIGITS;
	return is_keyword(c) ? KEYWORD : ERROR;
}

static enum place in_string(enum place place, uint8_t c)
{
	bool is_double = place == DOUBLE || place == DOUBLE_ESCAPE;

	if (c < ' ' || c > 0xfd)
		return ERROR;
	if (place == DOUBLE_ESCAPE || place == SINGLE_ESCAPE)
		return is_double ? DOUBLE : SINGLE;
	if (c == '\\')
		return is_double ? DOUBLE_ESCAPE : SINGLE_ESCAPE;
	return c == (is_double ? '"' : '\'') ? END_WITH : place;
}

static enum place in_number(enum place place, uint8_t c)
{
	bool digit = isdigit(c), e = c == 'e' || c == 'E';

	switch (place) {
	case MINUS:
		return c == '0' ? ZERO : digit ? DIGITS : ERROR;
	case ZERO:
		return digit ? ERROR : c == '.' ? POINT : e ? EXPONENT : END_BEFORE;
	case DIGITS:
		return digit ? DIGITS : c == '.' ? POINT : e ? EXPONENT : END_BEFORE;
	case POINT:
		return digit ? FRACTION : ERROR;
	case FRACTION:
		return digit ? FRACTION : e ? EXPONENT : END_BEFORE;
	case EXPONENT:
		if (c == '+' || c == '-')
			return EXPONENT_SIGN;
		return digit ? EXPONENT_DIGITS : ERROR;
	case EXPONENT_SIGN:
		return digit ? EXPONENT_DIGITS : ERROR;
	default:
		return digit ? EXPONENT_DIGITS : END_BEFORE;
	}
}

/* Clients may send a byte that no UTF-8 has to force a known state. */
static enum place in_recovery(uint8_t c)
{
	bool known = is_punctuation(c) || (c < ' ' && c != '\t') || c > 0xfd;

	return known ? at_start(c) : SKIP;
}

static enum place step(enum place place, uint8_t c)
{
	switch (place) {
	case START:
		return at_start(c);
	case RECOVERY:
		return in_recovery(c);
	case DOUBLE:
	case DOUBLE_ESCAPE:
	case SINGLE:
	case SINGLE_ESCAPE:
		return in_string(place, c);
	case KEYWORD:
		return is_keyword(c) ? KEYWORD : END_BEFORE;
	default:
		return in_number(place, c);
	}
}

static void start_over(struct json_feed *feed, enum place place)
{
	feed->state = place;
	feed->len = feed->token_start = 0;
	feed->n = 0;
	feed->braces = feed->brackets = 0;
}

static enum json_feed_result fail(struct json_feed *feed, enum place then, char **words,
				  const char *what)
{
	if (asprintf(words, "JSON parse error, %s", what) < 0)
		*words = NULL;
	start_over(feed, then);
	return JSON_FEED_ERROR;
}

static enum json_feed_result fail_limit(struct json_feed *feed, char **words,
					const char *what)
{
	*words = strdup(what);
	start_over(feed, RECOVERY);
	return JSON_FEED_ERROR;
}

static enum json_feed_result fail_stray(struct json_feed *feed, char **words)
{
	if (asprintf(words, "JSON parse error, stray '%.*s'",
		     (int)(feed->len - feed->token_start),
		     feed->text + feed->token_start) < 0)
		*words = NULL;
	start_over(feed, RECOVERY);
	return JSON_FEED_ERROR;
}

static bool append(struct json_feed *feed, uint8_t c)
{
	if (feed->len + 1 >= feed->size) {
		size_t size = feed->size ? feed->size * 2 : 256;
		char *text = realloc(feed->text, size);

		if (!text)
			return false;
		feed->text = text;
		feed->size = size;
	}
	feed->text[feed->len++] = (char)c;
	return true;
}

static enum json_token_type token_type(char first)
{
	if (is_punctuation((uint8_t)first))
		return JSON_TOKEN_PUNCTUATION;
	if (first == '"' || first == '\'')
		return JSON_TOKEN_STRING;
	return is_keyword((uint8_t)first) ? JSON_TOKEN_KEYWORD : JSON_TOKEN_NUMBER;
}

static bool add_token(struct json_feed *feed)
{
	struct json_token *token;
	char first = feed->text[feed->token_start];

	if (feed->n == feed->max) {
		size_t max = feed->max ? feed->max * 2 : 32;

		token = reallocarray(feed->tokens, max, sizeof(*token));
		if (!token)
			return false;
		feed->tokens = token;
		feed->max = max;
	}
	token = &feed->tokens[feed->n++];
	*token = (struct json_token){ token_type(first), feed->token_start,
				      feed->len - feed->token_start };
	feed->braces += first == '{' ? 1 : first == '}' ? -1 : 0;
	feed->brackets += first == '[' ? 1 : first == ']' ? -1 : 0;
	feed->token_start = feed->len;
	return true;
}

/* One too many at the end ends a value, too: it is wrong then. */
static bool is_complete(const struct json_feed *feed)
{
	return feed->braces < 0 || feed->brackets < 0 ||
	       (!feed->braces && !feed->brackets);
}

static enum json_feed_result end_token(struct json_feed *feed, json_object **value,
				       char **words)
{
	int err;

	feed->state = START;
	if (!add_token(feed))
		return fail(feed, RECOVERY, words, "out of memory");
	if (feed->n > MAX_TOKENS)
		return fail_limit(feed, words, "JSON token count limit exceeded");
	if (feed->braces + feed->brackets > MAX_DEPTH)
		return fail_limit(feed, words, "JSON nesting depth limit exceeded");
	if (!is_complete(feed))
		return JSON_FEED_MORE;
	err = json_parse(feed->text, feed->tokens, feed->n, value, words);
	start_over(feed, START);
	return err ? JSON_FEED_ERROR : JSON_FEED_VALUE;
}

/* *again: the byte is still to be looked at. */
static enum json_feed_result take(struct json_feed *feed, uint8_t c, bool *again,
				  json_object **value, char **words)
{
	enum place next = step((enum place)feed->state, c);

	*again = next == END_BEFORE;
	if (next == SKIP) {
		feed->state = feed->state == RECOVERY && (c == '\n' || c == '\r')
				      ? START
				      : feed->state;
		return JSON_FEED_MORE;
	}
	if (next == END_BEFORE)
		return end_token(feed, value, words);
	if (feed->len >= MAX_BYTES)
		return fail_limit(feed, words, "JSON token size limit exceeded");
	if (!append(feed, c))
		return fail(feed, RECOVERY, words, "out of memory");
	if (next == END_WITH)
		return end_token(feed, value, words);
	if (next == ERROR)
		return fail_stray(feed, words);
	feed->state = next;
	return JSON_FEED_MORE;
}

enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value, char **words)
{
	enum json_feed_result result = JSON_FEED_MORE;
	bool again;

	*value = NULL;
	*words = NULL;
	for (*used = 0; *used < len && result == JSON_FEED_MORE;) {
		result = take(feed, bytes[*used], &again, value, words);
		*used += !again;
	}
	return result;
}

void json_feed_free(struct json_feed *feed)
{
	free(feed->text);
	free(feed->tokens);
	*feed = (struct json_feed){ 0 };
}
