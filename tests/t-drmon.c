// SPDX-License-Identifier: GPL-2.0-or-later
/* drmon's rows for its connectors, and its parser of drmgr's log. */
#include <limits.h>

#include "drmon/operation.h"
#include "drmon/view.h"
#include "tests/test.h"

#define TEXT(s) ((char *)(uintptr_t)(s))

/* Slots, and memory with all but one block alike. */
static struct conn conns[] = {
	{ NULL, 0x40000000, TEXT("C0"), TEXT("empty"), TEXT(""), TEXT(""), TEXT(""), 0,
	  -1 },
	{ NULL, 0x40000008, TEXT("C8"), TEXT("present"), TEXT(""), TEXT(""), TEXT(""), 0,
	  -1 },
	{ NULL, 0x40000050, TEXT("C80"), TEXT("configured"), TEXT("U1-P1"), TEXT("nvme"),
	  TEXT("nvme0"), 0, -1 },
	{ NULL, 0x80000004, TEXT("LMB 4"), TEXT("owned"), TEXT(""), TEXT(""), TEXT(""),
	  1 << 28, 0 },
	{ NULL, 0x80000005, TEXT("LMB 5"), TEXT("owned"), TEXT(""), TEXT(""), TEXT(""),
	  1 << 28, 0 },
	{ NULL, 0x80000006, TEXT("LMB 6"), TEXT("owned"), TEXT(""), TEXT(""), TEXT(""),
	  1 << 28, 0 },
	{ NULL, 0x80000007, TEXT("LMB 7"), TEXT("owned"), TEXT(""), TEXT(""), TEXT(""),
	  1 << 28, 1 },
};
static const struct inventory inv = { .list = conns, .n = COUNT(conns) };

/* Return the names of the rows, joined by commas. */
static const char *shown(const struct view *view)
{
	static char all[400];
	char name[COLUMN_TEXT_MAX];

	all[0] = '\0';
	for (size_t i = 0; i < view->n; i++) {
		column_text(view_conn(view, i), view->items[i].n, COLUMN_NAME, name,
			    sizeof(name));
		snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s%s",
			 i ? "," : "", name);
	}
	return all;
}

static void empty_slots_are_hidden_and_memory_is_a_run(void **state)
{
	struct view view;

	(void)state;
	view_init(&view);
	assert_int_equal(view_build(&view, &inv), 0);
	assert_string_equal(shown(&view), "C8,C80,LMB 4-6,LMB 7");
	assert_int_equal(view.hidden, 1);
	view.with_empty = true;
	view.is_reverse = true;
	view_build(&view, &inv);
	assert_string_equal(shown(&view), "LMB 7,LMB 4-6,C80,C8,C0");
	view.sort = COLUMN_STATE;
	view.is_reverse = false;
	view_build(&view, &inv);
	assert_string_equal(shown(&view), "C80,C0,LMB 4-6,LMB 7,C8");
	view_free(&view);
}

static void filters_are_words_and_columns(void **state)
{
	static const struct {
		const char *filter, *shown;
	} rows[] = {
		{ "", "C8,C80,LMB 4-6,LMB 7" },
		{ "c8", "C8,C80" },
		{ "state:PRESENT", "C8" },
		{ "type:pci nvme", "C80" },
		{ "name:nvme", "" },
		{ "driver:nvme loc:p1", "C80" },
		{ "0x80000005", "LMB 5" },
		{ "node 1", "LMB 7" },
		{ "nosuch:", "" },
		{ "  mem  ", "LMB 4-6,LMB 7" },
	};
	struct view view;

	(void)state;
	view_init(&view);
	for (size_t i = 0; i < COUNT(rows); i++) {
		snprintf(view.filter, sizeof(view.filter), "%s", rows[i].filter);
		assert_int_equal(view_build(&view, &inv), 0);
		assert_string_equal(shown(&view), rows[i].shown);
	}
	view_free(&view);
}

static void what_is_selected_stays_so(void **state)
{
	struct view view;

	(void)state;
	view_init(&view);
	view_build(&view, &inv);
	view_move(&view, 100, 2);
	assert_int_equal(view.selected, 3);
	assert_int_equal(view.top, 2);
	assert_int_equal(view_toggle_run(&view), -ENOENT);
	view_move(&view, -1, 2);
	assert_int_equal(view_toggle_run(&view), 0);
	assert_string_equal(shown(&view), "C8,C80,LMB 4,LMB 5,LMB 6,LMB 7");
	view_move(&view, 1, 2);
	assert_string_equal(view_conn(&view, view.selected)->name, "LMB 5");
	view.with_empty = true;
	view_build(&view, &inv);
	assert_string_equal(view_conn(&view, view.selected)->name, "LMB 5");
	assert_int_equal(view_toggle_run(&view), 0);
	assert_string_equal(shown(&view), "C0,C8,C80,LMB 4-6,LMB 7");
	assert_int_equal(view.selected, 3);
	view_select(&view, SIZE_MAX, 3);
	assert_int_equal(view_page(&view, 3), 2);
	assert_int_equal(view_pages(&view, 3), 2);
	view_move(&view, LONG_MIN + 1, 3);
	assert_int_equal(view.selected, 0);
	view_move(&view, 1, 0);
	view_free(&view);
	assert_null(view_conn(&view, 0));
}

