/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * builder.h - bounded writer of big-endian bytes that also counts
 *
 * Bytes that do not fit are counted but not written, as with snprintf: a first pass with
 * an empty buffer returns the size to allocate.
 *
 * Memory:  writes into the caller's buffer; nothing is allocated.
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct builder {
	uint8_t *buf;
	size_t size; /* of buf */
	size_t len;  /* bytes appended so far; may exceed size */
};

static inline struct builder builder_of(void *buf, size_t size)
{
	return (struct builder){ .buf = buf, .size = size };
}

/* Return false if something did not fit. len is then the size that is needed. */
static inline bool builder_fits(const struct builder *b)
{
	return b->len <= b->size;
}

static inline void builder_bytes(struct builder *b, const void *bytes, size_t len)
{
	if (len && b->len <= b->size && len <= b->size - b->len)
		memcpy(b->buf + b->len, bytes, len);
	b->len += len;
}

static inline void builder_u8(struct builder *b, uint8_t v)
{
	builder_bytes(b, &v, 1);
}

static inline void builder_be16(struct builder *b, uint16_t v)
{
	const uint8_t be[2] = { (uint8_t)(v >> 8), (uint8_t)v };

	builder_bytes(b, be, sizeof(be));
}

static inline void builder_be32(struct builder *b, uint32_t v)
{
	const uint8_t be[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8),
				(uint8_t)v };

	builder_bytes(b, be, sizeof(be));
}

static inline void builder_be64(struct builder *b, uint64_t v)
{
	builder_be32(b, (uint32_t)(v >> 32));
	builder_be32(b, (uint32_t)v);
}

/* Append the text with its NUL. */
static inline void builder_str(struct builder *b, const char *s)
{
	builder_bytes(b, s, strlen(s) + 1);
}

/* Append the text without NUL. */
static inline void builder_text(struct builder *b, const char *s)
{
	builder_bytes(b, s, strlen(s));
}
