// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <curses.h>
#include <stdio.h>

#include "drmon/monitor.h"

enum { ESCAPE = 27, NUMBER_MAX = 999999 };

const char *quantity_words(const struct dr_type *type)
{
	const char *words = type_row(type)->plural;

	return words ? words : dr_type_get_name(type);
}

/* Return true if drmgr changes resources of this type by number. */
static bool quantity_allows(const struct monitor *m, const struct dr_type *type,
			    enum action_kind kind)
{
	const struct dr_request request = {
		.size = sizeof(request),
		.type = type,
		.action = kind == ACTION_ADD_SOME ? DR_ADD : DR_REMOVE,
		.count = 1,
		.has_count = true,
	};

	return !dr_check(m->dr, &request);
}

/* Return the next type that drmgr changes by number. */
static const struct dr_type *quantity_next_type(const struct monitor *m,
						const struct dr_type *type,
						enum action_kind kind)
{
	do
		type = conn_type_next(type);
	while (!type || !quantity_allows(m, type, kind));
	return type;
}

/* Return the type of the list. If it has all types, return that of the selected line, if it
 * is a core or memory, else memory. */
static const struct dr_type *quantity_first_type(const struct monitor *m)
{
	const struct conn *c = view_conn(&m->view, m->view.selected);

	if (m->view.type)
		return m->view.type;
	return c && type_is(c->type, TYPE_CORES) ? c->type : type_with(TYPE_MEMORY);
}

void quantity_open(struct monitor *m, enum action_kind kind, size_t n)
{
	const struct dr_type *type = quantity_first_type(m);

	if (!action_is_possible(m, kind))
		return;
	if (!quantity_allows(m, type, kind)) {
		monitor_message(m, "%c: type %s is not counted: select one and press %c",
				kind == ACTION_ADD_SOME ? '+' : '-',
				dr_type_get_name(type),
				kind == ACTION_ADD_SOME ? 'a' : 'r');
		return;
	}
	m->quantity = (struct quantity){
		.is_open = true,
		.kind = kind,
		.type = type,
		.n = n <= NUMBER_MAX ? (uint32_t)n : 0,
	};
}

static void quantity_end(struct monitor *m)
{
	m->quantity.is_open = false;
	if (m->quantity.n)
		action_plan_quantity(m, m->quantity.kind, m->quantity.type,
				     m->quantity.n);
}

void quantity_key(struct monitor *m, int key)
{
	struct quantity *q = &m->quantity;
	uint32_t n;

	if (key >= '0' && key <= '9') {
		n = q->n * 10 + (uint32_t)(key - '0');
		q->n = n <= NUMBER_MAX ? n : q->n;
	} else if (key == KEY_BACKSPACE || key == 127 || key == '\b') {
		q->n /= 10;
	} else if (key == '\t') {
		q->type = quantity_next_type(m, q->type, q->kind);
	} else if (key == '\n' || key == '\r' || key == KEY_ENTER) {
		quantity_end(m);
	} else if (key == ESCAPE || key == 'q') {
		q->is_open = false;
	}
}

void quantity_text(const struct quantity *quantity, char *text, size_t size)
{
	char number[16] = "";

	if (quantity->n)
		snprintf(number, sizeof(number), "%u", quantity->n);
	snprintf(text, size, "%s how many %s? %s_  (Tab: other type, Esc: none)",
		 quantity->kind == ACTION_ADD_SOME ? "Add" : "Remove",
		 quantity_words(quantity->type), number);
}
