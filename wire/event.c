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
	EPOW_REASON_AT = 12,
	EPOW_MIN_BYTES = 18,
};

static void event_encode_zeroes(struct builder *b, size_t len)
{
	static const uint8_t zeroes[32];

	builder_bytes(b, zeroes, len);
}

static void event_encode_section_head(struct builder *b, uint16_t id, uint16_t len,
				      uint8_t version)
{
	builder_be16(b, id);
	builder_be16(b, len);
	builder_u8(b, version);
	event_encode_zeroes(b, 3);
}

static void event_encode_fixed(struct builder *b, const struct event_log *log,
			       size_t extended)
{
	builder_be32(b, (uint32_t)VERSION_6 << 24 | (uint32_t)(log->severity & 7) << 21 |
				(uint32_t)(log->disposition & 3) << 19 | EXTENDED_BIT |
				(uint32_t)(log->initiator & 15) << 12 |
				(uint32_t)(log->target & 15) << 8 | log->type);
	builder_be32(b, (uint32_t)extended);
}

static void event_encode_v6_head(struct builder *b)
{
	builder_u8(b, V6_FLAGS);
	builder_u8(b, 0);
	builder_u8(b, V6_FORMAT);
	event_encode_zeroes(b, V6_COMPANY_AT - 3);
	builder_str(b, "IBM");
}

static void event_encode_ph(struct builder *b, const struct event_log *log)
{
	event_encode_section_head(b, EVENT_SECTION_PH, PH_BYTES, 0);
	builder_be32(b, log->date);
	builder_be32(b, log->time);
	event_encode_zeroes(b, 8); /* commit time */
	builder_u8(b, log->creator);
	event_encode_zeroes(b, 2);
	builder_u8(b, OUR_SECTIONS);
	event_encode_zeroes(b, 12); /* creator's version */
	builder_be32(b, log->plid);
	event_encode_zeroes(b, 4);
}

static void event_encode_uh(struct builder *b, const struct event_log *log)
{
	event_encode_section_head(b, EVENT_SECTION_UH, UH_BYTES, 0);
	builder_u8(b, log->subsystem);
	builder_u8(b, 0);
	builder_u8(b, log->event_severity);
	builder_u8(b, log->subtype);
	event_encode_zeroes(b, 12);
}

void event_log_encode(struct builder *b, const struct event_log *log, const void *section,
		      size_t len)
{
	event_encode_fixed(b, log, V6_HEAD_BYTES + PH_BYTES + UH_BYTES + len);
	event_encode_v6_head(b);
	event_encode_ph(b, log);
	event_encode_uh(b, log);
	builder_bytes(b, section, len);
}

int event_fixed_decode(struct event_fixed *out, const void *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	uint32_t summary = cursor_be32(&c);

	*out = (struct event_fixed){
		.version = (uint8_t)(summary >> 24),
		.severity = summary >> 21 & 7,
		.disposition = summary >> 19 & 3,
		.extended = summary & EXTENDED_BIT,
		.initiator = summary >> 12 & 15,
		.target = summary >> 8 & 15,
		.type = (uint8_t)summary,
		.length = cursor_be32(&c),
	};
	return c.err ? -EBADMSG : 0;
}

bool event_is_ibm(const void *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	const uint8_t *company;

	cursor_bytes(&c, EVENT_FIXED_BYTES + V6_COMPANY_AT);
	company = cursor_bytes(&c, 4);
	return company && !memcmp(company, "IBM", 3);
}

int event_sections_begin(struct event_section_iter *it, const void *bytes, size_t len)
{
	struct event_fixed fixed;

	it->c = cursor_of(bytes, len);
	if (event_fixed_decode(&fixed, bytes, len))
		return -EBADMSG;
	cursor_bytes(&it->c, EVENT_FIXED_BYTES);
	if (!fixed.extended || fixed.version != VERSION_6) {
		it->c = cursor_of(bytes, 0);
		return 0;
	}
	if (fixed.length > cursor_left(&it->c))
		return -EBADMSG;
	it->c = cursor_of(it->c.p, fixed.length);
	cursor_bytes(&it->c, V6_HEAD_BYTES);
	return it->c.err ? -EBADMSG : 0;
}

static int event_read_section_head(const struct event_section_iter *it,
				   struct event_section *out, size_t *says)
{
	struct cursor head = it->c;

	out->id = cursor_be16(&head);
	*says = cursor_be16(&head);
	out->version = cursor_u8(&head);
	out->subtype = cursor_u8(&head);
	out->component = cursor_be16(&head);
	return head.err ? -EBADMSG : 0;
}

int event_sections_next(struct event_section_iter *it, struct event_section *out)
{
	if (!cursor_left(&it->c))
		return 0;
	if (event_read_section_head(it, out, &out->len) ||
	    out->len < EVENT_SECTION_HEAD_BYTES || out->len > cursor_left(&it->c))
		return -EBADMSG;

	out->bytes = cursor_bytes(&it->c, out->len);
	return 1;
}

int event_sections_rest(struct event_section_iter *it, struct event_section *out)
{
	size_t says;

	if (event_read_section_head(it, out, &says))
		return 0;

	out->len = cursor_left(&it->c);
	out->bytes = cursor_bytes(&it->c, out->len);
	return 1;
}

struct cursor event_section_body(const struct event_section *s)
{
	struct cursor c = cursor_of(s->bytes, s->len);

	cursor_bytes(&c, EVENT_SECTION_HEAD_BYTES);
	return c;
}

void epow_section_encode(struct builder *b, const struct epow_section *epow)
{
	event_encode_section_head(b, EVENT_SECTION_EPOW, EPOW_SECTION_BYTES, 2);
	builder_u8(b, epow->sensor);
	builder_u8(b, epow->modifier);
	builder_u8(b, epow->extension);
	builder_u8(b, 0);
	builder_bytes(b, epow->reason, sizeof(epow->reason));
}

int epow_section_decode(struct epow_section *epow, const void *section, size_t len)
{
	struct cursor c = cursor_of(section, len);
	const uint8_t *head = cursor_bytes(&c, EPOW_REASON_AT);
	size_t says = head ? (size_t)head[2] << 8 | head[3] : 0, reason;

	*epow = (struct epow_section){ 0 };
	if (!head || head[0] != EVENT_SECTION_EPOW >> 8 ||
	    head[1] != (EVENT_SECTION_EPOW & 0xff) || says < EPOW_MIN_BYTES || says > len)
		return -EBADMSG;

	epow->sensor = head[8];
	epow->modifier = head[9];
	epow->extension = head[10];
	reason = says - EPOW_REASON_AT;
	memcpy(epow->reason, c.p,
	       reason < sizeof(epow->reason) ? reason : sizeof(epow->reason));
	return 0;
}
