/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_feed.h - read JSON objects from a stream of bytes
 *
 * json-c's incremental tokener parses them; this file adds limits, and recovery after
 * invalid input. An object may span several lines, and a line may have several objects.
 * Invalid input is reported once, and skipped up to the end of its line. So a client
 * reaches a known state with any byte that is no JSON, such as 0xff, and a line end.
 *
 * Shape:   JSON in UTF-8. Bytes below 0x20 end an object, except blanks between its tokens.
 *          If a name occurs twice, its last value counts. A NUL in a name ends the name. A
 *          half of a surrogate pair becomes U+FFFD. An integer beyond 64 bits is invalid.
 *          Strings can be in single quotes, as for QEMU.
 * Memory:  the caller owns an object and releases it with json_object_put().
 * Limits:  of one object: 64 MiB, 2097152 brackets, colons and commas, 1024 levels.
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: nothing was read. */
struct json_feed {
	json_tokener *tokener; /* of the incomplete object; owned */
	size_t bytes, marks;   /* read of it; marks: its structure */
	char quote;	       /* of the string; 0: outside of strings */
	bool escaped;
	struct {
		uint64_t value;
		bool is_negative, is_real, is_beyond;
	} number;
	bool skipping;	   /* up to the end of the line */
	const char *error; /* the last one */
};

enum json_feed_result { JSON_FEED_MORE, JSON_FEED_VALUE, JSON_FEED_ERROR };

/* Forget the incomplete object, and release memory. */
void json_feed_free(struct json_feed *feed);

/* Consume bytes up to the end of an object or an error. *used receives the number of
 * consumed bytes. MORE: all were consumed, but for an incomplete character at the end, which
 * the caller passes again with what follows it. VALUE: *value is the object. ERROR:
 * feed->error is the text. */
enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value);
