/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * buffer.h - a queue of bytes: appended at the end, taken from the front
 *
 * Memory:  owned by the buffer; an all-zero struct is an empty one. A pointer into it
 *          is valid until bytes are appended.
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

/* Return room for len more bytes, or NULL without memory. buffer_added() then appends
 * what was written there. */
uint8_t *buffer_room(struct buffer *b, size_t len);
void buffer_added(struct buffer *b, size_t len);
/* Append the bytes. Return 0, or -ENOMEM: then the buffer is unchanged. */
int buffer_put(struct buffer *b, const void *bytes, size_t len);
const uint8_t *buffer_bytes(const struct buffer *b);
void buffer_take(struct buffer *b, size_t len);
void buffer_free(struct buffer *b);
