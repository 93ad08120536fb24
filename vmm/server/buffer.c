// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/buffer.h"

enum { MIN_SIZE = 4096 };

uint8_t *buffer_room(struct buffer *b, size_t len)
{
	size_t size = b->size ? b->size : MIN_SIZE;
	uint8_t *data;

	if (len > SIZE_MAX / 4 - b->len)
		return NULL;
	if (b->size - b->start - b->len >= len)
		return b->data + b->start + b->len;
	if (b->start) {
		memmove(b->data, b->data + b->start, b->len);
		b->start = 0;
	}
	while (size < b->len + len)
		size *= 2;
	if (size > b->size) {
		data = realloc(b->data, size);
		if (!data)
			return NULL;
		b->data = data;
		b->size = size;
	}
	return b->data + b->len;
}

void buffer_added(struct buffer *b, size_t len)
{
	b->len += len;
}

int buffer_put(struct buffer *b, const void *bytes, size_t len)
{
	uint8_t *to = buffer_room(b, len);

	if (!to)
		return -ENOMEM;
	if (len)
		memcpy(to, bytes, len);
	buffer_added(b, len);
	return 0;
}

const uint8_t *buffer_bytes(const struct buffer *b)
{
	return b->data + b->start;
}

void buffer_take(struct buffer *b, size_t len)
{
	b->len -= len;
	b->start = b->len ? b->start + len : 0;
}

void buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){ 0 };
}
