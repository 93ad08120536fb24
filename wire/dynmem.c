// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/dynmem.h"

enum { ENTRY_BYTES = 24 }; /* in both versions */

enum lmb_state lmb_state_of(uint32_t flags)
{
	if (flags & (LMB_RESERVED | LMB_DRC_INVALID))
		return LMB_FIXED;
	return flags & LMB_ASSIGNED ? LMB_OWNED : LMB_FREE;
}

static bool lmb_set_is_indexed(const struct lmb_set *set)
{
	return !(set->flags & LMB_DRC_INVALID);
}

struct lmb lmb_set_nth(const struct lmb_set *set, uint32_t n, uint64_t lmb_bytes)
{
	return (struct lmb){
		.address = set->address + n * lmb_bytes,
		.drc_index = lmb_set_is_indexed(set) ? set->drc_index + n : 0,
		.array = set->flags & LMB_ARRAY_INVALID ? LMB_NO_ARRAY : set->array,
		.flags = set->flags,
	};
}

int dynmem_lmb_size(const void *prop, size_t len, uint64_t *bytes)
{
	struct cursor c = cursor_of(prop, len);

	if (len != 4 && len != 8)
		return -EBADMSG;
	*bytes = len == 8 ? cursor_be64(&c) : cursor_be32(&c);
	return *bytes < LMB_BYTES_MIN || *bytes > LMB_BYTES_MAX || *bytes & (*bytes - 1)
		       ? -EBADMSG
		       : 0;
}

/* ---- Reading ---- */

int dynmem_begin(struct dynmem_iter *it, const struct dynmem *dm)
{
	*it = (struct dynmem_iter){ .c = cursor_of(dm->prop, dm->len),
				    .version = dm->version,
				    .lmb_bytes = dm->lmb_bytes };
	it->left = cursor_be32(&it->c);
	if (it->c.err || !dm->lmb_bytes || it->left > cursor_left(&it->c) / ENTRY_BYTES)
		return -EBADMSG;
	it->trailing = cursor_left(&it->c) - (size_t)it->left * ENTRY_BYTES;
	return 0;
}

/* Return true if the address of the last byte, or the last DRC index, exceeds its
 * type. */
static bool lmb_set_wraps(const struct lmb_set *set, uint64_t lmb_bytes)
{
	uint32_t last = set->count - 1, index;
	uint64_t bytes, at;

	return __builtin_mul_overflow(set->count, lmb_bytes, &bytes) ||
	       __builtin_add_overflow(set->address, bytes - 1, &at) ||
	       (lmb_set_is_indexed(set) &&
		__builtin_add_overflow(set->drc_index, last, &index));
}

/* Read the next entry. dynmem_begin() has checked that all entries are present. */
static struct lmb_set dynmem_read_entry(struct dynmem_iter *it)
{
	struct cursor *c = &it->c;
	struct lmb_set set = { .count = 1 };

	if (it->version == DYNMEM_V2)
		set.count = cursor_be32(c);
	set.address = cursor_be64(c);
	set.drc_index = cursor_be32(c);
	if (it->version == DYNMEM_V1)
		cursor_be32(c); /* reserved */
	set.array = cursor_be32(c);
	set.flags = cursor_be32(c);
	it->left--;
	return set;
}

/* Append next to set if it continues it. The joined set must not wrap, so the end of set,
 * where next must begin, does not wrap either. */
static bool lmb_set_join(struct lmb_set *set, const struct lmb_set *next,
			 uint64_t lmb_bytes)
{
	struct lmb_set whole = *set;

	if (__builtin_add_overflow(set->count, next->count, &whole.count) ||
	    lmb_set_wraps(&whole, lmb_bytes) || next->flags != set->flags ||
	    next->array != set->array ||
	    next->address != set->address + set->count * lmb_bytes ||
	    next->drc_index !=
		    set->drc_index + (lmb_set_is_indexed(set) ? set->count : 0))
		return false;
	*set = whole;
	return true;
}

int dynmem_next(struct dynmem_iter *it, struct lmb_set *out)
{
	struct lmb_set next;
	struct dynmem_iter before;

	do {
		if (!it->left)
			return 0;
		*out = dynmem_read_entry(it);
	} while (!out->count);
	if (lmb_set_wraps(out, it->lmb_bytes))
		return -EBADMSG;

	while (it->left) {
		before = *it;
		next = dynmem_read_entry(it);
		if (!next.count || lmb_set_join(out, &next, it->lmb_bytes))
			continue;
		*it = before;
		break;
	}
	return 1;
}

int dynmem_sum(const struct dynmem *dm, struct dynmem_sum *sum)
{
	struct dynmem_iter it;
	struct lmb_set set;
	int more = dynmem_begin(&it, dm);

	*sum = (struct dynmem_sum){ .trailing = it.trailing };
	while (!more && (more = dynmem_next(&it, &set)) > 0) {
		enum lmb_state state = lmb_state_of(set.flags);

		sum->sets++;
		sum->lmbs += set.count;
		*(state == LMB_OWNED  ? &sum->owned
		  : state == LMB_FREE ? &sum->free
				      : &sum->fixed) += set.count;
		more = 0;
	}
	return more;
}

/* ---- Writing ---- */

static void dynmem_encode_entry(struct builder *b, enum dynmem_version version,
				const struct lmb_set *set)
{
	if (version == DYNMEM_V2)
		builder_be32(b, set->count);
	builder_be64(b, set->address);
	builder_be32(b, set->drc_index);
	if (version == DYNMEM_V1)
		builder_be32(b, 0);
	builder_be32(b, set->array);
	builder_be32(b, set->flags);
}

void lmb_set_encode(struct builder *b, enum dynmem_version version,
		    const struct lmb_set *set, uint64_t lmb_bytes)
{
	struct lmb_set one = *set;

	if (version == DYNMEM_V2) {
		dynmem_encode_entry(b, version, set);
		return;
	}
	for (uint32_t n = 0; n < set->count; n++) {
		dynmem_encode_entry(b, version, &one);
		one.address += lmb_bytes;
		one.drc_index += lmb_set_is_indexed(set);
	}
}

/* ---- Other properties about memory ---- */

int lrdr_capacity_decode(struct lrdr_capacity *lrdr, const void *prop, size_t len)
{
	struct cursor c = cursor_of(prop, len);

	lrdr->max_memory_bytes = cursor_be64(&c);
	lrdr->lmb_bytes = cursor_be64(&c);
	lrdr->max_cpus = cursor_be32(&c);
	return c.err ? -EBADMSG : 0;
}
