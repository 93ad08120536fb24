// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/types/mem/mem_score.h"
#include "drmgr/show.h"

enum { DETAIL_ALL = 4 };

/* ---- Choice of LMBs ---- */

/* Which LMBs to show. The peer takes any number for an index, and 0 for all. */
struct wanted {
	bool is_one;
	uint32_t index; /* if is_one */
};

/* Return 0 and *w, or a negative errno and *show->error. */
static int wanted_parse(const struct show *show, struct lmb_list *list, struct wanted *w)
{
	char *end;
	unsigned long v = show->key ? strtoul(show->key, &end, 0) : 0;

	*w = (struct wanted){ .is_one = show->key && (v || end == show->key || *end) };
	if (!w->is_one)
		return 0;
	if (end == show->key || *end || v > UINT32_MAX || *show->key == '-')
		return lmb_find(list, show->key, &w->index, show->error);
	w->index = (uint32_t)v;
	return 0;
}

/* Test whether an LMB is listed without a key: an owned one. With -a, also one that can
 * be added; with more detail, any. */
static bool lmb_is_listed(const struct show *show, const struct lmb_row *row)
{
	return row->state == LMB_OWNED || show->detail >= DETAIL_ALL ||
	       (show->available && row->state == LMB_FREE);
}

/* ---- The facts of one LMB ---- */

struct facts {
	const struct lmb_row *row;
	const struct connector *c; /* NULL: not in the tables */
	struct block_range range;
	bool removable;
};

static int facts_read(struct facts *facts, struct lmb_list *list,
		      const struct lmb_row *row)
{
	int err = lmb_connector(list, row->lmb.drc_index, &facts->c);

	facts->row = row;
	if (!err)
		err = lmb_is_removable(list, row, &facts->removable);
	return err ? err : lmb_blocks(list, row, &facts->range);
}

/* ---- Text ---- */

static const char *facts_name(const struct facts *facts)
{
	return facts->c ? facts->c->drc.name : "--";
}

static const char *lmb_state_text(enum lmb_state state)
{
	return state == LMB_OWNED ? "" : state == LMB_FREE ? "Not Owned" : "Reserved";
}

static void lmb_print_associativity(const struct lmb_list *list, uint32_t array)
{
	const struct assoc_arrays *aa = &list->affinity.arrays;

	if (array == LMB_NO_ARRAY) {
		puts("Not Set");
		return;
	}
	printf("(index: %" PRIu32 ") ", array);
	if (array >= aa->arrays)
		printf("unknown ");
	for (uint32_t i = 0; array < aa->arrays && i < aa->entries; i++)
		printf("%" PRIu32 " ",
		       cells_at(&aa->domains, (size_t)array * aa->entries + i));
	putchar('\n');
}

/* Print the memory blocks, the last one first. */
static void lmb_print_sections(const struct lmb_list *list,
			       const struct block_range *range)
{
	const char *before = " ";

	for (uint64_t n = range->end; n-- > range->first;) {
		if (!memory_blocks_has(&list->blocks, n))
			continue;
		printf("%s%" PRIu64, before, n);
		before = ", ";
	}
	putchar('\n');
}

static void lmb_print_index(const struct lmb_row *row)
{
	if (row->lmb.drc_index)
		printf("    DRC Index: %" PRIx32 "        ", row->lmb.drc_index);
	else
		printf("    DRC Index: --        ");
	if (row->has_address)
		printf("Address: %" PRIx64 "\n", row->lmb.address);
	else
		puts("Address: --");
}

static void lmb_print_record(const struct lmb_list *list, const struct facts *facts)
{
	const struct lmb_row *row = facts->row;

	printf("%s: %s\n", facts_name(facts), lmb_state_text(row->state));
	lmb_print_index(row);
	printf("    Removable: %-16sAssociativity: ", facts->removable ? "Yes" : "No");
	lmb_print_associativity(list, row->lmb.array);
	if (row->state == LMB_OWNED) {
		printf("    Section(s):");
		lmb_print_sections(list, &facts->range);
	}
}

#define PLAIN_ROW "%-20s  %-5s  %c  "

static void mem_table_print_plain_heading(const struct lmb_list *list)
{
	printf("lmb size: 0x%" PRIx64 "\n", list->lmb_bytes);
	printf(PLAIN_ROW "%s\n", "Memory Node", "Name", 'R', "Sections");
	printf(PLAIN_ROW "%s\n", "-----------", "----", '-', "--------");
}

/* Print a line of the older form. */
static void lmb_print_plain(const struct lmb_list *list, const struct facts *facts)
{
	const struct memory_node *node = facts->row->node;

	printf(PLAIN_ROW, node ? node->path : "--", facts_name(facts),
	       facts->removable ? 'Y' : 'N');
	lmb_print_sections(list, &facts->range);
}

