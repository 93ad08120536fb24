// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/connectors.h"
#include "drmgr/table.h"

/* ---- The table of any type ---- */

enum { COLUMN_WIDTH = 20 };

static void table_print_cell(const struct table *table, const char *text, bool is_last)
{
	if (is_last)
		puts(text);
	else if (table->delimiter)
		printf("%s%c", text, table->delimiter);
	else
		printf("%-*s ", COLUMN_WIDTH, text);
}

static void table_print_value(const struct table *table, const struct dr_value *value,
			      bool is_last)
{
	char text[32] = "-";

	if (value->is_known && value->kind == DR_KIND_INDEX)
		snprintf(text, sizeof(text), "0x%08" PRIx64, (uint64_t)value->number);
	else if (value->is_known && value->kind == DR_KIND_ADDRESS)
		snprintf(text, sizeof(text), "0x%016" PRIx64, (uint64_t)value->number);
	else if (value->is_known && value->kind == DR_KIND_BOOL)
		snprintf(text, sizeof(text), "%s", value->number ? "yes" : "no");
	else if (value->is_known && value->kind == DR_KIND_NUMBER)
		snprintf(text, sizeof(text), "%" PRId64, value->number);
	table_print_cell(table,
			 value->is_known && value->kind == DR_KIND_TEXT ? value->text
									: text,
			 is_last);
}

/* Return the next member with a heading, from the i-th on, and set *i. NULL: there are no
 * more. */
static const char *table_column(const struct table *table, size_t *i)
{
	const char *key;

	while ((key = dr_type_get_member(table->type, *i)) &&
	       !dr_type_get_heading(table->type, *i))
		++*i;
	return key;
}

static bool table_column_is_last(const struct table *table, size_t i)
{
	i++;
	return !table_column(table, &i);
}

static int table_print_any(const struct table *table, struct dr_list *list)
{
	const struct dr_connector *c;
	struct dr_value value;
	const char *key;

	for (size_t i = 0; !table->delimiter && table_column(table, &i); i++)
		table_print_cell(table, dr_type_get_heading(table->type, i),
				 table_column_is_last(table, i));
	dr_foreach_connector(list, c)
		for (size_t i = 0; (key = table_column(table, &i)); i++)
			if (!dr_connector_get(c, key, &value))
				table_print_value(table, &value,
						  table_column_is_last(table, i));
	return dr_list_get_errno(list);
}

/* ---- All types ---- */

static table_fn *table_printer(const struct dr_type *type)
{
	unsigned int traits = type_row(type)->traits;

	return traits & TYPE_SLOTS	      ? table_print_slots
	       : traits & TYPE_BRIDGES	      ? table_print_phbs
	       : traits & TYPE_CORES	      ? table_print_cpus
	       : traits & TYPE_MEMORY	      ? table_print_memory
	       : dr_type_has_connectors(type) ? table_print_any
					      : NULL;
}

void table_set_key(struct table *table, const char *key)
{
	bool is_zero = key && *key && !key[strspn(key, "0x")] && *key == '0';

	table->key = is_zero && type_is(table->type, TYPE_MEMORY) ? NULL : key;
}

/* Return the flags with which the list must be read. */
static unsigned int table_list_flags(const struct table *table, bool json)
{
	unsigned int traits = type_row(table->type)->traits;
	unsigned int sense = table->sense ? DR_LIST_SENSE : 0;
	unsigned int flags = json				   ? DR_LIST_DETAILS
			     : table->with_caches || table->caches ? DR_LIST_CACHES
								   : 0;

	flags |= sense;
	if (!json && !table->all && traits & TYPE_BRIDGES)
		return flags | DR_LIST_PRESENT;
	if (!(traits & TYPE_CARDS) || table->key || table->available == table->occupied)
		return flags;
	return flags | (table->available ? DR_LIST_ABSENT : DR_LIST_PRESENT);
}

int table_show(const struct table *table, struct dr *dr, bool json)
{
	table_fn *print = table_printer(table->type);
	enum dr_code code = table->code;
	const char *message = table->message;
	struct dr_list *list;
	int err = dr_list_new(dr, table->type, table->key, table_list_flags(table, json),
			      &list);

	if (err && code == DR_CODE_NONE) {
		code = dr_error_get_code(dr_get_error(dr));
		message = dr_get_error_text(dr);
	}
	if (json) {
		connectors_print(dr, table->type, list, code, message);
		if (!err)
			err = dr_list_get_errno(list);
	} else if (!err && print) {
		err = print(table, list);
	}
	dr_list_free(list);
	return err;
}

const char *table_refused_options(const struct dr_type *type)
{
	const char *refused = type_row(type)->refused;

	return refused ? refused : dr_type_has_connectors(type) ? "abop" : "";
}

/* Firmware's tables are theoretical: they have thousands of logical slots that the partition
 * never owns. */
bool table_lists(const struct table *table, const struct dr_connector *connector)
{
	const char *state = dr_connector_get_state(connector);

	return table->all || table->key || !state || strcmp(state, "empty") != 0 ||
	       connector_number(connector, "offered") == 1;
}

const char *table_offer(const struct dr_connector *connector)
{
	int64_t offered = connector_number(connector, "offered");

	return offered < 0 ? "-" : offered ? "yes" : "no";
}