static void lines_are_cut_and_escaped(void **state)
{
	struct conn c = conns[2];
	int widths[COLUMNS], needed[COLUMNS];
	char line[200];

	(void)state;
	c.location = TEXT("U1\033[2J\x80-and-so-on");
	columns_measure(needed, NULL, 0);
	columns_measure(needed, &c, 1);
	columns_measure(needed, &conns[3], 3);
	columns_fit(81, needed, widths);
	columns_line(widths, &c, 1, line, sizeof(line));
	assert_string_equal(line, "PCI   C80      0x40000050  configured  "
				  "U1?[2J?-and-so-on  nvme0            nvme");
	columns_line(widths, &conns[3], 3, line, sizeof(line));
	assert_string_equal(line, "MEM   LMB 4-6  0x80000004  owned       "
				  "-                  768 MiB  node 0");
	columns_line(widths, &c, 1, line, 10);
	assert_string_equal(line, "PCI   C80");
	/* the widest columns are cut, with a mark, and one blank is between them */
	columns_fit(60, needed, widths);
	columns_line(widths, &c, 1, line, sizeof(line));
	assert_string_equal(line, "PCI  C80     0x40000050 configured "
				  "U1?[2J?~ nvme0     nvme");
	columns_fit(37, needed, widths);
	columns_line(widths, &c, 1, line, sizeof(line));
	assert_string_equal(line, "PCI  C80     0x40000050 configured");
}

static void the_log_tells_what_drmgr_does(void **state)
{
	static const char at[] = "2026-11-20T06:14:21.482 drmgr[412] ";
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "########## Nov 20 06:14:21 2026 ##########", "" },
		{ "garbage", "" },
		{ "@debug drmgr: -c pci -a -s C8 -n",
		  "drmgr -c pci -a -s C8 -n   pid 412   0.0 s   0 " },
		{ "@debug sense: x = 0",
		  "drmgr -c pci -a -s C8 -n   pid 412   0.0 s   1 sense: x = 0" },
		{ "@debug sense: x = 0",
		  "drmgr -c pci -a -s C8 -n   pid 412   0.0 s   1 sense: x = 0" },
		{ "2026-11-20T06:14:23.482 drmgr[9] debug isolate: y",
		  "drmgr -c pci -a -s C8 -n   pid 412   0.0 s   1 sense: x = 0" },
		{ "2026-11-20T06:14:23.982 drmgr[412] debug isolate: y",
		  "drmgr -c pci -a -s C8 -n   pid 412   2.5 s   2 isolate: y" },
		{ "@error no card",
		  "drmgr -c pci -a -s C8 -n   pid 412   0.0 s   2 isolate: y" },
		{ "########## ", "drmgr -c pci -a -s C8 -n   failed: no card   0.0 s" },
		{ "########## ", "drmgr -c pci -a -s C8 -n   failed: no card   0.0 s" },
		{ "@debug drmgr: -C", "drmgr -C   pid 412   0.0 s   0 " },
		{ "#", "drmgr -C   done   0.0 s" },
		{ "2026-11-20T06:14:25.000 papr-eventd[7] info papr-eventd: add pci 0x1",
		  "papr-eventd add pci 0x1   pid 7   0.0 s   0 " },
		{ "#", "papr-eventd add pci 0x1   done   0.0 s" },
	};
	struct operation op;
	char line[200], text[400];

	(void)state;
	op = (struct operation){ .state = OPERATION_NONE };
	for (size_t i = 0; i < COUNT(rows); i++) {
		bool is_ours = rows[i].text[0] == '@';

		snprintf(line, sizeof(line), "%s%s", is_ours ? at : "",
			 rows[i].text + is_ours);
		operation_log_line(&op, line);
		operation_text(&op, text, sizeof(text));
		assert_string_equal(text, rows[i].shown);
	}
	op.state = OPERATION_RUNS;
	op.planned = 8;
	op.steps = 6;
	operation_text(&op, text, sizeof(text));
	assert_non_null(strstr(text, "6/8 "));
	assert_non_null(strstr(text, "[#######...]"));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(empty_slots_are_hidden_and_memory_is_a_run),
	cmocka_unit_test(filters_are_words_and_columns),
	cmocka_unit_test(what_is_selected_stays_so),
	cmocka_unit_test(lines_are_cut_and_escaped),
	cmocka_unit_test(the_log_tells_what_drmgr_does),
};

int main(void)
{
	for (size_t i = 0; i < COUNT(conns); i++)
		conns[i].type = dr_type_by_name(i < 3 ? "pci" : "mem");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
