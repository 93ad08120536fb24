// SPDX-License-Identifier: GPL-2.0-or-later
/* drmon's rows for its connectors, and its parser of drmgr's log. */
#include <limits.h>

#include "drmon/answer.h"
#include "drmon/lights.h"
#include "drmon/operation.h"
#include "drmon/view.h"
#include "drmon/window.h"
#include "tests/unit/fakes/test.h"

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

static void only_owned_is_shown_and_memory_is_a_run(void **state)
{
	struct view view;

	(void)state;
	view_init(&view);
	assert_int_equal(view_build(&view, &inv), 0);
	assert_string_equal(shown(&view), "C8,C80,LMB 4-6,LMB 7");
	assert_int_equal(view.hidden, 1);
	assert_int_equal(view.owned, 6);
	view.with_all = true;
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

/* Behaviours: drmon-view */
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
	view.with_all = true;
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

/* Read a line of the log; "@" stands for the time and the process of the first run. */
static void read_log(struct operation *op, const char *text)
{
	static const char at[] = "2026-11-20T06:14:21.482 drmgr[412] ";
	bool is_ours = text[0] == '@';
	char line[300];

	snprintf(line, sizeof(line), "%s%s", is_ours ? at : "", text + is_ours);
	operation_log_line(op, line);
}

/* Behaviours: drmon-log */
static void the_log_tells_what_drmgr_does(void **state)
{
	static const struct {
		const char *text, *shown, *next;
	} rows[] = {
		{ "########## Nov 20 06:14:21 2026 ##########", "", "" },
		{ "garbage", "", "" },
		{ "@debug drmgr: -c pci -a -s C8 -n",
		  "drmgr -c pci -a -s C8 -n   pid 412   0.0 s", "" },
		{ "@debug sense: x = 0", "drmgr -c pci -a -s C8 -n   pid 412   0.0 s",
		  "1 sense: x = 0" },
		{ "@debug sense: x = 0", "drmgr -c pci -a -s C8 -n   pid 412   0.0 s",
		  "1 waits: repeats sense: x = 0" },
		{ "2026-11-20T06:14:23.482 drmgr[9] debug isolate: y",
		  "drmgr -c pci -a -s C8 -n   pid 412   0.0 s",
		  "1 waits: repeats sense: x = 0" },
		{ "2026-11-20T06:14:23.982 drmgr[412] debug isolate: y",
		  "drmgr -c pci -a -s C8 -n   pid 412   2.5 s", "2 isolate: y" },
		{ "@error no card", "drmgr -c pci -a -s C8 -n   pid 412   0.0 s",
		  "2 isolate: y" },
		{ "########## ", "drmgr -c pci -a -s C8 -n   failed: no card   0.0 s",
		  "" },
		{ "########## ", "drmgr -c pci -a -s C8 -n   failed: no card   0.0 s",
		  "" },
		{ "@debug drmgr: -C --json", "drmgr -C   pid 412   0.0 s", "" },
		{ "#", "drmgr -C   done   0.0 s", "" },
		{ "2026-11-20T06:14:25.000 papr-eventd[7] info papr-eventd: add pci 0x1",
		  "papr-eventd add pci 0x1   pid 7   0.0 s", "" },
		{ "#", "papr-eventd add pci 0x1   done   0.0 s", "" },
		{ "@debug drmgr: -c mem -r -q 4",
		  "drmgr -c mem -r -q 4   pid 412   0.0 s", "" },
		{ "@debug progress: 1 of 4",
		  "[##........] 1 of 4  drmgr -c mem -r -q 4   pid 412   0.0 s", "" },
		{ "@debug progress: 9 of 4",
		  "[##########] 9 of 4  drmgr -c mem -r -q 4   pid 412   0.0 s", "" },
		/* over midnight */
		{ "2026-11-21T00:00:00.482 drmgr[412] debug progress: 2 of 4",
		  "[#####.....] 2 of 4  drmgr -c mem -r -q 4   pid 412   63939.0 s", "" },
	};
	struct operation op;
	char text[400];

	(void)state;
	op = (struct operation){ .state = OPERATION_NONE };
	for (size_t i = 0; i < COUNT(rows); i++) {
		read_log(&op, rows[i].text);
		operation_text(&op, text, sizeof(text));
		assert_string_equal(text, rows[i].shown);
		operation_next_text(&op, text, sizeof(text));
		assert_string_equal(text, rows[i].next);
	}
}

/* Behaviours: drmon-plan */
static void a_run_of_drmon_follows_its_plan(void **state)
{
	static const char *const plan[] = { "write a 1", "write a 2", "write a 1" };
	static const struct {
		const char *text, *shown, *next;
	} rows[] = {
		{ "@debug drmgr: -c pci -r -s C8 --json",
		  "[..........] 0 of 3 steps  drmgr -c pci -r -s C8   pid 412   0.0 s",
		  "0 waits for write a 1" },
		{ "@debug remove: write a 1 = 0",
		  "[###.......] 1 of 3 steps  drmgr -c pci -r -s C8   pid 412   0.0 s",
		  "1 waits for write a 2" },
		{ "@debug sense: b = 0",
		  "[###.......] 1 of 3 steps  drmgr -c pci -r -s C8   pid 412   0.0 s",
		  "2 waits for write a 2" },
		{ "@debug sense: b = 0",
		  "[###.......] 1 of 3 steps  drmgr -c pci -r -s C8   pid 412   0.0 s",
		  "2 waits: repeats sense: b = 0" },
		{ "@debug remove: write a 2",
		  "[######....] 2 of 3 steps  drmgr -c pci -r -s C8   pid 412   0.0 s",
		  "3 waits for write a 1" },
		{ "@debug add: write a 1: Input/output error",
		  "[##########] 3 of 3 steps  drmgr -c pci -r -s C8   pid 412   0.0 s",
		  "4 add: write a 1: Input/output error" },
		{ "@error broken", NULL, NULL },
		{ "#", "drmgr -c pci -r -s C8   failed: broken   0.0 s",
		  "hint: Repair." },
		/* another run has no plan and no hint */
		{ "2026-11-20T06:14:25.000 drmgr[9] debug drmgr: -c pci -r -s C9",
		  "drmgr -c pci -r -s C9   pid 9   0.0 s", "" },
		{ "2026-11-20T06:14:25.000 drmgr[9] error no", NULL, NULL },
		{ "#", "drmgr -c pci -r -s C9   failed: no   0.0 s", "" },
	};
	struct operation op = { .state = OPERATION_NONE };
	char text[400];

	(void)state;
	operation_plan(&op, plan, COUNT(plan), 1);
	op.own_pid = 412;
	operation_hint(&op, "Repair."); /* the run can end before its log is read */
	for (size_t i = 0; i < COUNT(rows); i++) {
		read_log(&op, rows[i].text);
		if (!rows[i].shown)
			continue;
		operation_text(&op, text, sizeof(text));
		assert_string_equal(text, rows[i].shown);
		operation_next_text(&op, text, sizeof(text));
		assert_string_equal(text, rows[i].next);
	}
}

/* Behaviours: drmon-log-lights */
static void lights_are_known_from_the_log(void **state)
{
	static const char at[] = "2026-11-20T06:14:21.482 drmgr[412] debug led: ";
	struct lights lights = { .n = 0 };
	char line[200];

	(void)state;
	lights_log_line(&lights, "led-identify: set-indicator(9002, 0x40000018, 2) = 0");
	lights_log_line(&lights, "led-identify: set-indicator(9002, 0x40000018, 2) = 0");
	lights_log_line(&lights, "led-identify: set-indicator(9002, 0x40000020, 2) = -1");
	lights_log_line(&lights, "isolate: set-indicator(9001, 0x40000020, 2) = 0");
	lights_log_line(&lights, "set-indicator(9002, garbage");
	assert_int_equal(lights.n, 1);
	assert_true(lights_identifies(&lights, 0x40000018));
	assert_false(lights_identifies(&lights, 0x40000020));
	for (unsigned int i = 0; i < 2 * LIGHTS_MAX; i++) {
		snprintf(line, sizeof(line), "%sset-indicator(9002, 0x%08x, 2) = 0", at,
			 i + 1);
		lights_log_line(&lights, line);
	}
	assert_int_equal(lights.n, LIGHTS_MAX);
	lights_log_line(&lights, "led-on: set-indicator(9002, 0x40000018, 1) = 0");
	assert_false(lights_identifies(&lights, 0x40000018));
	assert_int_equal(lights.n, LIGHTS_MAX - 1);
}

/* Behaviours: drmon-documents */
static void documents_of_drmgr_become_text(void **state)
{
	static const char plan
		[] = "a warning\n{\"action\": \"remove\", \"type\": \"mem\", \"requested\": 2,"
		     " \"error\": null, \"warnings\": [\"w\"], \"impact\": [], \"resources\": ["
		     "{\"name\": \"LMB 4\", \"index\": \"0x80000004\", \"steps\":"
		     " [{\"args\": \"write 4\"}]},"
		     " {\"name\": \"LMB 5\", \"index\": \"0x80000005\", \"steps\": []}]}\nmore",
	    failure[] =
		    "{\"action\": \"remove\", \"type\": \"pci\", \"requested\": 1, \"done\": 0,"
		    " \"undo\": \"complete\", \"error\": {\"code\": \"would-lose-system\","
		    " \"message\": \"C8: no\", \"hint\": \"Move it.\"}, \"impact\":"
		    " [{\"fatal\": true, \"text\": \"/dev/vda is mounted on /\"}]}";
	json_object *document = answer_parse(plan);
	const char **steps;
	size_t n;
	char *text;

	(void)state;
	assert_non_null(document);
	assert_int_equal(answer_requested(document), 2);
	assert_null(answer_hint(document));
	steps = answer_steps(document, &n);
	assert_int_equal(n, 1);
	assert_string_equal(steps[0], "write 4");
	text = answer_plan_text(document, "drmgr -c mem -r -q 2", &inv);
	assert_string_equal(text, "drmgr -c mem -r -q 2\n\nLinux loses:\n"
				  "  512 MiB of 1 GiB memory: LMB 4, LMB 5\n"
				  "warning: w\n\nLMB 4 (0x80000004):\n  write 4\n");
	free(text);
	free(steps);
	json_object_put(document);

	document = answer_parse(failure);
	assert_string_equal(answer_hint(document), "Move it.");
	text = answer_failure_text(document, "drmgr -r", failure);
	assert_string_equal(text, "drmgr -r\n\nC8: no\ncode: would-lose-system\n"
				  "hint: Move it.\nundo: complete\n\nLinux would lose:\n"
				  "  THE SYSTEM NEEDS IT: /dev/vda is mounted on /\n");
	free(text);
	json_object_put(document);
	/* output that is no document, or a strange one */
	assert_null(answer_parse("drmgr: killed\n"));
	assert_null(answer_parse("{\"action\": "));
	text = answer_failure_text(NULL, "drmgr", "killed");
	assert_string_equal(text, "drmgr\n\nkilled\n");
	free(text);
	document =
		answer_parse("{\"resources\": [7, null], \"impact\": 3, \"error\": []}");
	steps = answer_steps(document, &n);
	assert_int_equal(n, 0);
	free(steps);
	free(answer_plan_text(document, "drmgr", &inv));
	free(answer_failure_text(document, "drmgr", ""));
	json_object_put(document);
}

/* Behaviours: drmon-broken-lines */
static void long_lines_of_a_window_are_broken(void **state)
{
	static const struct {
		const char *text;
		int width;
		const char *rows;
	} rows[] = {
		{ "", 10, "" },
		{ "a\n\nb", 10, "a||b|" },
		{ "one two", 7, "one two|" },
		{ "one two three", 9, "one two|    three|" },
		{ "  in use: /dev/vda", 14, "  in use:|      /dev/vda|" },
		{ "abcdefghijk", 4, "abcd|efgh|ijk|" },
		{ "ab", 1, "a|b|" },
	};
	struct window window = { .text = NULL };
	char all[100];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		window_open(&window, "title", strdup(rows[i].text), false);
		window_fit(&window, rows[i].width);
		all[0] = '\0';
		for (size_t k = 0; k < window.n; k++)
			snprintf(all + strlen(all), sizeof(all) - strlen(all), "%*s%.*s|",
				 window.rows[k].indent, "", window.rows[k].len,
				 window.rows[k].at);
		assert_string_equal(all, rows[i].rows);
		window_scroll(&window, 100, 1);
		window_scroll(&window, LONG_MIN + 1, 1);
		assert_int_equal(window.top, 0);
	}
	window_close(&window);
	window_fit(&window, 10);
	assert_int_equal(window.n, 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(only_owned_is_shown_and_memory_is_a_run),
	cmocka_unit_test(filters_are_words_and_columns),
	cmocka_unit_test(what_is_selected_stays_so),
	cmocka_unit_test(lines_are_cut_and_escaped),
	cmocka_unit_test(the_log_tells_what_drmgr_does),
	cmocka_unit_test(a_run_of_drmon_follows_its_plan),
	cmocka_unit_test(lights_are_known_from_the_log),
	cmocka_unit_test(documents_of_drmgr_become_text),
	cmocka_unit_test(long_lines_of_a_window_are_broken),
};

int main(void)
{
	for (size_t i = 0; i < COUNT(conns); i++)
		conns[i].type = dr_type_by_name(i < 3 ? "pci" : "mem");
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
