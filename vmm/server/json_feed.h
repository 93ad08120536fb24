/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_feed.h - read JSON values from a stream of bytes
 *
 * json-c's tokener leaves two tasks to its user: recovery after invalid input, and limits
 * of size. A value may span several lines, and a line may have several values. After an
 * error, reading continues after the end of the line. A byte that JSON cannot contain (a
 * control character, 0xfe or 0xff) discards an incomplete value. Clients send one to
 * reach a known state.
 *
 * Shape:   what json-c accepts when it is not strict, including strings in single quotes.
 * Memory:  the caller owns a value and releases it with json_object_put().
 * Limits:  of one value: 1 MiB, 128 levels.
 * Source:  QMP specification
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_feed {
	json_tokener *tokener;
	size_t len; /* of the current value */
	bool lost;  /* skip until the end of the line */
};

enum json_feed_result { JSON_FEED_MORE, JSON_FEED_VALUE, JSON_FEED_ERROR };

int json_feed_init(struct json_feed *feed); /* 0 or -ENOMEM */
void json_feed_reset(struct json_feed *feed);
void json_feed_free(struct json_feed *feed);

/* Consume bytes (at least one is given) up to the end of a value or an error. *used
 * receives the number of consumed bytes, which may be 0.
 * MORE with 0 bytes used: call again with more bytes. VALUE: *value (NULL is JSON's
 * null). ERROR: *words is a constant string. */
enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value, const char **words);
