// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>

#include "wire/update.h"

/* Descriptors. Any other one is the length of the value; the length of a piece is
 * negated. */
#define DESCRIPTOR_EMPTY  0u
#define DESCRIPTOR_DELETE 0x80000000u

enum {
	STATE_OFFSET = 4,
	COUNT_OFFSET = 16,
	ENTRIES_OFFSET = 20,
};

void update_props_start(void *area, uint32_t phandle)
{
	struct builder b = builder_of(area, UPDATE_AREA_BYTES);

	memset(area, 0, UPDATE_AREA_BYTES);
	builder_be32(&b, phandle);
}

/* Read the descriptor and its value. */
static void update_props_read_value(struct cursor *c, struct update_prop *prop)
{
	uint32_t descriptor = cursor_be32(c);

	prop->len = 0;
	prop->value = NULL;
	if (descriptor == DESCRIPTOR_EMPTY) {
		prop->kind = UPDATE_PROP_EMPTY;
	} else if (descriptor == DESCRIPTOR_DELETE) {
		prop->kind = UPDATE_PROP_DELETE;
	} else {
		bool partial = descriptor > DESCRIPTOR_DELETE;

		prop->kind = partial ? UPDATE_PROP_PARTIAL : UPDATE_PROP_SET;
		prop->len = partial ? 0u - descriptor : descriptor;
		prop->value = cursor_bytes(c, prop->len);
	}
}

/* Read the first entry if it is the path. */
static int update_props_read_path(struct update_props_iter *it)
{
	struct update_prop path;

	if (!it->left || !cursor_left(&it->c) || *it->c.p)
		return 0;
	cursor_str(&it->c);
	update_props_read_value(&it->c, &path);
	if (it->c.err || path.kind != UPDATE_PROP_SET)
		return -EBADMSG;
	it->path = (const char *)path.value;
	it->path_len = strnlen(it->path, path.len);
	it->left--;
	return 0;
}

int update_props_begin(struct update_props_iter *it, const void *area, size_t len)
{
	*it = (struct update_props_iter){ .c = cursor_of(area, len) };
	it->phandle = cursor_be32(&it->c);
	cursor_bytes(&it->c, COUNT_OFFSET - STATE_OFFSET);
	it->left = cursor_be32(&it->c);
	return it->c.err ? -EBADMSG : update_props_read_path(it);
}

int update_props_next(struct update_props_iter *it, struct update_prop *out)
{
	if (!it->left)
		return 0;

	out->name = cursor_str(&it->c);
	update_props_read_value(&it->c, out);
	if (it->c.err || !dt_name_is_ok(out->name))
		return -EBADMSG;

	it->left--;
	return 1;
}

bool update_value_is_whole(const struct update_value *v)
{
	return !v->name[0];
}

int update_value_add(struct update_value *v, const struct update_prop *prop)
{
	bool more = prop->kind == UPDATE_PROP_PARTIAL;

	if (update_value_is_whole(v)) {
		v->value.len = 0;
	} else if (strcmp(v->name, prop->name) ||
		   (!more && prop->kind != UPDATE_PROP_SET)) {
		return -EBADMSG;
	}
	builder_bytes(&v->value, prop->value, prop->len);
	if (!builder_fits(&v->value))
		return -ENOSPC;
	if (snprintf(v->name, sizeof(v->name), "%s", more ? prop->name : "") >=
	    (int)sizeof(v->name))
		return -EBADMSG;
	return !more;
}

/* ---- Firmware side ---- */

uint32_t update_props_phandle(const void *area)
{
	struct cursor c = cursor_of(area, STATE_OFFSET);

	return cursor_be32(&c);
}

/* Where the next answer continues: words 1 and 2 of the area. All 0 is the path. */
struct place {
	uint32_t entry;	 /* 0: the path; n: property n - 1 */
	uint32_t offset; /* in its value */
};

static void update_props_encode_head(struct builder *b, const char *name,
				     uint32_t descriptor)
{
	builder_str(b, name);
	builder_be32(b, descriptor);
}

static size_t update_props_room(const struct builder *b)
{
	return b->len < b->size ? b->size - b->len : 0;
}

