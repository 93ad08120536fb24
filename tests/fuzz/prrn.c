// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* The input of drmgr -P. */
#include "tests/fuzz/fuzz.h"
#include "tests/unit/fakes/encode.h"
#include "wire/prrn.h"

/* The line of an entry is read as the same entry. */
static void check(const struct prrn_entry *entry)
{
	struct prrn_entry again;
	struct prrn_iter it;
	char line[32];
	struct builder b = builder_of(line, sizeof(line));

	prrn_encode(&b, entry->kind, entry->drc_index);
	MUST(builder_fits(&b));
	prrn_begin(&it, line, b.len);
	MUST(prrn_next(&it, &again) == 1 && again.line == 1);
	MUST(again.kind == entry->kind && again.drc_index == entry->drc_index);
	MUST(prrn_next(&it, &again) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct prrn_entry entry;
	struct prrn_iter it;
	unsigned long line = 0;

	prrn_begin(&it, text, size);
	while (prrn_next(&it, &entry)) {
		MUST(entry.line > line);
		line = entry.line;
		MUST(entry.len && entry.text >= text);
		MUST(entry.text + entry.len <= text + size);
		if (entry.kind == PRRN_CPU || entry.kind == PRRN_MEM)
			check(&entry);
		else
			MUST(!entry.drc_index);
	}
	return 0;
}
