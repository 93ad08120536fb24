// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <curses.h>
#include <string.h>

#include "drmon/details.h"
#include "drmon/keys.h"
#include "drmon/monitor.h"

enum { ESCAPE = 27, CTRL_L = 12, RETURN = '\r' };

static void key_rebuild_view(struct monitor *m)
{
	if (view_build(&m->view, &m->inventory))
		monitor_message(m, "out of memory");
	view_move(&m->view, 0, m->rows);
}

/* ---- In the table ---- */

static void key_next_sort(struct monitor *m)
{
	m->view.sort = m->view.sort == COLUMNS ? 0 : m->view.sort + 1;
	monitor_message(m, "sorted by %s",
			m->view.sort == COLUMNS ? "type, as lsslot does"
						: column_title(m->view.sort));
	key_rebuild_view(m);
}

static void key_next_type(struct monitor *m)
{
	m->view.type = conn_type_next(m->view.type);
	key_rebuild_view(m);
}

static void key_enter(struct monitor *m)
{
	int err = view_toggle_run(&m->view);

	if (err == -ENOENT)
		details_open(m);
	view_move(&m->view, 0, m->rows);
}

/* Move the selection. Return false if the key is none of these. */
static bool key_move_selection(struct monitor *m, int key)
{
	long page = m->rows ? (long)m->rows : 1;

	switch (key) {
	case KEY_UP:
	case 'k':
		view_move(&m->view, -1, m->rows);
		return true;
	case KEY_DOWN:
	case 'j':
		view_move(&m->view, 1, m->rows);
		return true;
	case KEY_PPAGE:
		view_move(&m->view, -page, m->rows);
		return true;
	case KEY_NPAGE:
	case ' ':
		view_move(&m->view, page, m->rows);
		return true;
	case KEY_HOME:
	case 'g':
		view_select(&m->view, 0, m->rows);
		return true;
	case KEY_END:
		view_select(&m->view, m->view.n, m->rows);
		return true;
	case 'G': /* to the number typed before it, or to the end */
		view_select(&m->view, m->number ? m->number - 1 : m->view.n, m->rows);
		return true;
	default:
		return false;
	}
}

/* Start an action of drmgr. Return false if the key is none of these. */
static bool key_start_action(struct monitor *m, int key)
{
	static const struct {
		int key;
		enum action_kind kind;
	} actions[] = {
		{ 'a', ACTION_ADD },	 { 'r', ACTION_REMOVE },  { 'i', ACTION_LIGHT },
		{ 'C', ACTION_ADD_ALL }, { 'R', ACTION_RECOVER },
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(*actions); i++)
		if (actions[i].key == key) {
			action_plan(m, actions[i].kind);
			return true;
		}
	return false;
}

/* Change a setting of the view. */
static void key_change_view(struct monitor *m, int key)
{
	switch (key) {
	case '/':
		m->is_filtering = true;
		break;
	case ESCAPE:
		m->view.filter[0] = '\0';
		key_rebuild_view(m);
		break;
	case 's':
		key_next_sort(m);
		break;
	case 'S':
		m->view.is_reverse = !m->view.is_reverse;
		key_rebuild_view(m);
		break;
	case 't':
		key_next_type(m);
		break;
	case 'A':
		m->view.with_all = !m->view.with_all;
		key_rebuild_view(m);
		break;
	case KEY_ENTER:
	case '\n':
	case RETURN:
		key_enter(m);
		break;
	case 'J':
		details_write(m);
		break;
	case '?':
		help_open(m);
		break;
	case CTRL_L:
		clearok(curscr, TRUE);
		monitor_stale(m);
		break;
	case 'q':
		m->must_quit = true;
		break;
	default:
		break;
	}
}

static void key_handle_in_table(struct monitor *m, int key)
{
	m->message[0] = '\0';
	if (key >= 0 && key < 256 && isdigit(key)) {
		m->number = m->number < 1000000 ? m->number * 10 + (size_t)(key - '0')
						: m->number;
		return;
	}
	if (key == '+' || key == '-')
		quantity_open(m, key == '+' ? ACTION_ADD_SOME : ACTION_REMOVE_SOME,
			      m->number);
	else if (!key_move_selection(m, key) && !key_start_action(m, key))
		key_change_view(m, key);
	m->number = 0;
}

/* ---- Other modes ---- */

static void key_handle_in_filter(struct monitor *m, int key)
{
	size_t len = strlen(m->view.filter);

	if (key == ESCAPE)
		m->view.filter[0] = '\0';
	if (key == ESCAPE || key == '\n' || key == RETURN || key == KEY_ENTER)
		m->is_filtering = false;
	else if ((key == KEY_BACKSPACE || key == 127 || key == '\b') && len)
		m->view.filter[len - 1] = '\0';
	else if (key >= ' ' && key < 127 && len + 1 < sizeof(m->view.filter))
		m->view.filter[len] = (char)key, m->view.filter[len + 1] = '\0';
	key_rebuild_view(m);
}

static void key_handle_in_window(struct monitor *m, int key)
{
	switch (key) {
	case KEY_UP:
		window_scroll(&m->window, -1, m->rows);
		break;
	case KEY_DOWN:
		window_scroll(&m->window, 1, m->rows);
		break;
	case KEY_PPAGE:
		window_scroll(&m->window, -(long)m->rows, m->rows);
		break;
	case KEY_NPAGE:
	case ' ':
		window_scroll(&m->window, (long)m->rows, m->rows);
		break;
	case 'y':
		if (m->window.is_question)
			action_confirm(m);
		else
			window_close(&m->window);
		break;
	default:
		window_close(&m->window);
		break;
	}
}

void key_handle(struct monitor *m, int key)
{
	if (key == KEY_RESIZE)
		view_move(&m->view, 0, m->rows);
	else if (m->window.text)
		key_handle_in_window(m, key);
	else if (m->quantity.is_open)
		quantity_key(m, key);
	else if (m->is_filtering)
		key_handle_in_filter(m, key);
	else
		key_handle_in_table(m, key);
}
