// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/mem/lmb_list.h"

/* Limits for firmware's numbers, above those of Linux (2^51 bytes). A loop over all LMBs,
 * or over all their memory blocks, ends within seconds. */
enum { LMBS_MAX = 1 << 20 };
static const uint64_t lmb_list_bytes_max = UINT64_C(1) << 52;

/* Parts of an iteration, in this order. */
enum { PART_SETS, PART_NODES, PART_CONNECTORS, PART_END };

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
	list->is_dynamic = true;
	list->lmb_bytes = dm->lmb_bytes;
	return 0;
}

static int lmb_list_read_dynamic(struct lmb_list *list)
{
	int err = lmb_list_read_property(list);

	if (err == -ENOENT)
		return 0;
	if (err == -EBADMSG)
		dr_warn(list->dr, "%s: damaged", DYNMEM_NODE);
	if (err == -E2BIG)
		dr_warn(list->dr, "%s: more LMBs than a partition can have", DYNMEM_NODE);
	return err;
}

/* The number of cells in addresses and sizes below "/". */
struct root_cells {
	unsigned int address, size;
};

static unsigned int root_cells_read(const struct dr_ctx *dr, const char *name)
{
	uint32_t cells;

	return prop_u32(dr->root, "/", name, &cells) ? 2 : cells;
}

/* Read a node. Return 1 if it has a connector, 0 if not, or a negative errno. */
static int memory_node_read(const struct dr_ctx *dr, const struct root_cells *cells,
			    struct memory_node *node)
{
	_cleanup_prop_ struct prop reg = { 0 };
	struct cursor c;
	int err = prop_u32(dr->root, node->path, "ibm,my-drc-index", &node->drc_index);

	if (!err)
		err = prop_read(dr->root, node->path, "reg", &reg);
	if (err)
		return kern_read_failure(err);
	c = cursor_of(reg.data, reg.len);
	if (memory_reg_next(&c, cells->address, cells->size, &node->address,
			    &node->bytes) == 1 &&
	    node->bytes <= LMB_BYTES_MAX)
		return 1;
	dr_warn(dr, "%s/reg: damaged, ignored", node->path);
	return 0;
}

static int lmb_list_add_node(struct lmb_list *list, const struct root_cells *cells,
			     const char *name)
{
	struct memory_node node = { .path = mem_text(list->mem, "/%s", name) };
	int got = memory_node_read(list->dr, cells, &node);

	if (got != 1)
		return got;
	number_map_add(list->mem, &list->by_node, node.drc_index, list->n_nodes);
	*vec_add(list->mem, list->nodes, list->n_nodes) = node;
	return 0;
}

