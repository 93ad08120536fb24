// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>

#include "wire/drc_info.h"

int drc_info_begin(struct drc_info_iter *it, const void *prop, size_t len)
{
	it->c = cursor_of(prop, len);
	it->left = cursor_be32(&it->c);
	return it->c.err ? -EBADMSG : 0;
}

int drc_info_next(struct drc_info_iter *it, struct drc_info *out)
{
	struct cursor *c = &it->c;

	if (!it->left)
		return 0;

	out->type = cursor_str(c);
	out->name_prefix = cursor_str(c);
	out->index_start = cursor_be32(c);
	out->suffix_start = cursor_be32(c);
	out->count = cursor_be32(c);
	out->step = cursor_be32(c);
	out->power_domain = cursor_be32(c);
	if (c->err)
		return -EBADMSG;

	it->left--;
	return 1;
}

int drc_info_nth(const struct drc_info *di, uint32_t n, uint32_t *index, char *name,
		 size_t len)
{
	uint32_t off, suffix;
	int w;

	if (n >= di->count || __builtin_mul_overflow(n, di->step, &off) ||
	    __builtin_add_overflow(di->index_start, off, index) ||
	    __builtin_add_overflow(di->suffix_start, off, &suffix))
		return -ERANGE;

	w = snprintf(name, len, "%s%u", di->name_prefix, suffix);
	return w < 0 || (size_t)w >= len ? -ENAMETOOLONG : 0;
}

void drc_info_encode(struct builder *b, const struct drc_info *entries, uint32_t n)
{
	builder_be32(b, n);
	for (uint32_t i = 0; i < n; i++) {
		const struct drc_info *di = &entries[i];

		builder_str(b, di->type);
		builder_str(b, di->name_prefix);
		builder_be32(b, di->index_start);
		builder_be32(b, di->suffix_start);
		builder_be32(b, di->count);
		builder_be32(b, di->step);
		builder_be32(b, di->power_domain);
	}
}
