// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* Event logs: head, sections, and the two kinds of section that a machine sends. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/event.h"
#include "wire/event_hp.h"

/* Decoded and encoded again, it has the same value. */
static void check_hp(const struct hp_section *hp)
{
	static uint8_t bytes[1 << 16];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct hp_section again;

	hp_section_encode(&b, hp);
	if (!builder_fits(&b) || b.len > UINT16_MAX)
		return;
	MUST(!hp_section_decode(&again, bytes, b.len));
	MUST(again.type == hp->type && again.action == hp->action && again.id == hp->id);
	MUST(again.index == hp->index && again.count == hp->count);
	MUST(again.flags == hp->flags && again.token == hp->token);
	MUST(!hp->name == !again.name && (!hp->name || !strcmp(hp->name, again.name)));
}

static void check_epow(const struct epow_section *epow)
{
	uint8_t bytes[EPOW_SECTION_BYTES];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct epow_section again;

	epow_section_encode(&b, epow);
	MUST(!epow_section_decode(&again, bytes, sizeof(bytes)));
	MUST(!memcmp(epow, &again, sizeof(again)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct event_section_iter it;
	struct event_section section;
	struct epow_section epow;
	struct hp_section hp;
	size_t total = 0;

	if (event_sections_begin(&it, data, size))
		return 0;
	while (event_sections_next(&it, &section) == 1) {
		total += section.len;
		MUST(section.bytes >= data && section.len <= size);
		MUST(section.bytes + section.len <= data + size);
		if (!hp_section_decode(&hp, section.bytes, section.len))
			check_hp(&hp);
		if (!epow_section_decode(&epow, section.bytes, section.len))
			check_epow(&epow);
	}
	MUST(total <= size);
	return 0;
}
