// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/mem/lmb_list.h"
#include "libdrmgr/types/mem/mem_score.h"
#include "libdrmgr/types/partition/entitlement.h"
#include "libdrmgr/types/runs.h"
#include "libdrmgr/types/types.h"

/* The current LMB, and what is known of it. */
struct mem_rows {
	struct lmb_list list;
	bool is_read; /* the list is complete */
	bool is_one;  /* only LMBs of this index, or of this memory block */
	uint32_t index;
	bool is_block;
	uint64_t block;
	struct lmb_iter it;
	struct lmb_row row;
	bool is_removable;
	uint64_t *blocks; /* that exist */
	size_t n_blocks;
};

/* ---- The key ---- */

/* Find the index of a key. Any number is an index here, as in the peer. */
static int mem_rows_find(struct mem_rows *rows, struct dr_list *list)
{
	const char *key = list->key;
	char *end;
	unsigned long v = strtoul(key, &end, 0);

	rows->is_one = true;
	rows->is_block = lmb_key_is_block(key, &rows->block);
	if (rows->is_block)
		return 0;
	if (end == key || *end || v > UINT32_MAX || *key == '-')
		return lmb_find(&rows->list, key, &rows->index, &list->error);
	rows->index = (uint32_t)v;
	return 0;
}

/* Return 1 if the key names the current LMB, 0, or -ENOMEM. Reserved memory has no index: it
 * is 0 for each LMB. */
static int mem_rows_has(struct mem_rows *rows)
{
	if (rows->is_block)
		return lmb_has_block(&rows->list, &rows->row, rows->block);
	return !rows->is_one || (rows->index && rows->row.lmb.drc_index == rows->index);
}

/* Return 1 if the next LMB that the key names exists, 0, or a negative errno. */
static int mem_rows_step(struct mem_rows *rows)
{
	int more, has = 0;

	while (!has && (more = lmb_list_next(&rows->it, &rows->row)) > 0)
		has = mem_rows_has(rows);
	return has ? has : more;
}

static int mem_rows_open(struct dr_list *list)
{
	struct mem_rows *rows = list->rows;
	int more, err = lmb_list_read(&rows->list, &list->mem, list->dr);

	if (err) {
		dr_error_read(&list->error, list->dr->root, DR_FAULT_NO_SLOTS, err);
		return err;
	}
	rows->is_read = true;
	if (list->key)
		err = mem_rows_find(rows, list);
	if (!err)
		err = lmb_list_begin(&rows->it, &rows->list);
	if (err || !rows->is_one)
		return err;
	more = mem_rows_step(rows);
	if (more > 0)
		return lmb_list_begin(&rows->it, &rows->list);
	list->error = (struct dr_error){ .fault = DR_FAULT_UNKNOWN, .err = -ENOENT };
	return more ? more : -ENOENT;
}

/* ---- One LMB ---- */

static int mem_rows_read_blocks(struct mem_rows *rows)
{
	struct block_range range;
	int err = lmb_blocks(&rows->list, rows->row.lmb.address, &range);

	rows->n_blocks = 0;
	for (uint64_t n = range.first; !err && n < range.end; n++)
		if (number_set_has(&rows->list.blocks.present, n))
			*vec_add(rows->list.mem, rows->blocks, rows->n_blocks) = n;
	return err;
}

static int mem_rows_next(struct dr_list *list)
{
	struct mem_rows *rows = list->rows;
	const struct connector *c;
	int more = mem_rows_step(rows), err;

	if (more <= 0)
		return more;
	err = lmb_connector(&rows->list, rows->row.lmb.drc_index, &c);
	if (!err)
		err = lmb_is_removable(&rows->list, &rows->row, &rows->is_removable);
	if (!err)
		err = mem_rows_read_blocks(rows);
	if (err)
		return err;
	list->current = (struct dr_connector){
		.c = c,
		.index = rows->row.lmb.drc_index,
		.state = rows->row.state == LMB_OWNED  ? CONNECTOR_OWNED
			 : rows->row.state == LMB_FREE ? CONNECTOR_NOT_OWNED
						       : CONNECTOR_RESERVED,
		.row = rows,
	};
	return 1;
}

static void mem_rows_rewind(struct dr_list *list)
{
	struct mem_rows *rows = list->rows;

	list->err = lmb_list_begin(&rows->it, &rows->list);
}

static const struct dr_list_ops mem_list_ops = {
	.rows_bytes = sizeof(struct mem_rows),
	.open = mem_rows_open,
	.next = mem_rows_next,
	.rewind = mem_rows_rewind,
};

/* ---- Members of an LMB ---- */

/* An LMB has no node of its own. */
static void lmb_get_devices(const void *object, size_t i, struct dr_value *value)
{
	(void)object;
	(void)i;
	value_set_list(value, 0);
}

static void lmb_get_address(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;

	(void)i;
	value_set_number(value, (int64_t)rows->row.lmb.address);
}

static void lmb_get_size(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;

	(void)i;
	value_set_number(value, (int64_t)rows->list.dm.lmb_bytes);
}

static void lmb_get_aa_index(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;

	(void)i;
	if (rows->row.lmb.array != LMB_NO_ARRAY)
		value_set_number(value, rows->row.lmb.array);
}

static void lmb_get_numa_node(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;
	uint32_t node = lmb_numa_node(&rows->list, &rows->row);

	(void)i;
	if (node != AFFINITY_NO_NODE)
		value_set_number(value, node);
}

