// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <curses.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "drmon/monitor.h"
#include "drmon/panes.h"

enum { LINE_MAX_LEN = 1024, USUAL_HEIGHT = 24 };

enum pair { PAIR_WAITS = 1, PAIR_FAILED };

void panes_colours(bool has)
{
	if (!has || start_color() == ERR)
		return;
	use_default_colors();
	init_pair(PAIR_WAITS, COLOR_YELLOW, -1);
	init_pair(PAIR_FAILED, COLOR_RED, -1);
}

/* Return the attributes of a colour pair, or none if the terminal has no colours. */
static attr_t panes_pair_attributes(enum pair pair)
{
	return has_colors() ? (attr_t)COLOR_PAIR(pair) : A_NORMAL;
}

/* Print one line, cut to the width with a mark. Unprintable bytes become '?'. */
static void panes_print_line(int y, int width, attr_t attributes, const char *text)
{
	char line[LINE_MAX_LEN];
	int n = 0;

	for (; text[n] && n < width && n + 1 < LINE_MAX_LEN; n++)
		line[n] = isprint((unsigned char)text[n]) ? text[n] : '?';
	if (n && text[n])
		line[n - 1] = '~';
	line[n] = '\0';
	attrset(attributes);
	mvaddnstr(y, 0, line, n);
	if (attributes & A_REVERSE)
		mvchgat(y, 0, width, attributes, 0, NULL);
	attrset(A_NORMAL);
}

/* Print "-- Events ------". */
static void panes_print_rule(int y, int width, const char *title)
{
	char line[LINE_MAX_LEN];
	int n = snprintf(line, sizeof(line), "-- %s ", title);

	for (; n < width && n + 1 < LINE_MAX_LEN; n++)
		line[n] = '-';
	line[n] = '\0';
	panes_print_line(y, width, A_NORMAL, line);
}

/* Print text at the left and the right of a line. If both do not fit, the left text is
 * cut. */
static void panes_print_both(int y, int width, attr_t attributes, const char *left,
			     const char *right)
{
	char line[LINE_MAX_LEN];
	int len = (int)strlen(right), room = width - len - 2;

	if (room < 0)
		room = 0;
	snprintf(line, sizeof(line), " %-*.*s %s", room, room, left, right);
	if (room && (int)strlen(left) > room)
		line[room] = '~';
	panes_print_line(y, width, attributes, line);
}

/* ---- Head ---- */

static void panes_draw_head(const struct monitor *m, int width)
{
	bool is_kvm = strstr(dr_get_platform(m->dr), "KVM") != NULL;
	char left[400], right[120], lock[80] = "";
	struct utsname name;

	uname(&name);
	if (m->operation.holder < 0)
		snprintf(lock, sizeof(lock), "lock: held");
	else if (m->operation.holder)
		snprintf(lock, sizeof(lock), "lock: pid %d", m->operation.holder);
	else if (m->operation.can_look)
		snprintf(lock, sizeof(lock), "lock: free");
	if (m->operation.n_left)
		snprintf(lock + strlen(lock), sizeof(lock) - strlen(lock), "  %zu %s",
			 m->operation.n_left,
			 m->operation.can_recover ? "incomplete" : "waiting");
	snprintf(left, sizeof(left), "drmon  %s  %s  Linux %s", name.nodename,
		 is_kvm ? "KVM guest" : "PowerVM partition", name.release);
	snprintf(right, sizeof(right), "backend %s  %s", m->backend ? m->backend : "-",
		 lock);
	panes_print_both(0, width, A_BOLD, left, right);
}

/* ---- Table ---- */

static attr_t panes_conn_attributes(const struct conn *c)
{
	if (c->left)
		return A_BOLD | panes_pair_attributes(PAIR_FAILED);
	if (!strcmp(c->state, "present"))
		return A_BOLD | panes_pair_attributes(PAIR_WAITS);
	return A_NORMAL;
}

static void panes_draw_item(const struct monitor *m, int y, int width, const int *widths,
			    size_t item)
{
	const struct conn *c = view_conn(&m->view, item);
	bool is_selected = item == m->view.selected;
	char line[LINE_MAX_LEN];

	line[0] = is_selected ? '>' : ' ';
	columns_line(widths, c, m->view.items[item].n, line + 1, sizeof(line) - 1);
	panes_print_line(y, width, is_selected ? A_REVERSE : panes_conn_attributes(c),
			 line);
}

static void panes_draw_table(const struct monitor *m, int y, int width)
{
	int widths[COLUMNS];
	char line[LINE_MAX_LEN];

	columns_fit(width - 1, m->view.needed, widths);
	line[0] = ' ';
	columns_line(widths, NULL, 0, line + 1, sizeof(line) - 1);
	panes_print_line(y, width, A_UNDERLINE, line);
	for (size_t i = 0; i < m->rows && m->view.top + i < m->view.n; i++)
		panes_draw_item(m, y + 1 + (int)i, width, widths, m->view.top + i);
}

/* Append the slots whose light is in its identify state: "  light C24 C32". */
static void panes_append_lights(const struct monitor *m, char *text, size_t size)
{
	size_t len = strlen(text);
	bool is_first = true;

	for (size_t i = 0; m->lights.n && i < m->inventory.n && len < size; i++) {
		const struct conn *c = &m->inventory.list[i];

		if (!c->index || !lights_identifies(&m->lights, c->index))
			continue;
		len += (size_t)snprintf(text + len, size - len, "%s %s",
					is_first ? "  light" : "", c->name);
		is_first = false;
	}
}

