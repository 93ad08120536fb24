// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli/connectors.h"
#include "drmgr/table.h"

static bool lmb_row_is_owned(const struct dr_connector *c)
{
	return !strcmp(dr_connector_get_state(c), "owned");
}

/* Test whether an LMB is listed: an owned one, or that of the key. With -a, also one that
 * can be added; with more detail, any. */
static bool lmb_is_listed(const struct table *table, const struct dr_connector *c)
{
	return table->all || table->key || lmb_row_is_owned(c) ||
	       table->detail >= TABLE_DETAIL_ALL ||
	       (table->available && !strcmp(dr_connector_get_state(c), "not-owned"));
}

static const char *lmb_name(const struct dr_connector *c)
{
	const char *name = dr_connector_get_name(c);

	return name ? name : "--";
}

/* Return "Yes" or "No"; "?": a capture does not show it. Without memory blocks in sysfs, any
 * owned LMB counts as removable. */
static const char *lmb_removable_text(const struct dr_connector *c)
{
	struct dr_value removable, sections;
	bool is_known =
		!dr_connector_get(c, "removable", &removable) && removable.is_known;

	if (is_known ? !removable.number : !lmb_row_is_owned(c))
		return "No";
	if (!is_known && !dr_connector_get(c, "sections", &sections) &&
	    !sections.is_known)
		return "?";
	return "Yes";
}

static const char *lmb_state_text(const struct dr_connector *c)
{
	const char *state = dr_connector_get_state(c);

	return lmb_row_is_owned(c)	     ? ""
	       : !strcmp(state, "not-owned") ? "Not Owned"
					     : "Reserved";
}

static void lmb_print_associativity(const struct dr_connector *c)
{
	int64_t array = connector_number(c, "aa_index");
	struct dr_value domains;

	if (array < 0) {
		puts("Not Set");
		return;
	}
	printf("(index: %" PRId64 ") ", array);
	if (dr_connector_get(c, "domains", &domains) || !domains.is_known)
		printf("unknown ");
	for (size_t i = 0; i < domains.n; i++)
		printf("%" PRId64 " ", item_number(&domains, i, NULL));
	putchar('\n');
}

/* Print the memory blocks, the last one first. */
static void lmb_print_sections(const struct dr_connector *c)
{
	struct dr_value sections;
	const char *before = " ";

	if (!dr_connector_get(c, "sections", &sections) && !sections.is_known) {
		puts(" ?");
		return;
	}
	for (size_t i = sections.n; i-- > 0;) {
		printf("%s%" PRId64, before, item_number(&sections, i, NULL));
		before = ", ";
	}
	putchar('\n');
}

static void lmb_print_index(const struct dr_connector *c)
{
	uint32_t index = dr_connector_get_index(c);
	struct dr_value address;

	if (index)
		printf("    DRC Index: %" PRIx32 "        ", index);
	else
		printf("    DRC Index: --        ");
	if (!dr_connector_get(c, "address", &address) && address.is_known)
		printf("Address: %" PRIx64 "\n", (uint64_t)address.number);
	else
		puts("Address: --");
}

static void lmb_print_record(const struct dr_connector *c)
{
	printf("%s: %s\n", lmb_name(c), lmb_state_text(c));
	lmb_print_index(c);
	printf("    Removable: %-16sAssociativity: ", lmb_removable_text(c));
	lmb_print_associativity(c);
	if (lmb_row_is_owned(c)) {
		printf("    Section(s):");
		lmb_print_sections(c);
	}
}

int table_print_memory(const struct table *table, struct dr_list *list)
{
	const struct dr_connector *c;
	struct dr_value bytes;

	if (!dr_list_get(table->type, list, "lmb_size", &bytes))
		printf("Dynamic Reconfiguration Memory (LMB size 0x%" PRIx64 ")\n",
		       (uint64_t)bytes.number);
	dr_foreach_connector(list, c)
		if (lmb_is_listed(table, c))
			lmb_print_record(c);
	return dr_list_get_errno(list);
}