/* Append a piece of a value that does not fit in one answer. Return its bytes, or 0 if no
 * piece was appended. */
static uint32_t update_props_encode_piece(struct builder *b,
					  const struct update_prop *prop, uint32_t offset)
{
	size_t head = strlen(prop->name) + 1 + 4, room = update_props_room(b),
	       most = b->size - ENTRIES_OFFSET;
	uint32_t left = prop->len - offset, piece;

	/* A value that fits in one answer is not cut: firmware has no need to. */
	if (head >= room || (b->len > ENTRIES_OFFSET && left <= most - head))
		return 0;
	piece = (uint32_t)(room - head);
	update_props_encode_head(b, prop->name, 0u - piece);
	builder_bytes(b, prop->value + offset, piece);
	return piece;
}

/* Append the whole entry, or the remaining part. Return false if it does not fit. */
static bool update_props_encode_rest(struct builder *b, const struct update_prop *prop,
				     uint32_t offset)
{
	bool set = prop->kind == UPDATE_PROP_SET;
	uint32_t len = set ? prop->len - offset : 0;

	if (strlen(prop->name) + 1 + 4 + len > update_props_room(b))
		return false;
	update_props_encode_head(b, prop->name,
				 prop->kind == UPDATE_PROP_DELETE ? DESCRIPTOR_DELETE
								  : len);
	if (len)
		builder_bytes(b, prop->value + offset, len);
	return true;
}

static struct update_prop update_props_entry_at(const struct update_props_answer *answer,
						uint32_t entry)
{
	if (entry)
		return answer->props[entry - 1];
	return (struct update_prop){ .name = "",
				     .value = (const uint8_t *)answer->path,
				     .len = (uint32_t)strlen(answer->path) + 1 };
}

/* Append entries from *at, and set *at to the next one. Return their number. */
static uint32_t update_props_encode_entries(struct builder *b,
					    const struct update_props_answer *answer,
					    struct place *at)
{
	uint32_t n = 0;

	for (; at->entry <= answer->n; at->entry++, at->offset = 0, n++) {
		struct update_prop prop = update_props_entry_at(answer, at->entry);
		uint32_t piece;

		if (update_props_encode_rest(b, &prop, at->offset))
			continue;
		/* The path is never cut: no client would join its pieces. */
		piece = at->entry && prop.kind == UPDATE_PROP_SET
				? update_props_encode_piece(b, &prop, at->offset)
				: 0;
		at->offset += piece;
		return n + !!piece;
	}
	return n;
}

static bool update_props_place_is_valid(const struct update_props_answer *answer,
					const struct place *at)
{
	if (at->entry > answer->n)
		return false;
	return !at->offset ||
	       (at->entry && at->offset < answer->props[at->entry - 1].len);
}

int update_props_answer(void *area, const struct update_props_answer *answer)
{
	size_t limit =
		answer->limit < UPDATE_AREA_BYTES ? answer->limit : UPDATE_AREA_BYTES;
	struct cursor c = cursor_of(area, UPDATE_STATE_BYTES);
	struct builder b = builder_of(area, limit);
	uint32_t phandle = cursor_be32(&c), n;
	struct place at;
	bool more;

	at.entry = cursor_be32(&c);
	at.offset = cursor_be32(&c);
	if (phandle != answer->phandle || !update_props_place_is_valid(answer, &at))
		return -EINVAL;
	if (limit < ENTRIES_OFFSET)
		return -ENOSPC;
	memset((uint8_t *)area + COUNT_OFFSET, 0, UPDATE_AREA_BYTES - COUNT_OFFSET);
	b.len = ENTRIES_OFFSET;
	n = update_props_encode_entries(&b, answer, &at);
	if (!n)
		return -ENOSPC;
	more = at.entry <= answer->n;
	b.len = STATE_OFFSET;
	builder_be32(&b, more ? at.entry : 0);
	builder_be32(&b, more ? at.offset : 0);
	b.len = COUNT_OFFSET;
	builder_be32(&b, n);
	return more ? UPDATE_MORE : UPDATE_DONE;
}
