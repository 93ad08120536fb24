// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwirefdt.la libwire.la */
/* Answers of ibm,configure-connector, one after the other: for each a be32 status, a be16
 * length and so many bytes of the work area. */
#include <libfdt.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "wire/cursor.h"
#include "wire/fdt_frag.h"

static int next_answer(struct cursor *c, uint8_t area[CC_PAGE_BYTES],
		       struct cc_item *item)
{
	int32_t status = (int32_t)cursor_be32(c);
	const uint8_t *b = cursor_bytes(c, 2);
	size_t len = b ? (size_t)b[0] << 8 | b[1] : 0;

	b = cursor_bytes(c, len);
	if (c->err || len > CC_PAGE_BYTES)
		return -1;
	memset(area, 0xee, CC_PAGE_BYTES);
	memcpy(area, b, len);
	return workarea_decode(item, status, area, CC_PAGE_BYTES);
}

static int build(struct fdt_frag *frag, const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	uint8_t area[CC_PAGE_BYTES];
	struct cc_item item = { .status = CC_CHILD };
	int err = fdt_frag_init(frag);

	while (!err && item.status != CC_COMPLETE) {
		err = next_answer(&c, area, &item);
		if (!err && item.status != CC_COMPLETE)
			err = fdt_frag_add(frag, &item);
	}
	return err ? err : fdt_frag_finish(frag);
}

/* The simulated host's half: tree to answers, each through a work area. */
static void rebuild(struct fdt_frag *copy, const struct fdt_frag *frag)
{
	uint8_t area[CC_PAGE_BYTES];
	struct cc_item item, seen;
	struct fdt_walk walk;

	MUST(!fdt_frag_init(copy));
	fdt_walk_begin_all(&walk, frag->fdt, fdt_frag_top(frag));
	for (;;) {
		MUST(!fdt_walk_next(&walk, &item));
		if (item.status == CC_COMPLETE)
			break;
		if (workarea_encode(area, sizeof(area), &item)) /* too long for one */
			seen = item;
		else
			MUST(!workarea_decode(&seen, item.status, area, sizeof(area)));
		MUST(!fdt_frag_add(copy, &seen));
	}
	MUST(!fdt_frag_finish(copy));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fdt_frag frag, copy;
	const char *why;

	if (!build(&frag, data, size)) {
		MUST(!fdt_check_full(frag.fdt, fdt_totalsize(frag.fdt)));
		if (!fdt_frag_check(&frag, 0x40000008, &why))
			MUST(frag.own > 0);
		rebuild(&copy, &frag);
		MUST(fdt_size_dt_struct(copy.fdt) == fdt_size_dt_struct(frag.fdt));
		fdt_frag_free(&copy);
	}
	fdt_frag_free(&frag);
	return 0;
}