static int lmb_list_read_nodes(struct lmb_list *list)
{
	const struct root_cells cells = { root_cells_read(list->dr, "#address-cells"),
					  root_cells_read(list->dr, "#size-cells") };
	_cleanup_names_ struct kern_names names = { 0 };
	int err = node_children(list->dr->root, "/", &names);

	for (size_t i = 0; !err && i < names.n; i++)
		if (!strncmp(names.name[i], "memory@", 7))
			err = lmb_list_add_node(list, &cells, names.name[i]);
	number_map_sort(&list->by_node);
	return err ? err : mem_check(list->mem);
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

/* Return the LMB size without the property: that of the first node, or from "/rtas". */
static uint64_t lmb_list_plain_bytes(const struct lmb_list *list)
{
	_cleanup_prop_ struct prop prop = { 0 };
	struct lrdr_capacity lrdr;

	if (list->n_nodes)
		return list->nodes[0].bytes;
	if (prop_read(list->dr->root, "/rtas", "ibm,lrdr-capacity", &prop) ||
	    lrdr_capacity_decode(&lrdr, prop.data, prop.len) ||
	    lrdr.lmb_bytes > LMB_BYTES_MAX)
		return 0;
	return lrdr.lmb_bytes;
}

static int lmb_list_read_plain(struct lmb_list *list)
{
	int err = lmb_list_read_connectors(list);

	list->lmb_bytes = lmb_list_plain_bytes(list);
	return err || list->n_nodes || list->connectors.n ? err : -ENODEV;
}

int lmb_list_read(struct lmb_list *list, struct mem *m, const struct dr_ctx *dr)
{
	int err;

	*list = (struct lmb_list){ .mem = m, .dr = dr };
	err = lmb_list_read_dynamic(list);
	if (!err)
		err = lmb_list_read_nodes(list);
	if (!err && !list->is_dynamic)
		err = lmb_list_read_plain(list);
	if (err)
		return err;
	affinity_read(&list->affinity, m, dr);
	return mem_check(m);
}

/* ---- Iteration ---- */

int lmb_list_begin(struct lmb_iter *it, struct lmb_list *list)
{
	*it = (struct lmb_iter){ .list = list,
				 .part = list->is_dynamic ? PART_SETS : PART_NODES };
	return list->is_dynamic ? dynmem_begin(&it->sets, &list->dm) : 0;
}

static int lmb_iter_next_of_set(struct lmb_iter *it, struct lmb_row *row)
{
	uint64_t bytes = it->list->lmb_bytes;
	int more;

	if (it->n == it->set.count) {
		it->n = 0;
		it->set.count = 0;
		more = dynmem_next(&it->sets, &it->set);
		if (more != 1)
			return more;
	}
	*row = (struct lmb_row){ .lmb = lmb_set_nth(&it->set, it->n++, bytes),
				 .bytes = bytes,
				 .state = lmb_state_of(it->set.flags),
				 .has_address = true };
	return 1;
}

static int lmb_iter_next_node(struct lmb_iter *it, struct lmb_row *row)
{
	const struct memory_node *node;

	if (it->node == it->list->n_nodes)
		return 0;
	node = &it->list->nodes[it->node++];
	*row = (struct lmb_row){ .lmb = { .address = node->address,
					  .drc_index = node->drc_index,
					  .array = LMB_NO_ARRAY },
				 .bytes = node->bytes,
				 .state = LMB_OWNED,
				 .node = node,
				 .has_address = true };
	return 1;
}

static int lmb_iter_next_connector(struct lmb_iter *it, struct lmb_row *row)
{
	const struct lmb_list *list = it->list;
	size_t node;

	while (it->c < list->connectors.n) {
		uint32_t index = list->connectors.list[it->c++].drc.index;

		if (number_map_find(&list->by_node, index, &node))
			continue;
		*row = (struct lmb_row){ .lmb = { .drc_index = index,
						  .array = LMB_NO_ARRAY },
					 .bytes = list->lmb_bytes,
					 .state = LMB_FREE };
		return 1;
	}
	return 0;
}

int lmb_list_next(struct lmb_iter *it, struct lmb_row *row)
{
	int more = 0;

	for (; !more && it->part < PART_END; it->part += !more) {
		if (it->part == PART_SETS)
			more = lmb_iter_next_of_set(it, row);
		else if (it->part == PART_NODES)
			more = lmb_iter_next_node(it, row);
		else if (!it->list->is_dynamic)
			more = lmb_iter_next_connector(it, row);
	}
	return more;
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

const char *lmb_node(const struct lmb_list *list, uint32_t drc_index)
{
	size_t at;

	return number_map_find(&list->by_node, drc_index, &at) ? list->nodes[at].path
							       : NULL;
}

uint32_t lmb_numa_node(const struct lmb_list *list, const struct lmb_row *row)
{
	return row->node ? affinity_of_path(&list->affinity, list->dr, row->node->path)
			 : affinity_of_array(&list->affinity, row->lmb.array);
}

int lmb_blocks(struct lmb_list *list, const struct lmb_row *row,
	       struct block_range *range)
{
	int err = list->has_blocks
			  ? 0
			  : memory_blocks_read(&list->blocks, list->mem, list->dr->root);
	uint64_t bytes;

	list->has_blocks = !err;
	*range = (struct block_range){ 0 };
	bytes = list->blocks.bytes;
	if (err || !bytes || !row->has_address || row->bytes < bytes)
		return err;
	*range = (struct block_range){ row->lmb.address / bytes,
				       row->lmb.address / bytes + row->bytes / bytes };
	return 0;
}

int lmb_is_removable(struct lmb_list *list, const struct lmb_row *row, bool *removable)
{
	struct block_range range;
	int err = lmb_blocks(list, row, &range), is = 1;

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
