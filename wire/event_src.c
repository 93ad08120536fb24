// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/event_src.h"

enum {
	PLATFORM_AT = 1,
	SRC_HEAD_BYTES = 72, /* version, platform, codes */
	HAS_SUBSECTION = 0x01,
	SUBSECTION_HEAD_BYTES = 4,
	CALLOUT_HEAD_BYTES = 4,
	PART_HEAD_BYTES = 4,
	UNIT_BYTES = 8,
};

/* Flags of an ID part, in the order of its fields. */
enum { HAS_PART_NO = 8, HAS_PROCEDURE = 2, HAS_CCIN = 4, HAS_SERIAL = 1 };

/* Return a cursor for at most len of the remaining bytes. */
static struct cursor event_src_clip(const struct cursor *c, size_t len)
{
	size_t left = cursor_left(c);

	return cursor_of(c->p, len < left ? len : left);
}

static void event_src_read_subsection(struct event_src *src, struct cursor c)
{
	size_t bytes;

	if (cursor_left(&c) < SUBSECTION_HEAD_BYTES)
		return;

	src->sub_id = cursor_u8(&c);
	src->sub_platform = cursor_u8(&c);
	src->sub_words = cursor_be16(&c);
	bytes = (size_t)src->sub_words * 4;
	if (bytes > SUBSECTION_HEAD_BYTES)
		src->callouts = event_src_clip(&c, bytes - SUBSECTION_HEAD_BYTES);
}

int event_src_decode(struct event_src *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	const uint8_t *head = cursor_bytes(&c, SRC_HEAD_BYTES);

	*out = (struct event_src){ .callouts = cursor_of(c.p, 0) };
	if (!head)
		return -EBADMSG;

	if (head[PLATFORM_AT] & HAS_SUBSECTION)
		event_src_read_subsection(out, c);
	return 0;
}

int event_callout_next(struct cursor *callouts, struct event_callout *out)
{
	struct cursor c = *callouts;
	uint8_t flags;

	if (!cursor_left(callouts))
		return 0;

	out->len = cursor_u8(&c);
	flags = cursor_u8(&c);
	out->type = flags >> 4;
	out->has_id = flags & 8;
	out->has_more = flags & 7;
	out->priority = cursor_u8(&c);
	out->location_len = cursor_u8(&c);
	if (c.err || out->len < CALLOUT_HEAD_BYTES || out->len > cursor_left(callouts))
		return -EBADMSG;

	cursor_bytes(callouts, out->len);
	out->parts = event_src_clip(&c, out->len - (size_t)CALLOUT_HEAD_BYTES);
	out->location = cursor_bytes(&out->parts, out->location_len);
	if (!out->location || out->location_len > EVENT_LOCATION_MAX_BYTES)
		return -EBADMSG;
	return 1;
}

int event_part_next(struct cursor *parts, struct event_part *out)
{
	struct cursor c = *parts;

	if (!cursor_left(parts))
		return 0;

	out->id = cursor_be16(&c);
	out->len = cursor_u8(&c);
	out->flags = cursor_u8(&c);
	if (c.err || out->len < PART_HEAD_BYTES || out->len > cursor_left(parts))
		return -EBADMSG;

	cursor_bytes(parts, out->len);
	out->body = event_src_clip(&c, out->len - (size_t)PART_HEAD_BYTES);
	return 1;
}

struct event_part_id_fields event_part_id_decode(const struct event_part *part)
{
	struct event_part_id_fields id = { 0 };
	struct cursor c = part->body;

	if (part->flags & HAS_PART_NO)
		id.part_no = cursor_bytes(&c, 8);
	if (part->flags & HAS_PROCEDURE)
		id.procedure = cursor_bytes(&c, 8);
	if (part->flags & HAS_CCIN)
		id.ccin = cursor_bytes(&c, 4);
	if (part->flags & HAS_SERIAL)
		id.serial = cursor_bytes(&c, 12);
	return id;
}

struct event_mtms event_part_pe_decode(const struct event_part *part, struct cursor *name)
{
	*name = part->body;
	return event_mtms_decode(name);
}

size_t event_part_mr_decode(const struct event_part *part, struct event_unit *units,
			    size_t max)
{
	struct cursor c = part->body;
	size_t count = part->flags & 15, n = 0;

	cursor_bytes(&c, 4);
	for (; n < count && n < max && cursor_left(&c) >= UNIT_BYTES; n++) {
		cursor_bytes(&c, 3);
		units[n].priority = cursor_u8(&c);
		units[n].id = cursor_be32(&c);
	}
	return n;
}
