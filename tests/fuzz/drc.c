// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* Connector properties: the four lists, a be16 length before each; the remaining bytes
 * are an "ibm,drc-info". */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/drc_info.h"
#include "wire/drc_list.h"

enum { ENTRIES = 64 };

/* Decoded and encoded again, it has the same value. */
static void check_lists(const struct drc *drcs, uint32_t n)
{
	static uint8_t bytes[DRC_LIST_PROPS][1 << 17];
	struct cursor props[DRC_LIST_PROPS];
	struct drc_list_iter it;
	struct drc drc;

	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		struct builder b = builder_of(bytes[i], sizeof(bytes[i]));

		drc_list_encode(&b, (enum drc_list_prop)i, drcs, n);
		if (!builder_fits(&b))
			return;
		props[i] = cursor_of(bytes[i], b.len);
	}
	MUST(!drc_list_begin(&it, props));
	for (uint32_t i = 0; i < n; i++) {
		MUST(drc_list_next(&it, &drc) == 1);
		MUST(drc.index == drcs[i].index);
		MUST(drc.power_domain == drcs[i].power_domain);
		MUST(!strcmp(drc.name, drcs[i].name) && !strcmp(drc.type, drcs[i].type));
	}
	MUST(drc_list_next(&it, &drc) == 0);
}

static void lists(struct cursor *c)
{
	struct cursor props[DRC_LIST_PROPS];
	struct drc drcs[ENTRIES], drc;
	struct drc_list_iter it;
	uint32_t n = 0;
	int more;

	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		const uint8_t *b = cursor_bytes(c, 2);
		size_t len = b ? (size_t)b[0] << 8 | b[1] : 0;

		b = cursor_bytes(c, len);
		props[i] = cursor_of(b, b ? len : 0);
	}
	if (drc_list_begin(&it, props))
		return;
	while ((more = drc_list_next(&it, &drc)) > 0)
		if (n < ENTRIES)
			drcs[n++] = drc;
	if (!more)
		check_lists(drcs, n);
}

static void info(const struct cursor *c)
{
	struct drc_info_iter it;
	struct drc_info di;
	uint32_t index;
	char name[64];

	if (drc_info_begin(&it, c->p, cursor_left(c)))
		return;
	while (drc_info_next(&it, &di) > 0)
		for (uint32_t i = 0; i < 3; i++)
			if (!drc_info_nth(&di, i, &index, name, sizeof(name)))
				MUST(strlen(name) < sizeof(name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);

	lists(&c);
	info(&c);
	return 0;
}
