// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/cursor.h"
#include "wire/energy.h"

enum { HEADER_VERSION = 1, PADDING = ENERGY_HEADER_BYTES - 8 - 8 - 1 };

void energy_encode(struct builder *b, const struct energy_attr *attrs, size_t n)
{
	static const uint8_t padding[PADDING];

	builder_be64(b, n);
	builder_be64(b, ENERGY_HEADER_BYTES);
	builder_u8(b, HEADER_VERSION);
	builder_bytes(b, padding, PADDING);
	for (; n--; attrs++) {
		builder_be64(b, attrs->id);
		builder_be64(b, attrs->value);
		builder_bytes(b, attrs->description, ENERGY_TEXT_BYTES);
		builder_bytes(b, attrs->value_text, ENERGY_TEXT_BYTES);
	}
}

static void energy_read_text(struct cursor *c, char text[ENERGY_TEXT_BYTES])
{
	const uint8_t *bytes = cursor_bytes(c, ENERGY_TEXT_BYTES);

	memcpy(text, bytes ? bytes : (const uint8_t *)"", bytes ? ENERGY_TEXT_BYTES : 1);
	text[ENERGY_TEXT_BYTES - 1] = '\0';
}

int energy_decode(const void *bytes, size_t len, struct energy_attr *attrs, size_t max)
{
	struct cursor c = cursor_of(bytes, len);
	uint64_t n = cursor_be64(&c), offset = cursor_be64(&c);

	if (c.err || offset > len || n > (len - offset) / ENERGY_ATTR_BYTES || n > max)
		return -EINVAL;
	c = cursor_of((const uint8_t *)bytes + offset, len - (size_t)offset);
	for (uint64_t i = 0; i < n; i++) {
		attrs[i].id = cursor_be64(&c);
		attrs[i].value = cursor_be64(&c);
		energy_read_text(&c, attrs[i].description);
		energy_read_text(&c, attrs[i].value_text);
	}
	return (int)n;
}