/* ---- Documents ---- */

static json_object *lmb_sections_array(const struct lmb_list *list,
				       const struct block_range *range)
{
	json_object *array = json_object_new_array();

	for (uint64_t n = range->first; n < range->end; n++)
		if (memory_blocks_has(&list->blocks, n))
			json_object_array_add(array, json_object_new_int64((int64_t)n));
	return array;
}

static enum slot_state lmb_slot_state(enum lmb_state state)
{
	return state == LMB_OWNED  ? SLOT_STATE_OWNED
	       : state == LMB_FREE ? SLOT_STATE_NOT_OWNED
				   : SLOT_STATE_RESERVED;
}

static void lmb_put_address(json_object *o, const struct lmb_row *row)
{
	if (row->has_address)
		json_put_address(o, "address", row->lmb.address);
	else
		json_put_text(o, "address", NULL);
	json_put_int(o, "size", (int64_t)row->bytes);
	if (row->lmb.array == LMB_NO_ARRAY)
		json_put_text(o, "aa_index", NULL);
	else
		json_put_int(o, "aa_index", row->lmb.array);
}

static void lmb_add_object(struct json_list *json, const struct lmb_list *list,
			   const struct facts *facts)
{
	const struct lmb_row *row = facts->row;
	const struct connector_entry entry = { .type = "mem",
					       .c = facts->c,
					       .index = row->lmb.drc_index,
					       .state = lmb_slot_state(row->state) };
	json_object *devices = row->node ? connector_device(row->node->path, NULL) : NULL,
		    *o = connector_object(&entry, devices);

	lmb_put_address(o, row);
	connector_put_numa_node(o, lmb_numa_node(list, row));
	json_put(o, "sections", lmb_sections_array(list, &facts->range));
	if (list->blocks.bytes)
		json_put_bool(o, "removable", facts->removable);
	else
		json_put_text(o, "removable", NULL);
	json_list_add(json, o);
}

/* ---- Both ---- */

/* The destination of the output. */
struct sink {
	struct json_list *json; /* NULL: text */
	bool has_heading;
};

static void mem_table_print_heading(const struct lmb_list *list, struct sink *to)
{
	if (!to->json && !to->has_heading && list->is_dynamic)
		printf("Dynamic Reconfiguration Memory (LMB size 0x%" PRIx64 ")\n",
		       list->lmb_bytes);
	else if (!to->json && !to->has_heading)
		mem_table_print_plain_heading(list);
	to->has_heading = true;
}

static int mem_table_print_row(struct lmb_list *list, const struct lmb_row *row,
			       struct sink *to)
{
	struct facts facts;
	int err = facts_read(&facts, list, row);

	if (err)
		return err;
	mem_table_print_heading(list, to);
	if (to->json)
		lmb_add_object(to->json, list, &facts);
	else if (list->is_dynamic)
		lmb_print_record(list, &facts);
	else
		lmb_print_plain(list, &facts);
	return 0;
}

/* Print the LMBs. Return 0, or -ENOENT if the key matches none. */
static int mem_table_print_rows(struct lmb_list *list, const struct show *show,
				struct sink *to)
{
	struct wanted wanted;
	bool found;
	struct lmb_iter it;
	struct lmb_row row;
	int more = wanted_parse(show, list, &wanted);

	if (more)
		return more;
	found = !wanted.is_one;
	if (found)
		mem_table_print_heading(list, to);
	more = lmb_list_begin(&it, list);
	while (!more && (more = lmb_list_next(&it, &row)) > 0) {
		more = 0;
		if (wanted.is_one ? row.lmb.drc_index != wanted.index
				  : !show->json && !lmb_is_listed(show, &row))
			continue;
		found = true;
		more = mem_table_print_row(list, &row, to);
	}
	return more || found ? more : -ENOENT;
}

static int mem_table_print_json(struct lmb_list *list, const struct show *show,
				bool is_there)
{
	json_object *head = connectors_head("mem");
	int err = 0, score = NUMA_SCORE_NONE;
	struct json_list json;

	if (is_there)
		err = numa_score_memory(list, &score);
	connectors_put_score(head, score);
	json_list_begin(&json, head, CONNECTORS_KEY, show->sink);
	if (is_there && !err)
		err = mem_table_print_rows(list, show, &(struct sink){ .json = &json });
	json_list_end(&json);
	return err;
}

int show_memory(const struct show *show, const struct dr_ctx *dr)
{
	struct lmb_list list;
	int err = lmb_list_read(&list, dr), printed = 0;

	if (show->json)
		printed = mem_table_print_json(&list, show, !err);
	else if (!err)
		printed = mem_table_print_rows(&list, show, &(struct sink){ 0 });
	lmb_list_free(&list);
	return err ? err : printed;
}
