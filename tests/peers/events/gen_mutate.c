// SPDX-License-Identifier: GPL-2.0-or-later
/* Change bytes of an event, but none that gives a length or an id: there, the peer's
 * library reads another structure. */
#include "tests/peers/events/gen.h"
#include "wire/cursor.h"
#include "wire/event.h"

enum {
	CHANGES_MAX = 4,
	SRC_WORDS = 16,
	SRC_WORDS_END = 72,
	YEAR_END = 10,
	ACTION = 18,
	RPC_LENGTH = 9,
	DUMP_NAME_LENGTH = 15
};

/* The bytes that can change. */
struct gen_places {
	uint16_t at[EVENT_MAX_BYTES];
	size_t n;
};

static void gen_add_places(struct gen_places *places, size_t from, size_t to)
{
	for (; from < to && places->n < EVENT_MAX_BYTES; from++)
		places->at[places->n++] = (uint16_t)from;
}

/* The peer reads past its tables of months (PH, after the year) and of hotplug's names,
 * and explains flags of actions (UH) that it does not know by those that it knows. */
static void gen_add_section(struct gen_places *places, const struct event_section *s,
			    size_t at)
{
	switch (s->id) {
	case EVENT_SECTION_HOT_PLUG:
		break;
	case EVENT_SECTION_PH:
		gen_add_places(places, at + 4, at + YEAR_END);
		gen_add_places(places, at + YEAR_END + 1, at + s->len);
		break;
	case EVENT_SECTION_UH:
		gen_add_places(places, at + 4, at + ACTION);
		break;
	case EVENT_SECTION_IO:
		gen_add_places(places, at + RPC_LENGTH + 1, at + s->len);
		break;
	case EVENT_SECTION_DUMP:
		gen_add_places(places, at + DUMP_NAME_LENGTH + 1, at + s->len);
		break;
	case EVENT_SECTION_PRIMARY_SRC:
	case EVENT_SECTION_SECONDARY_SRC: /* not its lengths, and not its call-outs */
		gen_add_places(places, at + SRC_WORDS,
			       at + (s->len < SRC_WORDS_END ? s->len : SRC_WORDS_END));
		break;
	default:
		gen_add_places(places, at + 4, at + s->len);
	}
}

void gen_mutate(uint8_t *event, size_t len)
{
	static const uint8_t values[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct gen_places places = { .n = 0 };
	struct event_section_iter it;
	struct event_section s;

	gen_add_places(&places, 1, 4);
	if (*event == 6) {
		gen_add_places(&places, 8, len > 10 ? 10 : 8);
		if (!event_sections_begin(&it, event, len))
			while (event_sections_next(&it, &s) > 0)
				gen_add_section(&places, &s, (size_t)(s.bytes - event));
	} else {
		gen_add_places(&places, 8, len);
	}
	for (uint32_t n = 1 + gen_below(CHANGES_MAX); n; n--)
		event[places.at[gen_below((uint32_t)places.n)]] =
			gen_pick(values, sizeof(values));
}
