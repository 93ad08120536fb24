// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/mem/lmb_list.h"

/* Limits for firmware's numbers, above those of Linux (2^51 bytes). A loop over all LMBs,
 * or over all their memory blocks, ends within seconds. */
enum { LMBS_MAX = 1 << 20 };
static const uint64_t lmb_list_bytes_max = UINT64_C(1) << 52;

static bool connector_is_memory(const char *type)
{
	return !strcmp(type, "MEM");
}

/* ---- Reading ---- */

/* Read the property. Return 0, -ENOENT if it is missing, or -EBADMSG. */
static int lmb_list_read_property(struct lmb_list *list)
{
	const struct kern_root *root = list->dr->root;
	_cleanup_prop_ struct prop size = { 0 };
	struct dynmem *dm = &list->dm;
	struct dynmem_sum sum;
	int err;

	dm->version = DYNMEM_V1;
	err = prop_read(root, DYNMEM_NODE, DYNMEM_V1_PROP, &list->raw);
	if (err == -ENOENT) {
		dm->version = DYNMEM_V2;
		err = prop_read(root, DYNMEM_NODE, DYNMEM_V2_PROP, &list->raw);
	}
	if (err)
		return err;

	list->raw.data = mem_own(list->mem, list->raw.data);
	if (mem_check(list->mem))
		return -ENOMEM;
	dm->prop = list->raw.data;
	dm->len = list->raw.len;
	err = prop_read(root, DYNMEM_NODE, DYNMEM_LMB_SIZE_PROP, &size);
	if (!err)
		err = dynmem_lmb_size(size.data, size.len, &dm->lmb_bytes);
	if (!err)
		err = dynmem_sum(dm, &sum);
	if (err)
		return err == -ENOMEM ? err : -EBADMSG;
	if (sum.lmbs > LMBS_MAX || sum.lmbs > lmb_list_bytes_max / dm->lmb_bytes)
		return -E2BIG;
	if (sum.trailing)
		dr_warn(list->dr, "%s: %zu bytes after the last entry", DYNMEM_NODE,
			sum.trailing);
	return 0;
}

static int lmb_list_read_connectors(struct lmb_list *list)
{
	const struct connectors *cs = &list->connectors;
	int err = connectors_read_node(&list->connectors, list->mem, list->dr, "/",
				       connector_is_memory);

	for (size_t i = 0; !err && i < cs->n; i++)
		number_map_add(list->mem, &list->by_index, cs->list[i].drc.index, i);
	number_map_sort(&list->by_index);
	if (!err)
		err = mem_check(list->mem);
	list->has_connectors = true;
	list->connectors_err = err == -ENOENT ? 0 : err;
	return list->connectors_err;
}

int lmb_list_read(struct lmb_list *list, struct mem *m, const struct dr_ctx *dr)
{
	int err;

	*list = (struct lmb_list){ .mem = m, .dr = dr };
	err = lmb_list_read_property(list);
	if (err == -EBADMSG)
		dr_warn(dr, "%s: damaged", DYNMEM_NODE);
	if (err == -E2BIG)
		dr_warn(dr, "%s: more LMBs than a partition can have", DYNMEM_NODE);
	if (err)
		return err == -ENOENT ? -ENODEV : err;
	affinity_read(&list->affinity, m, dr);
	return mem_check(m);
}

/* ---- Iteration ---- */

int lmb_list_begin(struct lmb_iter *it, struct lmb_list *list)
{
	*it = (struct lmb_iter){ .list = list };
	return dynmem_begin(&it->sets, &list->dm);
}

int lmb_list_next(struct lmb_iter *it, struct lmb_row *row)
{
	int more;

	if (it->n == it->set.count) {
		it->n = 0;
		it->set.count = 0;
		more = dynmem_next(&it->sets, &it->set);
		if (more != 1)
			return more;
	}
	*row = (struct lmb_row){
		.lmb = lmb_set_nth(&it->set, it->n++, it->list->dm.lmb_bytes),
		.state = lmb_state_of(it->set.flags),
	};
	return 1;
}

/* ---- Properties of one LMB ---- */

int lmb_connector(struct lmb_list *list, uint32_t drc_index, const struct connector **c)
{
	int err = list->has_connectors ? list->connectors_err
				       : lmb_list_read_connectors(list);
	size_t at;

	*c = !err && number_map_find(&list->by_index, drc_index, &at)
		     ? &list->connectors.list[at]
		     : NULL;
	return err;
}

uint32_t lmb_numa_node(const struct lmb_list *list, const struct lmb_row *row)
{
	return affinity_of_array(&list->affinity, row->lmb.array);
}

int lmb_block_range(struct lmb_list *list, uint64_t address, struct block_range *range)
{
	uint64_t *bytes = &list->blocks.bytes, end = address + list->dm.lmb_bytes;
	int err = *bytes ? 0 : memory_block_bytes(list->dr->root, bytes);

	*range = (struct block_range){ 0 };
	if (!err && *bytes) /* a block may be larger than an LMB */
		*range = (struct block_range){ address / *bytes,
					       (end + *bytes - 1) / *bytes };
	return err;
}

int lmb_blocks(struct lmb_list *list, uint64_t address, struct block_range *range)
{
	int err = list->has_blocks
			  ? 0
			  : memory_blocks_read(&list->blocks, list->mem, list->dr->root);

	list->has_blocks = !err;
	*range = (struct block_range){ 0 };
	return err ? err : lmb_block_range(list, address, range);
}

int lmb_list_total(struct lmb_list *list, uint64_t *bytes)
{
	const struct number_set *present = &list->blocks.present;
	struct block_range range;
	int err = lmb_blocks(list, 0, &range);

	*bytes = 0;
	for (size_t i = 0; !err && i < present->n_words; i++)
		*bytes += (uint64_t)__builtin_popcountll(present->words[i]);
	*bytes *= list->blocks.bytes;
	return err ? err : *bytes ? 0 : -ENODATA;
}

int lmb_is_removable(struct lmb_list *list, const struct lmb_row *row, bool *removable)
{
	struct block_range range;
	int err = lmb_blocks(list, row->lmb.address, &range), is = 1;

	if (err)
		return err;
	*removable = row->state == LMB_OWNED;
	for (uint64_t n = range.first; *removable && n < range.end; n++) {
		if (number_set_has(&list->blocks.present, n))
			is = memory_blocks_is_removable(&list->blocks, list->dr->root, n);
		if (is < 0)
			return is;
		*removable = is;
	}
	return 0;
}
