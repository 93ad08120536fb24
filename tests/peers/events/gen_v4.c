// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/peers/events/gen.h"

enum {
	BODY_BYTES = 28,
	FORMAT_POST = 4,
	FORMAT_DIAG = 12,
	FORMAT_SP = 13,
	FORMAT_VENDOR = 14
};

static void put_vendor(struct builder *b)
{
	static const char *const ids[] = { "IBM", "ACME", "X" };

	gen_padded(b, ids[gen_below(3)], 4, '\0');
	gen_random(b, gen_below(100));
}

static void put_post(struct builder *b)
{
	char name[12];

	gen_random(b, 2);
	gen_name(name, gen_below(sizeof(name)));
	gen_padded(b, name, sizeof(name), '\0');
	gen_random(b, 4 + 2);
	gen_padded(b, "U1.2-P1", 8, '\0');
}

static void put_service_processor(struct builder *b)
{
	gen_padded(b, gen_one_in(5) ? "XYZ" : "IBM", 4, '\0');
	gen_random(b, 4);
	builder_be32(b, gen_one_in(3) ? 0 : gen_word());
	builder_be32(b, gen_one_in(3) ? 0 : gen_word());
	gen_random(b, BODY_BYTES - 16);
}

void gen_v4_body(struct builder *b, uint8_t format)
{
	if (format >= FORMAT_VENDOR) {
		put_vendor(b);
		return;
	}
	if (format == FORMAT_POST)
		put_post(b);
	else if (format == FORMAT_SP)
		put_service_processor(b);
	else
		gen_random(b, format == FORMAT_DIAG ? 4 : BODY_BYTES);
	if (gen_one_in(3))
		put_vendor(b);
}
