// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "drmon/view.h"

void view_init(struct view *view)
{
	*view = (struct view){ .sort = COLUMNS };
}

void view_free(struct view *view)
{
	free(view->opened);
	free(view->order);
	free(view->items);
	view_init(view);
}

const struct conn *view_conn(const struct view *view, size_t item)
{
	const struct view_item *run;

	if (item >= view->n)
		return NULL;
	run = &view->items[item];
	return view->order[view->is_reverse ? run->at + run->n - 1 : run->at];
}

/* ---- Selection and order ---- */

/* Return true if the partition has the resource, or its host has plugged the card. */
static bool view_is_owned(const struct conn *c)
{
	static const char *const others[] = { "empty", "not-owned", "reserved" };

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (!strcmp(c->state, others[i]))
			return false;
	return true;
}

static void view_select_shown(struct view *view)
{
	view->n_order = view->owned = view->hidden = 0;
	for (size_t i = 0; i < view->inv->n; i++) {
		const struct conn *c = &view->inv->list[i];
		bool is_owned = c->left || view_is_owned(c);

		if (view->type && c->type != view->type)
			continue;
		if (*view->filter && !filter_matches(view->filter, c))
			continue;
		view->owned += is_owned;
		if (is_owned || view->with_all)
			view->order[view->n_order++] = c;
		else
			view->hidden++;
	}
}

/* Compare two connectors by the sort column: "C10" follows "C9". */
static int view_compare(const void *one, const void *other, void *priv)
{
	const struct conn *a = *(const struct conn *const *)one,
			  *b = *(const struct conn *const *)other;
	const struct view *view = priv;
	char text[2][COLUMN_TEXT_MAX];
	int order;

	column_text(a, 1, view->sort, text[0], sizeof(text[0]));
	column_text(b, 1, view->sort, text[1], sizeof(text[1]));
	order = strverscmp(text[0], text[1]);
	if (!order)
		order = a < b ? -1 : a > b;
	return view->is_reverse ? -order : order;
}

static void view_sort(struct view *view)
{
	if (view->sort < COLUMNS)
		qsort_r(view->order, view->n_order, sizeof(*view->order), view_compare,
			view);
	else if (view->is_reverse)
		for (size_t i = 0; i < view->n_order / 2; i++) {
			const struct conn *c = view->order[i];

			view->order[i] = view->order[view->n_order - 1 - i];
			view->order[view->n_order - 1 - i] = c;
		}
}

/* ---- Runs ---- */

static bool view_run_is_open(const struct view *view, uint32_t index)
{
	for (size_t i = 0; i < view->n_opened; i++)
		if (view->opened[i] == index)
			return true;
	return false;
}

/* Return true if b follows a and has the same values. */
static bool view_are_alike(const struct view *view, const struct conn *a,
			   const struct conn *b)
{
	return (view->is_reverse ? a == b + 1 : b == a + 1) && a->type == b->type &&
	       a->left == b->left && a->node == b->node && a->bytes == b->bytes &&
	       !strcmp(a->state, b->state) && type_is(a->type, TYPE_SHARES);
}

static size_t view_run_length(const struct view *view, size_t at)
{
	size_t n = 1;

	while (at + n < view->n_order &&
	       view_are_alike(view, view->order[at + n - 1], view->order[at + n]))
		n++;
	return n;
}

static void view_group_runs(struct view *view)
{
	view->n = 0;
	for (size_t at = 0, n; at < view->n_order; at += n) {
		n = view_run_length(view, at);
		if (n > 1 && view_run_is_open(view, view->order[at]->index))
			for (size_t i = 0; i < n; i++)
				view->items[view->n++] =
					(struct view_item){ .at = at + i, .n = 1 };
		else
			view->items[view->n++] = (struct view_item){ .at = at, .n = n };
	}
}

static void view_measure(struct view *view)
{
	columns_measure(view->needed, NULL, 0);
	for (size_t i = 0; i < view->n; i++)
		columns_measure(view->needed, view_conn(view, i), view->items[i].n);
}

/* Return the item that contains a connector, or otherwise if no item does. */
static size_t view_find_item(const struct view *view, const struct dr_type *type,
			     uint32_t index, size_t otherwise)
{
	for (size_t i = 0; i < view->n; i++)
		for (size_t k = 0; k < view->items[i].n; k++) {
			const struct conn *c = view->order[view->items[i].at + k];

			if (c->type == type && c->index == index)
				return i;
		}
	return otherwise;
}

int view_build(struct view *view, const struct inventory *inv)
{
	const struct conn *was = view_conn(view, view->selected);
	const struct dr_type *type = was ? was->type : NULL;
	uint32_t index = was ? was->index : 0;
	const struct conn **order = calloc(inv->n + 1, sizeof(*order));
	struct view_item *items = calloc(inv->n + 1, sizeof(*items));

	if (!order || !items) {
		free(order);
		free(items);
		return -ENOMEM;
	}
	free(view->order);
	free(view->items);
	view->order = order;
	view->items = items;
	view->inv = inv;
	view_select_shown(view);
	view_sort(view);
	view_group_runs(view);
	view_measure(view);
	if (was)
		view->selected = view_find_item(view, type, index, view->selected);
	if (view->selected >= view->n)
		view->selected = view->n ? view->n - 1 : 0;
	return 0;
}

int view_toggle_run(struct view *view)
{
	const struct conn *c = view_conn(view, view->selected);
	size_t first = c ? view->items[view->selected].at : 0;
	uint32_t *more;

	if (!c)
		return -ENOENT;
	/* find the start of an opened run */
	while (first && view_are_alike(view, view->order[first - 1], view->order[first]))
		first--;
	if (view_run_length(view, first) == 1)
		return -ENOENT;
	for (size_t i = 0; i < view->n_opened; i++)
		if (view->opened[i] == view->order[first]->index) {
			view->opened[i] = view->opened[--view->n_opened];
			view->selected = view_find_item(
				view, c->type, view->order[first]->index, view->selected);
			return view_build(view, view->inv);
		}
	more = reallocarray(view->opened, view->n_opened + 1, sizeof(*more));
	if (!more)
		return -ENOMEM;
	view->opened = more;
	view->opened[view->n_opened++] = view->order[first]->index;
	return view_build(view, view->inv);
}

/* ---- Position ---- */

void view_select(struct view *view, size_t item, size_t rows)
{
	if (!rows)
		return;
	view->selected = item < view->n ? item : view->n ? view->n - 1 : 0;
	if (view->selected < view->top)
		view->top = view->selected;
	if (view->selected >= view->top + rows)
		view->top = view->selected - rows + 1;
	/* leave no empty lines at the end */
	if (view->top + rows > view->n)
		view->top = view->n > rows ? view->n - rows : 0;
}

void view_move(struct view *view, long by, size_t rows)
{
	size_t back = by < 0 ? (size_t)-by : 0;

	if (back > view->selected)
		view_select(view, 0, rows);
	else
		view_select(view, view->selected + (size_t)(by > 0 ? by : 0) - back,
			    rows);
}

size_t view_pages(const struct view *view, size_t rows)
{
	return rows && view->n ? (view->n + rows - 1) / rows : 1;
}

size_t view_page(const struct view *view, size_t rows)
{
	size_t last = view->top + rows;

	return !rows		 ? 1
	       : last >= view->n ? view_pages(view, rows)
				 : view->top / rows + 1;
}
