// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/types/numa_score.h"
#include "drmgr/show.h"

enum { DETAIL_ALL = 4 };

/* ---- Which ones ---- */

/* A key is a name, or a number that a connector of this machine has; 0 and words that
 * begin with no digit and name nothing are not. */
struct wanted {
	const char *name; /* NULL: by index */
	uint32_t index;	  /* 0: all */
};

static struct wanted wanted_of(const char *key)
{
	char *end;
	unsigned long v = key ? strtoul(key, &end, 0) : 0;

	if (!key || (!v && end != key && !*end))
		return (struct wanted){ 0 };
	if (end == key || *end || v > UINT32_MAX || *key == '-')
		return (struct wanted){ .name = key };
	return (struct wanted){ .index = (uint32_t)v };
}

static bool is_all(const struct wanted *w)
{
	return !w->name && !w->index;
}

/* 1 yes, 0 no, -ENOMEM. */
static int is_wanted(const struct wanted *w, struct lmb_list *list,
		     const struct lmb_row *row)
{
	const struct connector *c;
	int err;

	if (is_all(w))
		return 1;
	if (!w->name)
		return row->lmb.drc_index == w->index;
	err = lmb_connector(list, row->lmb.drc_index, &c);
	return err ? err : c && !strcmp(c->drc.name, w->name);
}

/* Without a key: owned ones, with -a what could be, and all with more detail. */
static bool is_listed(const struct show *show, const struct lmb_row *row)
{
	return row->state == LMB_OWNED || show->detail >= DETAIL_ALL ||
	       (show->available && row->state == LMB_FREE);
}

/* ---- What is shown of one ---- */

struct facts {
	const struct lmb_row *row;
	const struct connector *c; /* NULL: the tables have none */
	struct block_range range;
	bool removable;
};

static int facts_of(struct facts *facts, struct lmb_list *list, const struct lmb_row *row)
{
	int err = lmb_connector(list, row->lmb.drc_index, &facts->c);

	facts->row = row;
	if (!err)
		err = lmb_is_removable(list, row, &facts->removable);
	return err ? err : lmb_blocks(list, row, &facts->range);
}

/* ---- Text ---- */

static const char *name_of(const struct facts *facts)
{
	return facts->c ? facts->c->drc.name : "--";
}

static const char *state_word(enum lmb_state state)
{
	return state == LMB_OWNED ? "" : state == LMB_FREE ? "Not Owned" : "Reserved";
}

static void print_associativity(const struct lmb_list *list, uint32_t array)
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

/* The last one first. */
static void print_sections(const struct lmb_list *list, const struct block_range *range)
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

static void print_index(const struct lmb_row *row)
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

static void print_record(const struct lmb_list *list, const struct facts *facts)
{
	const struct lmb_row *row = facts->row;

	printf("%s: %s\n", name_of(facts), state_word(row->state));
	print_index(row);
	printf("    Removable: %-16sAssociativity: ", facts->removable ? "Yes" : "No");
	print_associativity(list, row->lmb.array);
	if (row->state == LMB_OWNED) {
		printf("    Section(s):");
		print_sections(list, &facts->range);
	}
}

#define PLAIN_ROW "%-20s  %-5s  %c  "

static void print_plain_heading(const struct lmb_list *list)
{
	printf("lmb size: 0x%" PRIx64 "\n", list->lmb_bytes);
	printf(PLAIN_ROW "%s\n", "Memory Node", "Name", 'R', "Sections");
	printf(PLAIN_ROW "%s\n", "-----------", "----", '-', "--------");
}

/* The older form: a line. */
static void print_plain(const struct lmb_list *list, const struct facts *facts)
{
	const struct memory_node *node = facts->row->node;

	printf(PLAIN_ROW, node ? node->path : "--", name_of(facts),
	       facts->removable ? 'Y' : 'N');
	print_sections(list, &facts->range);
}

/* ---- Documents ---- */

