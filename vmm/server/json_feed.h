/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_feed.h - JSON values out of a stream of bytes
 *
 * json-c's tokener, and what it leaves to its user: where to go on after bytes that are
 * no JSON, and how much is too much. A value may have several lines, a line several
 * values. After an error reading goes on behind the end of the line. A byte that JSON
 * cannot contain, a control character or 0xfe or 0xff, drops what was not complete: by
 * that a client gets to a known state.
 *
 * Shape:   what json-c takes when it is not strict, strings in single quotes among it.
 * Memory:  a value is the caller's, to be released with json_object_put().
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
	size_t len; /* of the value that is being read */
	bool lost;  /* until the end of the line */
};

enum json_feed_result { JSON_FEED_MORE, JSON_FEED_VALUE, JSON_FEED_ERROR };

int json_feed_init(struct json_feed *feed); /* 0 or -ENOMEM */
void json_feed_reset(struct json_feed *feed);
void json_feed_free(struct json_feed *feed);

/* Takes bytes, at least one, up to the end of a value or an error at most; *used of them
 * are done with, which can be none. MORE and none: more must come first. VALUE: *value
 * (NULL is JSON's null). ERROR: *words is a constant. */
enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value, const char **words);
