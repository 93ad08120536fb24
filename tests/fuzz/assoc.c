// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libwire.la */
/* Associativity: a byte for a depth and one for an index, a be16 length and so many bytes
 * of one property, then another. Each is decoded as each kind. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/unit/fakes/encode.h"
#include "wire/assoc.h"

static void check_arrays(const void *prop, size_t len, uint32_t index, uint32_t depth)
{
	uint32_t domain, found, domains[256];
	uint8_t bytes[2048];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct assoc_arrays aa;

	if (assoc_arrays_read(&aa, prop, len))
		return;
	if (!assoc_arrays_domain(&aa, index, depth, &domain))
		MUST(index < aa.arrays && depth && depth <= aa.entries);
	if (!assoc_arrays_find(&aa, prop, len, &found))
		MUST(found < aa.arrays);
	if (aa.domains.n > sizeof(domains) / sizeof(domains[0]))
		return;
	for (size_t i = 0; i < aa.domains.n; i++)
		domains[i] = cells_at(&aa.domains, i);
	assoc_arrays_encode(&b, aa.arrays, aa.entries, domains);
	MUST(builder_fits(&b) && b.len == len && !memcmp(bytes, prop, len));
}

static void check_distances(struct cursor ids, struct cursor table)
{
	struct assoc_distances d;
	uint8_t distance;

	if (assoc_distances_read(&d, ids.p, cursor_left(&ids), table.p,
				 cursor_left(&table)))
		return;
	for (size_t i = 0; i < d.domains.n && i < 64; i++)
		MUST(!assoc_distance(&d, cells_at(&d.domains, i), cells_at(&d.domains, 0),
				     &distance));
}

static void check(struct cursor prop, uint32_t index, uint32_t depth)
{
	size_t len = cursor_left(&prop), at;
	struct cells cells;
	uint32_t v;

	MUST(assoc_forms(prop.p, len) <= (ASSOC_FORM1 | ASSOC_FORM2));
	if (!assoc_reference_point(prop.p, len, index, &v))
		MUST(v);
	assoc_domain(prop.p, len, depth, &v);
	check_arrays(prop.p, len, index, depth);
	if (!cells_read(&cells, prop.p, len) && cells.n)
		MUST(cells_find(&cells, cells_at(&cells, cells.n - 1), &at));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size), first;
	uint32_t depth = cursor_u8(&c), index = cursor_u8(&c);
	size_t len = cursor_be16(&c);
	const uint8_t *bytes = cursor_bytes(&c, len);

	if (c.err)
		return 0;
	first = cursor_of(bytes, len);
	check(first, index, depth);
	check(c, index, depth);
	check_distances(first, c);
	return 0;
}