/* Print the number of shown connectors, or the message of a key. */
static void panes_draw_status(const struct monitor *m, int y, int width)
{
	const struct view *view = &m->view;
	char left[300], right[60];

	if (m->is_filtering)
		snprintf(left, sizeof(left), "/%s_", view->filter);
	else if (m->quantity.is_open)
		quantity_text(&m->quantity, left, sizeof(left));
	else if (*m->message)
		snprintf(left, sizeof(left), "%s", m->message);
	else
		snprintf(left, sizeof(left), "%zu of %zu shown, %zu %s%s%s%s%s",
			 view->n_order, m->inventory.n,
			 view->with_all ? view->owned : view->hidden,
			 view->with_all ? "owned (A: only these)" : "not owned (A: all)",
			 view->type ? "  type " : "",
			 view->type ? dr_type_get_name(view->type) : "",
			 *view->filter ? "  filter " : "", view->filter);
	if (!m->is_filtering && !m->quantity.is_open && !*m->message)
		panes_append_lights(m, left, sizeof(left));
	snprintf(right, sizeof(right), "page %zu/%zu", view_page(view, m->rows),
		 view_pages(view, m->rows));
	panes_print_both(y, width, *m->message ? A_BOLD : A_NORMAL, left, right);
}

/* ---- Operation and events ---- */

/* Print the operation on one line, or on two. */
static void panes_draw_operation(const struct monitor *m, int y, int width, int n)
{
	const struct operation *op = &m->operation;
	bool has_failed = *op->error || (op->state == OPERATION_LEFT && op->can_recover);
	attr_t attributes =
		has_failed ? A_BOLD | panes_pair_attributes(PAIR_FAILED) : A_NORMAL;
	char text[600], next[300], line[1000];

	panes_print_rule(y, width, "Operation");
	operation_text(op, text, sizeof(text));
	operation_next_text(op, next, sizeof(next));
	if (!*text && !op->can_look)
		snprintf(text, sizeof(text), "only root can see the operations of drmgr");
	snprintf(line, sizeof(line), " %s%s%s", text, n < 2 && *next ? "   " : "",
		 n < 2 ? next : "");
	panes_print_line(y + 1, width, attributes, line);
	snprintf(line, sizeof(line), " %s", next);
	if (n > 1)
		panes_print_line(y + 2, width, attributes, line);
}

static void panes_draw_events(const struct monitor *m, int y, int width, int n)
{
	char title[120], line[EVENT_TEXT_MAX + 20];
	time_t now = time(NULL);
	struct tm tm;

	snprintf(title, sizeof(title), "Events (%s)",
		 m->daemon ? m->daemon
			   : "nothing handles plug events: start papr-eventd");
	if (!m->options->no_clock)
		strftime(title + strlen(title), sizeof(title) - strlen(title),
			 " %H:%M:%S", localtime_r(&now, &tm));
	panes_print_rule(y, width, title);
	for (int i = 0; i < n; i++) {
		const struct event *event = events_last(&m->events, (size_t)(n - 1 - i));

		if (!event)
			continue;
		snprintf(line, sizeof(line), " %-8s  %s", event->clock, event->text);
		panes_print_line(y + 1 + i, width, A_NORMAL, line);
	}
}

/* ---- A window over the table ---- */

static void panes_draw_window(struct monitor *m, int y, int height, int width)
{
	struct window *window = &m->window;
	char title[200], line[LINE_MAX_LEN];

	window_fit(window, width);
	m->rows = height > 1 ? (size_t)height - 1 : 0;
	window_scroll(window, 0, m->rows);
	if (window->n > m->rows)
		snprintf(title, sizeof(title), "%s (PgDn: %zu to %zu of %zu)",
			 window->title, window->top + 1, window->top + m->rows,
			 window->n);
	else
		snprintf(title, sizeof(title), "%s", window->title);
	panes_print_rule(y, width, title);
	for (size_t i = 0; i < m->rows && window->top + i < window->n; i++) {
		const struct window_row *row = &window->rows[window->top + i];

		snprintf(line, sizeof(line), "%*s%.*s", row->indent, "", row->len,
			 row->at);
		panes_print_line(y + 1 + (int)i, width, A_NORMAL, line);
	}
}

static const char keys[] =
	" ? help  / filter  A all  t type  a add  r remove  + - number  "
	"i light  q quit";

/* ---- Screen ---- */

/* If the height is small, leave out the events first, then the operation. A window needs the
 * lines of the events. */
void panes_draw(struct monitor *m, int height, int width)
{
	int events = m->window.text	      ? 0
		     : height >= USUAL_HEIGHT ? height / 6
		     : height >= 16	      ? 2
					      : 0,
	    operation = height >= 20   ? 2
			: height >= 12 ? 1
				       : 0,
	    bottom = height - 1 - (events ? events + 1 : 0) -
		     (operation ? operation + 1 : 0);

	panes_draw_head(m, width);
	if (m->window.text) {
		panes_draw_window(m, 1, bottom - 1, width);
	} else {
		m->rows = (size_t)(bottom - 3);
		view_move(&m->view, 0, m->rows);
		panes_draw_table(m, 1, width);
		panes_draw_status(m, bottom - 1, width);
	}
	if (operation)
		panes_draw_operation(m, bottom, width, operation);
	if (events)
		panes_draw_events(m, bottom + operation + 1, width, events);
	panes_print_line(height - 1, width, A_NORMAL, " ");
	panes_print_line(height - 1, width - 1, A_NORMAL, keys);
}