static void lmb_get_sections(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;

	(void)i;
	/* A capture without memory blocks does not show them. */
	if (rows->list.blocks.bytes || rows->list.dr->root->is_system ||
	    rows->row.state != LMB_OWNED)
		value_set_list(value, rows->n_blocks);
}

static void lmb_get_section(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;

	value_set_number(value, (int64_t)rows->blocks[i]);
}

static void lmb_get_removable(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;

	(void)i;
	if (rows->list.blocks.bytes)
		value_set_number(value, rows->is_removable);
}

static void lmb_get_domains(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;
	const struct assoc_arrays *aa = &rows->list.affinity.arrays;

	(void)i;
	if (rows->row.lmb.array < aa->arrays)
		value_set_list(value, aa->entries);
}

static void lmb_get_domain(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;
	const struct assoc_arrays *aa = &rows->list.affinity.arrays;

	value_set_number(value, cells_at(&aa->domains,
					 (size_t)rows->row.lmb.array * aa->entries + i));
}

static const struct dr_member section_members[] = {
	{ .kind = DR_KIND_NUMBER, .get = lmb_get_section },
	{ 0 },
};

static const struct dr_member domain_members[] = {
	{ .kind = DR_KIND_NUMBER, .get = lmb_get_domain },
	{ 0 },
};

static const struct dr_member lmb_members[] = {
	{ .key = "devices",
	  .kind = DR_KIND_LIST,
	  .get = lmb_get_devices,
	  .items = connector_node_members },
	{ .key = "address", .kind = DR_KIND_ADDRESS, .get = lmb_get_address },
	{ .key = "size", .kind = DR_KIND_NUMBER, .get = lmb_get_size },
	{ .key = "aa_index", .kind = DR_KIND_NUMBER, .get = lmb_get_aa_index },
	{ .key = "numa_node", .kind = DR_KIND_NUMBER, .get = lmb_get_numa_node },
	{ .key = "sections",
	  .kind = DR_KIND_LIST,
	  .get = lmb_get_sections,
	  .items = section_members },
	{ .key = "removable", .kind = DR_KIND_BOOL, .get = lmb_get_removable },
	{ .key = "domains",
	  .kind = DR_KIND_LIST,
	  .get = lmb_get_domains,
	  .items = domain_members,
	  .is_internal = true },
	{ 0 },
};

/* ---- Members of the list ---- */

static void mem_get_numa_score(const void *object, size_t i, struct dr_value *value)
{
	/* The score reads the connectors and memory blocks if they are not read yet. */
	struct mem_rows *rows = (struct mem_rows *)(uintptr_t)object;
	int score;

	(void)i;
	if (rows->is_read && !numa_score_memory(&rows->list, &score) &&
	    score != NUMA_SCORE_NONE)
		value_set_number(value, score);
}

static void mem_get_lmb_size(const void *object, size_t i, struct dr_value *value)
{
	const struct mem_rows *rows = object;

	(void)i;
	value_set_number(value, (int64_t)rows->list.dm.lmb_bytes);
}

static void mem_get_total(const void *object, size_t i, struct dr_value *value)
{
	/* The memory blocks are read if they are not read yet. */
	struct mem_rows *rows = (struct mem_rows *)(uintptr_t)object;
	uint64_t bytes;

	(void)i;
	if (rows->is_read && !lmb_list_total(&rows->list, &bytes))
		value_set_number(value, (int64_t)bytes);
}

static const struct dr_member mem_members[] = {
	{ .key = "numa_score", .kind = DR_KIND_NUMBER, .get = mem_get_numa_score },
	{ .key = "lmb_size",
	  .kind = DR_KIND_NUMBER,
	  .get = mem_get_lmb_size,
	  .is_internal = true },
	{ .key = "total_bytes",
	  .kind = DR_KIND_NUMBER,
	  .get = mem_get_total,
	  .is_internal = true },
	{ 0 },
};

/* ---- Requests ---- */

static int mem_check_request(const struct dr_request *request, char **text)
{
	int err = request_check_action(
		request,
		"The '-r' or '-a' option must be specified for memory operations", text);

	if (err || request->action == DR_QUERY)
		return err;
	if (request->parameter)
		return entitlement_check(request, text);
	return request_check_backend(request, "dlpar", KERNEL_CHANGES, text);
}

static const struct dr_parameter mem_parameters[] = {
	{ "ent_capacity", &run_share },
	{ "variable_weight", &run_share },
	{ 0 },
};

const struct dr_type type_mem = {
	.name = "mem",
	.title = "memory: logical memory blocks (LMBs)",
	.usage = "-c mem {-a | -r} {-q <quantity> -p {variable_weight | ent_capacity} | "
		 "{-q <quantity> | -s [<drc_name> | <drc_index>]}}",
	.actions = 1 << DR_ADD | 1 << DR_REMOVE | 1 << DR_QUERY,
	.check = mem_check_request,
	.run = &run_mem,
	.parameters = mem_parameters,
	.list = &mem_list_ops,
	.members = lmb_members,
	.list_members = mem_members,
	.none = "There is no dynamically reconfigurable memory on this system.",
	.unknown = "The specified LMB was not found: specify a name such as \"LMB 4\" or "
		   "an\nindex such as 0x80000004.",
};
