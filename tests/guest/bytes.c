// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "proto.h"

uint8_t *bytes_room(struct bytes *b, size_t len)
{
	size_t cap = b->cap ? b->cap : 256;

	if (b->len && b->data != b->buf)
		memmove(b->buf, b->data, b->len);
	while (cap - b->len < len)
		cap *= 2;
	if (cap != b->cap) {
		b->buf = realloc(b->buf, cap);
		if (!b->buf)
			err(EXIT_HARNESS, "%zu bytes", cap);
		b->cap = cap;
	}
	b->data = b->buf;

	return b->buf + b->len;
}

void bytes_added(struct bytes *b, size_t len)
{
	b->len += len;
}

void bytes_append(struct bytes *b, const void *data, size_t len)
{
	uint8_t *room = bytes_room(b, len);

	if (len)
		memcpy(room, data, len);
	b->len += len;
}

void bytes_drop(struct bytes *b, size_t len)
{
	if (len)
		b->data += len;
	b->len -= len;
}

void bytes_free(struct bytes *b)
{
	free(b->buf);
	*b = (struct bytes){ 0 };
}
