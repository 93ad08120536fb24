// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/workarea.h"

enum { CELL_INDEX, CELL_STATE, CELL_NAME, CELL_LEN, CELL_VALUE };

static struct cursor workarea_at(const void *area, size_t len, uint32_t offset)
{
	struct cursor c = cursor_of(area, len);

	cursor_bytes(&c, offset);
	return c;
}

static uint32_t workarea_cell(const void *area, int n)
{
	struct cursor c = workarea_at(area, CC_TEXT_OFFSET, 4 * (uint32_t)n);

	return cursor_be32(&c);
}

void workarea_start(void *area, uint32_t drc_index)
{
	struct builder b = builder_of(area, CC_PAGE_BYTES);

	memset(area, 0, CC_PAGE_BYTES);
	builder_be32(&b, drc_index);
}

bool workarea_is_start(const void *area)
{
	return !workarea_cell(area, CELL_STATE) && !workarea_cell(area, CELL_NAME);
}

int workarea_decode(struct cc_item *item, int32_t status, const void *area, size_t len)
{
	struct cursor name, value;

	*item = (struct cc_item){ .status = status };
	switch (status) {
	case CC_SIBLING:
	case CC_CHILD:
	case CC_PROPERTY:
		name = workarea_at(area, len, workarea_cell(area, CELL_NAME));
		item->name = cursor_str(&name);
		if (name.err)
			return -EBADMSG;
		break;
	case CC_COMPLETE:
	case CC_PARENT:
	case CC_MORE_MEMORY:
		return 0;
	default:
		return -EBADMSG;
	}

	if (status == CC_PROPERTY) {
		item->len = workarea_cell(area, CELL_LEN);
		value = workarea_at(area, len, workarea_cell(area, CELL_VALUE));
		/* The offset of an empty value has no meaning. */
		item->value = item->len ? cursor_bytes(&value, item->len)
					: (const uint8_t *)item->name;
		if (item->len && value.err)
			return -EBADMSG;
	}

	return 0;
}

uint32_t workarea_index(const void *area)
{
	return workarea_cell(area, CELL_INDEX);
}

int workarea_encode(void *area, size_t len, const struct cc_item *item)
{
	struct builder text =
		builder_of((uint8_t *)area + CC_TEXT_OFFSET, len - CC_TEXT_OFFSET);
	struct builder cells = builder_of((uint8_t *)area + 4 * CELL_NAME,
					  CC_TEXT_OFFSET - 4 * CELL_NAME);
	uint32_t value_at;

	if (!item->name)
		return 0;

	builder_str(&text, item->name);
	value_at = CC_TEXT_OFFSET + (uint32_t)text.len;
	if (item->status == CC_PROPERTY)
		builder_bytes(&text, item->value, item->len);
	if (!builder_fits(&text))
		return -ENOSPC;

	builder_be32(&cells, CC_TEXT_OFFSET);
	if (item->status == CC_PROPERTY) {
		builder_be32(&cells, item->len);
		builder_be32(&cells, value_at);
	}
	return 0;
}