static json_object *sections_array(const struct lmb_list *list,
				   const struct block_range *range)
{
	json_object *array = json_object_new_array();

	for (uint64_t n = range->first; n < range->end; n++)
		if (memory_blocks_has(&list->blocks, n))
			json_object_array_add(array, json_object_new_int64((int64_t)n));
	return array;
}

static enum slot_state slot_state_of(enum lmb_state state)
{
	return state == LMB_OWNED  ? SLOT_STATE_OWNED
	       : state == LMB_FREE ? SLOT_STATE_NOT_OWNED
				   : SLOT_STATE_RESERVED;
}

static void put_address(json_object *o, const struct lmb_row *row)
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

static void add_object(struct json_list *json, const struct lmb_list *list,
		       const struct facts *facts)
{
	const struct lmb_row *row = facts->row;
	const struct connector_entry entry = { .type = "mem",
					       .c = facts->c,
					       .index = row->lmb.drc_index,
					       .state = slot_state_of(row->state) };
	json_object *devices = row->node ? connector_device(row->node->path, NULL) : NULL,
		    *o = connector_object(&entry, devices);

	put_address(o, row);
	connector_put_numa_node(o, lmb_numa_node(list, row));
	json_put(o, "sections", sections_array(list, &facts->range));
	if (list->blocks.bytes)
		json_put_bool(o, "removable", facts->removable);
	else
		json_put_text(o, "removable", NULL);
	json_list_add(json, o);
}

/* ---- Both ---- */

/* Where what is to be shown goes. */
struct sink {
	struct json_list *json; /* NULL: text */
	bool has_heading;
};

static void print_heading(const struct lmb_list *list, struct sink *to)
{
	if (!to->json && !to->has_heading && list->is_dynamic)
		printf("Dynamic Reconfiguration Memory (LMB size 0x%" PRIx64 ")\n",
		       list->lmb_bytes);
	else if (!to->json && !to->has_heading)
		print_plain_heading(list);
	to->has_heading = true;
}

static int put(struct lmb_list *list, const struct lmb_row *row, struct sink *to)
{
	struct facts facts;
	int err = facts_of(&facts, list, row);

	if (err)
		return err;
	print_heading(list, to);
	if (to->json)
		add_object(to->json, list, &facts);
	else if (list->is_dynamic)
		print_record(list, &facts);
	else
		print_plain(list, &facts);
	return 0;
}

/* 0; -ENOENT none is what is wanted. */
static int for_each(struct lmb_list *list, const struct show *show, struct sink *to)
{
	struct wanted wanted = wanted_of(show->key);
	bool found = is_all(&wanted), has_all = show->json || !found;
	struct lmb_iter it;
	struct lmb_row row;
	int more = lmb_list_begin(&it, list);

	if (found)
		print_heading(list, to);
	while (!more && (more = lmb_list_next(&it, &row)) > 0) {
		if (has_all || is_listed(show, &row))
			more = is_wanted(&wanted, list, &row);
		else
			more = 0;
		found = found || more == 1;
		if (more == 1)
			more = put(list, &row, to);
	}
	return more || found ? more : -ENOENT;
}

static int print_document(struct lmb_list *list, const struct show *show, bool is_there)
{
	json_object *head = connectors_head("mem");
	int err = 0, score = NUMA_SCORE_NONE;
	struct json_list json;

	if (is_there)
		err = numa_score_memory(list, &score);
	connectors_put_score(head, score);
	json_list_begin(&json, head, CONNECTORS_KEY, show->sink);
	if (is_there && !err)
		err = for_each(list, show, &(struct sink){ .json = &json });
	json_list_end(&json);
	return err;
}

int show_memory(const struct show *show, const struct dr_ctx *dr)
{
	struct lmb_list list;
	int err = lmb_list_read(&list, dr), printed = 0;

	if (show->json)
		printed = print_document(&list, show, !err);
	else if (!err)
		printed = for_each(&list, show, &(struct sink){ 0 });
	lmb_list_free(&list);
	return err ? err : printed;
}
