// SPDX-License-Identifier: GPL-2.0-or-later
/* Layouts: PAPR+ 10.3.2.2. */
#include <stdio.h>
#include <string.h>

#include "tests/peers/events/gen.h"

enum { SECTION_BYTES = 1200, CALL_OUT_BYTES = 252, MAX_SECTIONS = 5 };

static void put_section(struct builder *b, const char *id, uint8_t subtype,
			const struct builder *body)
{
	builder_text(b, id);
	builder_be16(b, (uint16_t)(8 + body->len));
	builder_u8(b, (uint8_t)(1 + gen_below(2)));
	builder_u8(b, subtype);
	builder_be16(b, (uint16_t)gen_below(65536));
	builder_bytes(b, body->buf, body->len);
}

/* The creator and the time. */
static void put_ph(struct builder *b, uint8_t sections)
{
	static const uint8_t creators[] = "CEHWLS";
	uint8_t bytes[64], creator = gen_pick(creators, sizeof(creators) - 1);
	struct builder body = builder_of(bytes, sizeof(bytes));
	char name[8];

	if (creator < ' ' || creator > '~')
		creator = 'E';
	gen_date(&body);
	gen_time(&body);
	gen_random(&body, 8);
	builder_u8(&body, creator);
	gen_random(&body, 2);
	builder_u8(&body, sections);
	gen_random(&body, 4);
	gen_name(name, gen_below(sizeof(name)));
	if (creator == 'E')
		gen_padded(&body, name, 8, gen_one_in(2) ? ' ' : '\0');
	else
		gen_random(&body, 8);
	builder_be32(&body, gen_word());
	builder_be32(&body, gen_word());
	put_section(b, "PH", 0, &body);
}

/* The subsystem, severity and actions. */
static void put_uh(struct builder *b)
{
	static const uint8_t severities[] = { 0,    0x10, 0x20, 0x21, 0x22, 0x23, 0x24,
					      0x40, 0x41, 0x44, 0x45, 0x48, 0x60, 0x61 };
	static const uint8_t types[] = { 0,    1,    8,	   0x10, 0x20, 0x21, 0x22,
					 0x30, 0x40, 0x60, 0x70, 0x80, 0xd0, 0xe0 };
	static const uint16_t actions[] = { 0,	    0x8000, 0x2000, 0x0400,
					    0xa800, 0xc000, 0x8400, 0x3000 };
	uint8_t bytes[16];
	struct builder body = builder_of(bytes, sizeof(bytes));

	gen_random(&body, 2);
	builder_u8(&body, gen_pick(severities, sizeof(severities)));
	builder_u8(&body, gen_pick(types, sizeof(types)));
	gen_random(&body, 6);
	builder_be16(&body, actions[gen_below(gen_one_in(4) ? 8 : 4)]);
	gen_random(&body, 4);
	put_section(b, "UH", 0, &body);
}

static void body_epow(struct builder *body)
{
	builder_u8(body, (uint8_t)(gen_below(16) << 4 | gen_below(8)));
	builder_u8(body, gen_pick((const uint8_t[]){ 0, 1, 2, 3, 4 }, 5));
	builder_u8(body, (uint8_t)gen_below(2));
	builder_u8(body, 0);
	gen_random(body, 8);
}

static void body_io(struct builder *body)
{
	static const uint8_t scopes[] = { 0, 0x36, 0x37, 0x38, 0x39, 0x3a };
	uint8_t n = (uint8_t)(4 * gen_below(gen_one_in(4) ? 55 : 8));

	builder_u8(body, gen_pick((const uint8_t[]){ 1, 2, 3, 4 }, 4));
	builder_u8(body, n);
	builder_u8(body, gen_pick(scopes, sizeof(scopes)));
	builder_u8(body, gen_pick((const uint8_t[]){ 0, 1, 3, 4, 5, 8 }, 6));
	builder_be32(body, gen_word());
	gen_random(body, n);
}

