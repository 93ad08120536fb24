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

/* Print one line, cut to the width. Unprintable bytes become '?'. */
static void panes_print_line(int y, int width, attr_t attributes, const char *text)
{
	char line[LINE_MAX_LEN];
	int n = 0;

	for (; text[n] && n < width && n + 1 < LINE_MAX_LEN; n++)
		line[n] = isprint((unsigned char)text[n]) ? text[n] : '?';
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
	panes_print_line(y, width, attributes, line);
}

/* ---- Head ---- */

static void panes_draw_head(const struct monitor *m, int width)
{
	bool is_kvm = strstr(dr_get_platform(m->dr), "KVM") != NULL;
	char left[400], right[80], lock[40] = "";
	struct utsname name;

	uname(&name);
	if (m->operation.holder < 0)
		snprintf(lock, sizeof(lock), "lock: held");
	else if (m->operation.holder)
		snprintf(lock, sizeof(lock), "lock: pid %d", m->operation.holder);
	else if (m->operation.can_look)
		snprintf(lock, sizeof(lock), "lock: free");
	snprintf(left, sizeof(left), "drmon  %s  %s  Linux %s", name.nodename,
		 is_kvm ? "KVM guest" : "PowerVM partition", name.release);
	snprintf(right, sizeof(right), "backend %s  %s", m->backend ? m->backend : "-",
		 lock);
	panes_print_both(0, width, A_BOLD, left, right);
}

/* ---- Table ---- */

static attr_t panes_conn_attributes(const struct conn *c)
{
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

/* Print the number of shown connectors, or the message of a key. */
static void panes_draw_status(const struct monitor *m, int y, int width)
{
	const struct view *view = &m->view;
	char left[300], right[60];

	if (m->is_filtering)
		snprintf(left, sizeof(left), "/%s_", view->filter);
	else if (*m->message)
		snprintf(left, sizeof(left), "%s", m->message);
	else
		snprintf(left, sizeof(left), "%zu of %zu shown%s%s%s%s%s", view->n_order,
			 m->inventory.n,
			 view->hidden ? ": empty PCI slots hidden (e)" : "",
			 view->type ? "  type " : "",
			 view->type ? dr_type_get_name(view->type) : "",
			 *view->filter ? "  filter " : "", view->filter);
	snprintf(right, sizeof(right), "page %zu/%zu", view_page(view, m->rows),
		 view_pages(view, m->rows));
	panes_print_both(y, width, *m->message ? A_BOLD : A_NORMAL, left, right);
}

/* ---- Operation and events ---- */

static void panes_draw_operation(const struct monitor *m, int y, int width)
{
	char text[600] = " ";

	panes_print_rule(y, width, "Operation");
	operation_text(&m->operation, text + 1, sizeof(text) - 1);
	if (!text[1] && !m->operation.can_look)
		snprintf(text, sizeof(text),
			 " only root can see the operations of drmgr");
	panes_print_line(y + 1, width,
			 *m->operation.error || m->operation.state == OPERATION_KILLED
				 ? A_BOLD | panes_pair_attributes(PAIR_FAILED)
				 : A_NORMAL,
			 text);
}

static void panes_draw_events(const struct monitor *m, int y, int width, int n)
{
	char title[120] = "Events", line[EVENT_TEXT_MAX + 20];
	time_t now = time(NULL);
	struct tm tm;

	if (!m->has_errd)
		snprintf(title, sizeof(title),
			 "Events (no rtas_errd: plug events are not handled)");
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
	const struct window *window = &m->window;

	panes_print_rule(y, width, window->title);
	m->rows = height > 1 ? (size_t)height - 1 : 0;
	for (size_t i = 0; i < m->rows && window->top + i < window->n; i++)
		panes_print_line(y + 1 + (int)i, width, A_NORMAL,
				 window->lines[window->top + i]);
}

static const char keys[] = " ? help  / filter  s sort  e empty  a add  r remove  "
			   "i identify  enter  q quit";

/* ---- Screen ---- */

/* If the height is small, leave out the events first, then the operation. */
void panes_draw(struct monitor *m, int height, int width)
{
	int events = height >= USUAL_HEIGHT ? height / 6
		     : height >= 16	    ? 2
					    : 0,
	    operation = height >= 12 ? 2 : 0,
	    bottom = height - 1 - (events ? events + 1 : 0) - operation;

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
		panes_draw_operation(m, bottom, width);
	if (events)
		panes_draw_events(m, bottom + operation, width, events);
	panes_print_line(height - 1, width, A_NORMAL, " ");
	panes_print_line(height - 1, width - 1, A_NORMAL, keys);
}
