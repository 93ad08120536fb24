// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libtesttext.la libwire.la */
/*
 * event-gen - generate any number of random events that firmware could send
 *
 *   event-gen SEED COUNT >FILE
 *   event-gen -m SEED COUNT >FILE   the same, with random changes
 *   event-gen vectors >FILE         the fixed ones in event_vectors.h
 *
 * Bare events, one after the other, of the versions 3 to 6, with all kinds of sections;
 * the same ones for the same SEED. Random parts have values that PAPR+ 10.3 permits or
 * does not define.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/fakes/event_vectors.h"
#include "tests/peers/events/gen.h"

enum { EVENT_BYTES = 2048 };

static uint64_t state;

/* xorshift64*; return 0 to n - 1. */
uint32_t gen_below(uint32_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((state * 0x2545f4914f6cdd1dULL) >> 32) % n;
}

bool gen_one_in(uint32_t n)
{
	return !gen_below(n);
}

uint32_t gen_word(void)
{
	return gen_below(UINT32_MAX);
}

void gen_random(struct builder *b, size_t len)
{
	while (len--)
		builder_u8(b, (uint8_t)gen_below(256));
}

uint8_t gen_pick(const uint8_t *values, size_t n)
{
	return gen_one_in(8) ? (uint8_t)gen_below(256) : values[gen_below((uint32_t)n)];
}

void gen_padded(struct builder *b, const char *text, size_t size, char pad)
{
	size_t len = strlen(text);

	for (size_t i = 0; i < size; i++)
		builder_u8(b, (uint8_t)(i < len ? text[i] : pad));
}

void gen_name(char *name, size_t len)
{
	static const char chars[] = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789.-/ ";

	for (size_t i = 0; i < len; i++)
		name[i] = chars[gen_below(sizeof(chars) - 1)];
	name[len] = '\0';
}

static uint8_t bcd(uint32_t n)
{
	return (uint8_t)(n / 10 << 4 | n % 10);
}

void gen_date(struct builder *b)
{
	builder_u8(b, 0x20);
	builder_u8(b, bcd(gen_below(100)));
	builder_u8(b, bcd(gen_below(13)));
	builder_u8(b, bcd(1 + gen_below(31)));
}

void gen_time(struct builder *b)
{
	builder_u8(b, bcd(gen_below(24)));
	builder_u8(b, bcd(gen_below(60)));
	builder_u8(b, bcd(gen_below(60)));
	builder_u8(b, bcd(gen_below(100)));
}

/* The first 8 bytes, with the length of the following ones. */
static void put_head(struct builder *b, uint8_t version, bool extended, size_t len)
{
	static const uint8_t types[] = { 0,  1,	 2,   3,   4,	5,   6,	  7,   8,  9,
					 10, 64, 160, 224, 225, 226, 227, 228, 229 };

	builder_u8(b, version);
	builder_u8(b, (uint8_t)(gen_below(8) << 5 | gen_below(4) << 3 | extended << 2));
	builder_u8(b, (uint8_t)(gen_one_in(4) ? gen_below(256)
					      : gen_below(7) << 4 | gen_below(7)));
	builder_u8(b, gen_pick(types, sizeof(types)));
	builder_be32(b, (uint32_t)len);
}

/* The 12 bytes of the extended part. */
static void put_extended(struct builder *b, uint8_t format)
{
	builder_u8(b, (uint8_t)(!gen_one_in(12) << 7 | gen_below(64) << 1));
	builder_u8(b, (uint8_t)gen_below(256));
	builder_u8(b, (uint8_t)(!gen_one_in(4) << 7 | gen_below(8) << 4 | format));
	builder_u8(b, (uint8_t)gen_below(256));
	gen_time(b);
	gen_date(b);
}

static void put_event(struct builder *out)
{
	static const uint8_t formats[] = { 1, 2, 3, 4, 5, 12, 13, 14, 15 };
	uint8_t bytes[EVENT_BYTES];
	struct builder body = builder_of(bytes, sizeof(bytes));
	uint8_t version = (uint8_t)(gen_one_in(3) ? 3 + gen_below(3) : 6);
	uint8_t format = version == 6 ? 14 : formats[gen_below(sizeof(formats))];

	if (gen_one_in(30)) {
		put_head(out, version, false, 0);
		return;
	}
	put_extended(&body, format);
	if (version == 6)
		gen_v6_sections(&body, sizeof(bytes));
	else
		gen_v4_body(&body, format);
	put_head(out, version, true, body.len);
	builder_bytes(out, bytes, body.len);
}

static uint64_t number(const char *text)
{
	char *end;
	uint64_t n = strtoull(text, &end, 10);

	if (!*text || *end)
		errx(2, "not a number: %s", text);
	return n;
}

static void generate(uint64_t seed, uint64_t count, bool is_mutated)
{
	/* The state 0 would never change. */
	state = seed * 2 + 1;
	while (count--) {
		uint8_t bytes[EVENT_BYTES + 8];
		struct builder b = builder_of(bytes, sizeof(bytes));

		put_event(&b);
		if (is_mutated)
			gen_mutate(bytes, b.len);
		if (!builder_fits(&b) || fwrite(bytes, 1, b.len, stdout) != b.len)
			err(1, "an event of %zu bytes", b.len);
	}
}

/* Write the well-formed vectors. */
static void write_vectors(void)
{
	for (size_t i = 0; i < event_vector_count; i++) {
		uint8_t bytes[EVENT_VECTOR_MAX_BYTES];
		size_t len = event_vector_bytes(&event_vectors[i], bytes);

		if (event_vectors[i].name[0] == 'M')
			continue;
		if (fwrite(bytes, 1, len, stdout) != len)
			err(1, "%s", event_vectors[i].name);
	}
}

int main(int argc, char *argv[])
{
	if (argc == 2 && !strcmp(argv[1], "vectors"))
		write_vectors();
	else if (argc == 3)
		generate(number(argv[1]), number(argv[2]), false);
	else if (argc == 4 && !strcmp(argv[1], "-m"))
		generate(number(argv[2]), number(argv[3]), true);
	else
		errx(2, "usage: event-gen [-m] SEED COUNT | vectors");
	if (fflush(stdout))
		err(1, "standard output");
	return 0;
}