static void body_dump(struct builder *body)
{
	static const char *const names[] = { "", "/var/log/dump/SYSDUMP",
					     "SYSDUMP.1234567.00000001" };
	const char *name = names[gen_below(3)];

	builder_be32(body, gen_word());
	builder_u8(body, (uint8_t)(gen_below(8) << 5));
	gen_random(body, 2);
	builder_u8(body, (uint8_t)((strlen(name) + 3) / 4 * 4));
	builder_be32(body, gen_one_in(4) ? gen_word() : 0);
	builder_be32(body, gen_word());
	gen_padded(body, name, 40, '\0');
}

static void body_resource(struct builder *body)
{
	builder_u8(body, gen_pick((const uint8_t[]){ 0x10, 0x11, 0x40, 0x41 }, 4));
	gen_random(body, 1);
	builder_be16(body, (uint16_t)gen_below(65536));
	builder_be32(body, gen_word());
	builder_be32(body, gen_word());
}

static void put_mtms(struct builder *b)
{
	gen_padded(b, gen_one_in(2) ? "9105-22A" : "8286-42A", 8, '\0');
	gen_padded(b, gen_one_in(2) ? "1234567" : "7YL123456789", 12,
		   gen_one_in(2) ? ' ' : '\0');
}

static void body_hotplug(struct builder *body)
{
	static const char *const names[] = { "CPU 8", "U78D3.001.WZS01AB-P1-C5", "LMB 4",
					     "PHB 1" };
	uint8_t kind = (uint8_t)(1 + gen_below(4));

	builder_u8(body, (uint8_t)(1 + gen_below(6)));
	builder_u8(body, (uint8_t)(1 + gen_below(2)));
	builder_u8(body, kind);
	builder_u8(body, 0);
	if (kind == 1) {
		builder_str(body, names[gen_below(4)]);
		while (body->len % 4)
			builder_u8(body, 0);
		return;
	}
	builder_be32(body, gen_word());
	if (kind == 4)
		builder_be32(body, gen_word());
	else if (gen_one_in(2))
		builder_be32(body, 0); /* as in QEMU */
}

/* Substructures of a call-out. */

static void put_fru_id(struct builder *b)
{
	static const uint8_t components[] = { 0x10, 0x20, 0x30, 0x40,
					      0x90, 0xa0, 0xb0, 0xc0 };
	uint8_t flags = (uint8_t)(gen_pick(components, sizeof(components)) & 0xf0);
	uint8_t bytes[40];
	struct builder body = builder_of(bytes, sizeof(bytes));
	char name[13];

	flags |= gen_one_in(3) ? 2 : 8;
	flags |= (uint8_t)(gen_below(2) << 2 | gen_below(2));
	gen_name(name, 7);
	gen_padded(&body, name, 8, '\0');
	gen_name(name, 12);
	if (flags & 4)
		gen_padded(&body, name, 4, ' ');
	if (flags & 1)
		gen_padded(&body, name, 12, ' ');
	builder_text(b, "ID");
	builder_u8(b, (uint8_t)(4 + body.len));
	builder_u8(b, flags);
	builder_bytes(b, bytes, body.len);
}

static void put_fru_pe(struct builder *b)
{
	char name[32];
	size_t len = gen_one_in(3) ? 0 : gen_below(28);
	size_t size = (len + 2 + 3) / 4 * 4;

	gen_name(name, len);
	builder_text(b, "PE");
	builder_u8(b, (uint8_t)(24 + size));
	builder_u8(b, 0);
	put_mtms(b);
	gen_padded(b, name, size, '\0');
}

static void put_fru_mr(struct builder *b)
{
	uint8_t n = (uint8_t)(1 + gen_below(6));

	builder_text(b, "MR");
	builder_u8(b, (uint8_t)(8 + 8 * n));
	builder_u8(b, n);
	builder_be32(b, 0);
	for (uint8_t i = 0; i < n; i++) {
		gen_random(b, 3);
		builder_u8(b, (uint8_t) "HMABCL"[gen_below(6)]);
		builder_be32(b, gen_word());
	}
}

static void put_location(struct builder *b)
{
	static const char *const long_code =
		"U78D3.001.WZS01AB-P1-C5-T1-L0123456789ABCDEF-L4000000000000-W1";
	char code[80];
	uint32_t kind = gen_below(16);
	size_t size;

	snprintf(code, sizeof(code), "U%u.22A.1234567-P%u-C%u", 9000 + gen_below(1000),
		 gen_below(4), gen_below(20));
	if (kind < 2)
		code[0] = '\0';
	else if (kind == 2)
		snprintf(code, sizeof(code), "%s", long_code);
	size = code[0] ? (strlen(code) + 1 + 3) / 4 * 4 : 0;
	builder_u8(b, (uint8_t)size);
	gen_padded(b, code, size, '\0');
}

