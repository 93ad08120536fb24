// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/cas.h"

bool cas_test(const uint8_t *vector, size_t len, unsigned int bit)
{
	unsigned int byte = bit >> 8;

	return byte && byte <= len && (vector[byte - 1] & bit & 0xff);
}

void cas_set(uint8_t *vector, unsigned int bit)
{
	vector[(bit >> 8) - 1] |= bit & 0xff;
}

void cas_begin(struct cas_iter *it, const void *buf, size_t len)
{
	*it = (struct cas_iter){ .c = cursor_of(buf, len), .pvrs_left = CAS_PVRS };
}

/* Read the number of vectors, which follows the processors. */
static int cas_end_pvrs(struct cas_iter *it)
{
	it->pvrs_left = 0;
	it->vectors_left = cursor_u8(&it->c) + 1u;
	return it->c.err ? -EBADMSG : 0;
}

int cas_next_pvr(struct cas_iter *it, struct cas_pvr *out)
{
	if (!it->pvrs_left)
		return cas_end_pvrs(it);

	out->mask = cursor_be32(&it->c);
	out->value = cursor_be32(&it->c);
	if (it->c.err)
		return -EBADMSG;
	if (~out->mask & out->value)
		return cas_end_pvrs(it);

	it->pvrs_left--;
	return 1;
}

int cas_next_vector(struct cas_iter *it, struct cas_vector *out)
{
	if (!it->vectors_left)
		return 0;

	out->len = cursor_u8(&it->c) + 1u;
	out->bytes = cursor_bytes(&it->c, out->len);
	out->number = ++it->number;
	if (it->c.err)
		return -EBADMSG;

	it->vectors_left--;
	return 1;
}

void cas_encode_pvrs(struct builder *b, const struct cas_pvr *pvrs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		builder_be32(b, pvrs[i].mask);
		builder_be32(b, pvrs[i].value);
	}
	builder_be32(b, 0);
	builder_be32(b, UINT32_MAX);
}

void cas_encode_count(struct builder *b, unsigned int vectors)
{
	builder_u8(b, (uint8_t)(vectors - 1));
}

void cas_encode_vector(struct builder *b, const uint8_t *bytes, size_t len)
{
	builder_u8(b, (uint8_t)(len - 1));
	builder_bytes(b, bytes, len);
}
