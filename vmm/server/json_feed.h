/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * json_feed.h - read JSON values from a stream of bytes
 *
 * json-c's tokener leaves three tasks to its user: recovery after invalid input, limits,
 * and error texts. QMP's clients rely on QEMU's, so tokens are read here, as QEMU reads
 * them. A value may span several lines, and a line may have several values. A value ends
 * where its brackets match; only then it is parsed (json_parse.h). A byte that no token
 * can contain ends the value: one error is reported, and bytes are skipped until a bracket,
 * ':', ',' or a control character. Clients send 0xff to reach a known state.
 *
 * Shape:   JSON; strings may be in single quotes; \' is an escape; modified UTF-8.
 * Memory:  the caller owns a value and releases it with json_object_put().
 * Limits:  of one value: 64 MiB, 2097152 tokens, 1024 levels.
 * Source:  QMP specification; replies of QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/server/buffer.h"

/* All zero: nothing was read. */
struct json_feed {
	struct buffer tokens; /* complete ones of the value, each with a NUL after it */
	struct buffer token;  /* the incomplete one */
	size_t n, bytes;      /* of complete tokens, without NULs */
	int braces, brackets; /* that are open */
	int state;
	uint8_t quote; /* that ends the string */
	char *error;   /* owned */
};

enum json_feed_result { JSON_FEED_MORE, JSON_FEED_VALUE, JSON_FEED_ERROR };

/* Forget the incomplete value, and release memory. */
void json_feed_free(struct json_feed *feed);

/* Consume bytes (at least one is given) up to the end of a value or an error. *used
 * receives the number of consumed bytes: 0 if a value ended before the first one. MORE:
 * all were consumed. VALUE: *value (NULL is JSON's null). ERROR: feed->error is the text,
 * until the next call; NULL without memory. */
enum json_feed_result json_feed(struct json_feed *feed, const uint8_t *bytes, size_t len,
				size_t *used, json_object **value);
