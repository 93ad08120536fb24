// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel_lmb.h"
#include "wire/assoc.h"

#define LMB_BYTES (256ULL << 20) /* default, if the tree does not say */

enum { LMBS_MAX = 1 << 20 };

/* ---- Reading the tree ---- */

static int reserve(struct klmbs *lmbs, size_t more)
{
	size_t room = lmbs->n + more;
	struct klmb *all;

	if (more > LMBS_MAX || room > LMBS_MAX)
		return -E2BIG;
	if (room <= lmbs->room)
		return 0;
	room += room / 2;
	all = realloc(lmbs->all, room * sizeof(*all));
	if (!all)
		return -ENOMEM;
	lmbs->all = all;
	lmbs->room = room;
	return 0;
}

/* Add the LMBs of a set. In version 2 the kernel increments the index within the set,
 * even if the index is invalid. */
static int add_set(struct klmbs *lmbs, const struct lmb_set *set)
{
	bool same = lmbs->version == DYNMEM_V1 && set->flags & LMB_DRC_INVALID;
	int err = reserve(lmbs, set->count);

	for (uint32_t i = 0; !err && i < set->count; i++)
		lmbs->all[lmbs->n++] =
			(struct klmb){ .address = set->address + i * lmbs->lmb_bytes,
				       .index = set->drc_index + (same ? 0 : i),
				       .array = set->array,
				       .flags = set->flags };
	return err;
}

static int compare(const void *a, const void *b)
{
	const struct klmb *x = *(struct klmb *const *)a, *y = *(struct klmb *const *)b;

	if (x->index != y->index)
		return x->index < y->index ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int sort(struct klmbs *lmbs)
{
	lmbs->by_index = calloc(lmbs->n + 1, sizeof(struct klmb *));
	if (!lmbs->by_index)
		return -ENOMEM;
	for (size_t i = 0; i < lmbs->n; i++)
		lmbs->by_index[i] = &lmbs->all[i];
	qsort(lmbs->by_index, lmbs->n, sizeof(struct klmb *), compare);
	return 0;
}

int klmbs_read(struct kernel *k, struct klmbs *lmbs)
{
	const struct dt_node *node = ktree_find(k, DYNMEM_NODE);
	struct dynmem dm = { .version = DYNMEM_V2, .lmb_bytes = LMB_BYTES };
	struct dynmem_iter it;
	struct lmb_set set;
	const void *bytes;
	size_t len;
	int more;

	bytes = ktree_get(node, DYNMEM_LMB_SIZE_PROP, &len);
	if (bytes && dynmem_lmb_size(bytes, len, &dm.lmb_bytes))
		dm.lmb_bytes = LMB_BYTES;
	dm.prop = ktree_get(node, DYNMEM_V2_PROP, &dm.len);
	if (!dm.prop) {
		dm.version = DYNMEM_V1;
		dm.prop = ktree_get(node, DYNMEM_V1_PROP, &dm.len);
	}
	*lmbs = (struct klmbs){ .version = dm.version, .lmb_bytes = dm.lmb_bytes };
	if (!dm.prop)
		return sort(lmbs);

	more = dynmem_begin(&it, &dm);
	while (!more && (more = dynmem_next(&it, &set)) > 0)
		more = add_set(lmbs, &set);
	return more ? more : sort(lmbs);
}

void klmbs_free(struct klmbs *lmbs)
{
	free(lmbs->all);
	free(lmbs->by_index);
	*lmbs = (struct klmbs){ 0 };
}

struct klmb *klmb_find(const struct klmbs *lmbs, uint32_t index)
{
	size_t low = 0, high = lmbs->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (lmbs->by_index[middle]->index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low < lmbs->n && lmbs->by_index[low]->index == index ? lmbs->by_index[low]
								    : NULL;
}

/* ---- Writing the tree ---- */

static size_t run_of(const struct klmbs *lmbs, size_t i)
{
	const struct klmb *first = &lmbs->all[i];
	size_t n = 1;

	while (lmbs->version == DYNMEM_V2 && i + n < lmbs->n &&
	       first[n].array == first->array && first[n].flags == first->flags)
		n++;
	return n;
}

/* Write the table as sets. Return the number of entries. */
static uint32_t put_sets(const struct klmbs *lmbs, struct builder *b)
{
	uint32_t entries = 0;
	size_t n;

	for (size_t i = 0; i < lmbs->n; i += n, entries++) {
		const struct klmb *first = &lmbs->all[i];

		n = run_of(lmbs, i);
		lmb_set_encode(b, lmbs->version,
			       &(struct lmb_set){ .address = first->address,
						  .count = (uint32_t)n,
						  .drc_index = first->index,
						  .array = first->array,
						  .flags = first->flags },
			       lmbs->lmb_bytes);
	}
	return entries;
}

int klmbs_write(struct kernel *k, const struct klmbs *lmbs)
{
	struct dt_node *node = ktree_find(k, DYNMEM_NODE);
	struct builder b = { 0 };
	uint32_t entries = put_sets(lmbs, &b);
	size_t len = 4 + b.len;
	int err;

	if (!node)
		return -ENODEV;
	b = builder_of(malloc(len), len);
	if (!b.buf)
		return -ENOMEM;
	builder_be32(&b, entries);
	put_sets(lmbs, &b);
	err = ktree_set(node,
			lmbs->version == DYNMEM_V1 ? DYNMEM_V1_PROP : DYNMEM_V2_PROP,
			b.buf, b.len);
	free(b.buf);
	return err;
}

/* ---- Associativity ---- */

/* Append an array to the property. list: a count, then the domains; the array is its
 * first arrays->entries domains. */
static int append_array(struct dt_node *drconf, const struct assoc_arrays *arrays,
			const uint8_t *list, size_t list_len)
{
	size_t own = (size_t)arrays->entries * 4, len;
	const uint8_t *old = ktree_get(drconf, ASSOC_ARRAYS_PROP, &len);
	struct builder b;
	int err;

	if (list_len < 4 + own)
		return -EINVAL;
	b = builder_of(malloc(len + own), len + own);
	if (!b.buf)
		return -ENOMEM;
	builder_be32(&b, arrays->arrays + 1);
	builder_bytes(&b, old + 4, len - 4);
	builder_bytes(&b, list + 4, own);
	err = ktree_set(drconf, ASSOC_ARRAYS_PROP, b.buf, b.len);
	free(b.buf);
	return err;
}

static int look_up(struct dt_node *drconf, const struct dt_node *node, uint32_t *array)
{
	struct assoc_arrays arrays;
	size_t len, list_len;
	const void *prop = ktree_get(drconf, ASSOC_ARRAYS_PROP, &len);
	const void *list = ktree_get(node, ASSOC_PROP, &list_len);
	int err;

	if (!prop || !list || assoc_arrays_read(&arrays, prop, len))
		return -EINVAL;
	err = assoc_arrays_find(&arrays, list, list_len, array);
	if (err != -ENOENT)
		return err;
	*array = arrays.arrays;
	return append_array(drconf, &arrays, list, list_len);
}

int klmb_find_array(struct kernel *k, uint32_t index, uint32_t *array)
{
	struct dt_node *drconf = ktree_find(k, DYNMEM_NODE), *node;
	int err;

	if (!drconf || kdrc_attach(k, index, drconf, &node))
		return -EINVAL;
	err = look_up(drconf, node, array);
	/* No other part of the kernel has seen this node. */
	ktree_drop(node);
	return err;
}
