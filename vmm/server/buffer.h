/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * buffer.h - bytes that wait: appended at the end, taken from the front
 *
 * Memory:  owned by the buffer; an all-zero struct is an empty one. A pointer into it
 *          is good until bytes are appended.
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct buffer {
	uint8_t *data;
	size_t start, len; /* data[start] is the first of len bytes */
	size_t size;
};

/* Place for len more bytes, which buffer_added() counts in; NULL: out of memory. */
uint8_t *buffer_room(struct buffer *b, size_t len);
void buffer_added(struct buffer *b, size_t len);
/* 0 or -ENOMEM, nothing is appended then. */
int buffer_put(struct buffer *b, const void *bytes, size_t len);
const uint8_t *buffer_bytes(const struct buffer *b);
void buffer_take(struct buffer *b, size_t len);
void buffer_free(struct buffer *b);
