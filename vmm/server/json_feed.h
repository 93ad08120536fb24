/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_feed.h - JSON values out of a stream of bytes, as QMP takes them
 *
 * A value may have several lines, a line several values; after bytes that are no JSON,
 * reading goes on at the next line or structural character. Which bytes make which error
 * is QEMU's, for clients that try: json-c would neither say it so nor find the end of
 * what it did not understand.
 *
 * Shape:   JSON, and strings in single quotes.
 * Memory:  a value is the caller's, to be released with json_object_put().
 * Limits:  of one value: 1 MiB, 65536 tokens, 128 levels.
 * Source:  QEMU 7.2 (what it answers), QMP specification
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stddef.h>
#include <stdint.h>

enum json_token_type {
	JSON_TOKEN_PUNCTUATION, /* one of {}[],: */
	JSON_TOKEN_STRING,	/* with its quotes */
	JSON_TOKEN_NUMBER,
	JSON_TOKEN_KEYWORD,
};

struct json_token {
	enum json_token_type type;
	size_t start, len; /* in the text */
};

struct json_feed {
	int state;  /* of the token that is being read */
	char *text; /* of all tokens of this value */
	size_t len, size;
	size_t token_start;
	struct json_token *tokens;
	size_t n, max;
	int braces, brackets; /* open ones */
};

enum json_feed_result { JSON_FEED_MORE, JSON_FEED_VALUE, JSON_FEED_ERROR };

/* An all-zero feed is at the start. Takes bytes up to the end of a value or an error;
 * *used of them are done with (all of them if more are needed). VALUE: *value (NULL is
 * JSON's null). ERROR: *words is a text of malloc(), or NULL if there was no memory. */
enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value, char **words);
void json_feed_free(struct json_feed *feed);

/* json_parse.c: one value of these tokens. 0, or -EINVAL (words in *words), -ENOMEM. */
int json_parse(const char *text, const struct json_token *tokens, size_t n,
	       json_object **value, char **words);
