// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wire/assoc.h"
#include "wire/cas.h"

/* Skip the first byte of the property: it is the length of the vector - 1. */
unsigned int assoc_forms(const void *vector5, size_t len)
{
	const uint8_t *bytes = vector5;
	size_t vector_len;

	if (len < 2)
		return 0;
	vector_len = (size_t)bytes[0] + 1;
	if (vector_len > len - 1)
		vector_len = len - 1;
	return (cas_test(bytes + 1, vector_len, OV5_FORM1_AFFINITY) ? ASSOC_FORM1 : 0) |
	       (cas_test(bytes + 1, vector_len, OV5_FORM2_AFFINITY) ? ASSOC_FORM2 : 0);
}

int assoc_reference_point(const void *prop, size_t len, size_t n, uint32_t *depth)
{
	struct cells points;

	if (cells_read(&points, prop, len))
		return -EBADMSG;
	if (n >= points.n)
		return -ENOENT;
	*depth = cells_at(&points, n);
	return *depth ? 0 : -EBADMSG;
}

/* Read a count, followed by at least that many cells. */
static int assoc_read_list(struct cells *list, const void *prop, size_t len)
{
	struct cursor c = cursor_of(prop, len);
	uint32_t n = cursor_be32(&c);

	if (c.err || n > cursor_left(&c) / 4)
		return -EBADMSG;
	return cells_read(list, c.p, (size_t)n * 4);
}

int assoc_domain(const void *prop, size_t len, uint32_t depth, uint32_t *domain)
{
	struct cells list;
	int err = assoc_read_list(&list, prop, len);

	if (err)
		return err;
	if (!depth || depth > list.n)
		return -ERANGE;
	*domain = cells_at(&list, depth - 1);
	return 0;
}

int assoc_arrays_read(struct assoc_arrays *aa, const void *prop, size_t len)
{
	struct cursor c = cursor_of(prop, len);

	aa->arrays = cursor_be32(&c);
	aa->entries = cursor_be32(&c);
	if (c.err || cells_read(&aa->domains, c.p, cursor_left(&c)) ||
	    aa->domains.n != (uint64_t)aa->arrays * aa->entries ||
	    aa->entries > ASSOC_ENTRIES_MAX || (aa->arrays && !aa->entries))
		return -EBADMSG;
	return 0;
}

int assoc_arrays_domain(const struct assoc_arrays *aa, uint32_t index, uint32_t depth,
			uint32_t *domain)
{
	if (!depth || depth > aa->entries)
		return -ERANGE;
	if (index >= aa->arrays)
		return -ENOENT;
	*domain = cells_at(&aa->domains, (size_t)index * aa->entries + depth - 1);
	return 0;
}

static bool assoc_array_is(const struct assoc_arrays *aa, uint32_t index,
			   const struct cells *list)
{
	for (uint32_t i = 0; i < aa->entries; i++)
		if (cells_at(&aa->domains, (size_t)index * aa->entries + i) !=
		    cells_at(list, i))
			return false;
	return true;
}

int assoc_arrays_find(const struct assoc_arrays *aa, const void *prop, size_t len,
		      uint32_t *index)
{
	struct cells list;
	int err = assoc_read_list(&list, prop, len);

	if (err)
		return err;
	if (!aa->entries || list.n < aa->entries)
		return -ENOENT;
	for (*index = 0; *index < aa->arrays; ++*index)
		if (assoc_array_is(aa, *index, &list))
			return 0;
	return -ENOENT;
}

int assoc_distances_read(struct assoc_distances *d, const void *index_table,
			 size_t index_len, const void *distance_table,
			 size_t distance_len)
{
	struct cursor c = cursor_of(distance_table, distance_len);
	uint32_t n = cursor_be32(&c);

	if (assoc_read_list(&d->domains, index_table, index_len) || c.err ||
	    n != (uint64_t)d->domains.n * d->domains.n)
		return -EBADMSG;
	d->bytes = cursor_bytes(&c, n);
	return d->bytes ? 0 : -EBADMSG;
}

int assoc_distance(const struct assoc_distances *d, uint32_t from, uint32_t to,
		   uint8_t *distance)
{
	size_t row, column;

	if (!cells_find(&d->domains, from, &row) || !cells_find(&d->domains, to, &column))
		return -ENOENT;
	*distance = d->bytes[row * d->domains.n + column];
	return 0;
}