static void put_call_out(struct builder *b)
{
	uint8_t bytes[CALL_OUT_BYTES];
	struct builder body = builder_of(bytes, sizeof(bytes));
	bool has_id = !gen_one_in(4), has_other = gen_one_in(2);

	builder_u8(&body,
		   (uint8_t)(gen_below(3) << 4 | has_id << 3 | (has_other ? 3 : 0)));
	builder_u8(&body, gen_pick((const uint8_t *)"HMABCL", 6) % 128);
	put_location(&body);
	if (has_id)
		put_fru_id(&body);
	if (has_other)
		gen_one_in(2) ? put_fru_pe(&body) : put_fru_mr(&body);
	while ((body.len + 1) % 4)
		builder_u8(&body, 0);
	builder_u8(b, (uint8_t)(1 + body.len));
	builder_bytes(b, bytes, body.len);
}

static void body_src(struct builder *body)
{
	static const char *const codes[] = { "BA170100", "B150F13A", "BC8A0401", "#MEM" };
	uint8_t bytes[4 * CALL_OUT_BYTES];
	struct builder call_outs = builder_of(bytes, sizeof(bytes));
	uint32_t n = gen_below(5);

	builder_u8(body, (uint8_t)(1 + gen_below(2)));
	builder_u8(body, (uint8_t)(gen_below(128) << 1 | (n > 0)));
	gen_random(body, 6);
	gen_random(body, 8 * 4);
	gen_padded(body, codes[gen_below(4)], 32, ' ');
	if (!n)
		return;
	while (n--)
		put_call_out(&call_outs);
	builder_u8(body, 0xc0);
	builder_u8(body, (uint8_t)gen_below(2));
	builder_be16(body, (uint16_t)((4 + call_outs.len) / 4));
	builder_bytes(body, bytes, call_outs.len);
}

static void body_any(struct builder *body)
{
	gen_random(body, gen_one_in(6) ? 0 : gen_below(80));
}

/* Sections with equal probabilities. One of them is unknown to decoders. */
static const struct kind {
	const char *id;
	void (*body)(struct builder *body);
} kinds[] = {
	{ "EP", body_epow },	 { "IE", body_io },	 { "DH", body_dump },
	{ "LR", body_resource }, { "MT", put_mtms },	 { "PS", body_src },
	{ "SS", body_src },	 { "HP", body_hotplug }, { NULL, body_any },
};

/* Return true if the peer's parser fails after this section. */
static bool is_last(const struct kind *kind, const struct builder *body)
{
	return (kind->body == body_hotplug && body->len != 8) ||
	       (kind->body == body_any && body->len < 8);
}

/* Return false if there can be no further section. */
static bool put_any_section(struct builder *b)
{
	static const char *const others[] = { "MI", "LP", "SW", "UD", "EH", "ED",
					      "HM", "CS", "IP", "MC", "CH", "ZZ" };
	const struct kind *kind = &kinds[gen_below(sizeof(kinds) / sizeof(kinds[0]))];
	uint8_t bytes[SECTION_BYTES];
	struct builder body = builder_of(bytes, sizeof(bytes));

	kind->body(&body);
	put_section(b, kind->id ? kind->id : others[gen_below(12)], (uint8_t)gen_below(8),
		    &body);
	return !is_last(kind, &body);
}

void gen_v6_sections(struct builder *b, size_t room)
{
	uint8_t n = (uint8_t)gen_below(MAX_SECTIONS), bytes[SECTION_BYTES];
	bool more = true;

	gen_padded(b, "IBM", 4, '\0');
	put_ph(b, 2 + n);
	put_uh(b);
	while (n-- && more) {
		struct builder section = builder_of(bytes, sizeof(bytes));

		more = put_any_section(&section);
		if (section.len <= room - b->len)
			builder_bytes(b, bytes, section.len);
	}
}
