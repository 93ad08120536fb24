// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/event.h"

enum {
	VERSION_6 = 6,
	EXTENDED_BIT = 1 << 18,
	V6_HEAD_BYTES = 16,
	V6_COMPANY_AT = 12,
	/* Valid, new, big-endian; PowerPC format, platform event log. */
	V6_FLAGS = 0x86,
	V6_FORMAT = 0x8e,
	PH_BYTES = 0x30,
	UH_BYTES = 0x18,
	OUR_SECTIONS = 3,
};

static void put_zeroes(struct builder *b, size_t len)
{
	static const uint8_t zeroes[32];

	builder_bytes(b, zeroes, len);
}

static void put_section_head(struct builder *b, uint16_t id, uint16_t len,
			     uint8_t version)
{
	builder_be16(b, id);
	builder_be16(b, len);
	builder_u8(b, version);
	put_zeroes(b, 3);
}

static void put_fixed(struct builder *b, const struct event_log *log, size_t extended)
{
	builder_be32(b, (uint32_t)VERSION_6 << 24 | (uint32_t)(log->severity & 7) << 21 |
				(uint32_t)(log->disposition & 3) << 19 | EXTENDED_BIT |
				(uint32_t)(log->initiator & 15) << 12 |
				(uint32_t)(log->target & 15) << 8 | log->type);
	builder_be32(b, (uint32_t)extended);
}

static void put_v6_head(struct builder *b)
{
	builder_u8(b, V6_FLAGS);
	builder_u8(b, 0);
	builder_u8(b, V6_FORMAT);
	put_zeroes(b, V6_COMPANY_AT - 3);
	builder_str(b, "IBM");
}

static void put_ph(struct builder *b, const struct event_log *log)
{
	put_section_head(b, EVENT_SECTION_PH, PH_BYTES, 0);
	builder_be32(b, log->date);
	builder_be32(b, log->time);
	put_zeroes(b, 8); /* commit time */
	builder_u8(b, log->creator);
	put_zeroes(b, 2);
	builder_u8(b, OUR_SECTIONS);
	put_zeroes(b, 12); /* creator's version */
	builder_be32(b, log->plid);
	put_zeroes(b, 4);
}

static void put_uh(struct builder *b, const struct event_log *log)
{
	put_section_head(b, EVENT_SECTION_UH, UH_BYTES, 0);
	builder_u8(b, log->subsystem);
	builder_u8(b, 0);
	builder_u8(b, log->event_severity);
	builder_u8(b, log->subtype);
	put_zeroes(b, 12);
}

void event_log_put(struct builder *b, const struct event_log *log, const void *section,
		   size_t len)
{
	put_fixed(b, log, V6_HEAD_BYTES + PH_BYTES + UH_BYTES + len);
	put_v6_head(b);
	put_ph(b, log);
	put_uh(b, log);
	builder_bytes(b, section, len);
}

/* Behind the summary and the length; empty without an extended log of version 6. */
static int read_fixed(struct cursor *c, struct event_log *log, const void *bytes,
		      size_t len)
{
	uint32_t summary, extended_len;

	*log = (struct event_log){ 0 };
	*c = cursor_of(bytes, len);
	summary = cursor_be32(c);
	extended_len = cursor_be32(c);
	if (c->err)
		return -EBADMSG;

	log->version = (uint8_t)(summary >> 24);
	log->severity = summary >> 21 & 7;
	log->disposition = summary >> 19 & 3;
	log->initiator = summary >> 12 & 15;
	log->target = summary >> 8 & 15;
	log->type = (uint8_t)summary;
	log->extended = (summary & EXTENDED_BIT) && log->version == VERSION_6;
	if (!log->extended) {
		*c = cursor_of(bytes, 0);
		return 0;
	}
	if (extended_len > cursor_left(c))
		return -EBADMSG;

	*c = cursor_of(c->p, extended_len);
	return 0;
}

static void read_ph(struct event_log *log, struct cursor c)
{
	cursor_bytes(&c, EVENT_SECTION_HEAD_BYTES);
	log->date = cursor_be32(&c);
	log->time = cursor_be32(&c);
	cursor_bytes(&c, 8);
	log->creator = cursor_u8(&c);
	cursor_bytes(&c, 2);
	log->sections = cursor_u8(&c);
	cursor_bytes(&c, 12);
	log->plid = cursor_be32(&c);
}

static void read_uh(struct event_log *log, struct cursor c)
{
	cursor_bytes(&c, EVENT_SECTION_HEAD_BYTES);
	log->subsystem = cursor_u8(&c);
	cursor_bytes(&c, 1);
	log->event_severity = cursor_u8(&c);
	log->subtype = cursor_u8(&c);
}

int event_log_decode(struct event_log *log, const void *bytes, size_t len)
{
	struct event_section_iter it;
	struct event_section s;
	struct cursor c;
	int err = read_fixed(&c, log, bytes, len);

	if (!err)
		err = event_sections_begin(&it, bytes, len);
	if (err)
		return err;

	while ((err = event_sections_next(&it, &s)) > 0) {
		if (s.id == EVENT_SECTION_PH)
			read_ph(log, cursor_of(s.bytes, s.len));
		else if (s.id == EVENT_SECTION_UH)
			read_uh(log, cursor_of(s.bytes, s.len));
	}
	return err;
}

int event_sections_begin(struct event_section_iter *it, const void *bytes, size_t len)
{
	struct event_log log;
	int err = read_fixed(&it->c, &log, bytes, len);

	if (err || !log.extended)
		return err;

	cursor_bytes(&it->c, V6_HEAD_BYTES);
	return it->c.err ? -EBADMSG : 0;
}

int event_sections_next(struct event_section_iter *it, struct event_section *out)
{
	struct cursor head = it->c;

	if (!cursor_left(&it->c))
		return 0;

	out->id = cursor_be16(&head);
	out->len = cursor_be16(&head);
	out->version = cursor_u8(&head);
	out->subtype = cursor_u8(&head);
	out->component = cursor_be16(&head);
	if (head.err || out->len < EVENT_SECTION_HEAD_BYTES)
		return -EBADMSG;

	out->bytes = cursor_bytes(&it->c, out->len);
	return it->c.err ? -EBADMSG : 1;
}

void epow_section_put(struct builder *b, const struct epow_section *epow)
{
	put_section_head(b, EVENT_SECTION_EPOW, EPOW_SECTION_BYTES, 2);
	builder_u8(b, epow->sensor);
	builder_u8(b, epow->modifier);
	builder_u8(b, epow->extension);
	builder_u8(b, 0);
	builder_bytes(b, epow->reason, sizeof(epow->reason));
}

int epow_section_decode(struct epow_section *epow, const void *section, size_t len)
{
	struct cursor c = cursor_of(section, len);
	const uint8_t *reason;

	*epow = (struct epow_section){ 0 };
	if (cursor_be16(&c) != EVENT_SECTION_EPOW || cursor_be16(&c) > len)
		return -EBADMSG;

	cursor_bytes(&c, 4);
	epow->sensor = cursor_u8(&c);
	epow->modifier = cursor_u8(&c);
	epow->extension = cursor_u8(&c);
	cursor_bytes(&c, 1);
	reason = cursor_bytes(&c, sizeof(epow->reason));
	if (!reason)
		return -EBADMSG;

	memcpy(epow->reason, reason, sizeof(epow->reason));
	return 0;
}
