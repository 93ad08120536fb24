/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - selection and order of the connectors on the screen
 *
 * Consecutive cores or memory blocks with the same values are one item, a run, until the
 * user opens it. Only items on the screen are formatted.
 *
 * Memory:  a view owns its lists. The inventory belongs to the caller and must outlive
 *          the next view_build().
 */
#pragma once

#include "drmon/columns.h"
#include "drmon/filter.h"

struct view_item {
	size_t at; /* index into order */
	size_t n;  /* number of connectors: 1, or those of a run */
};

struct view {
	/* settings */
	char filter[FILTER_MAX];
	const struct dr_type *type; /* NULL: all */
	bool with_all, is_reverse;  /* with_all: also what the partition does not own */
	enum column sort;	    /* COLUMNS: lsslot's order */
	uint32_t *opened; /* opened runs, by the index of their first connector */
	size_t n_opened;

	/* result */
	const struct inventory *inv;
	const struct conn **order;
	struct view_item *items;
	size_t n_order, n;
	size_t owned, hidden; /* connectors on the screen that are owned; not shown */
	size_t selected, top;
	int needed[COLUMNS]; /* widths of the columns */
};

void view_init(struct view *view);
void view_free(struct view *view);

/* Build the view again after a change of settings or inventory. The selected connector
 * stays selected if it still exists. Return 0 or -ENOMEM. */
int view_build(struct view *view, const struct inventory *inv);

/* Return the connector of an item: for a run the lowest, which the others follow. NULL:
 * no such item. */
const struct conn *view_conn(const struct view *view, size_t item);

/* Select another item. rows: number of rows on the screen. */
void view_move(struct view *view, long by, size_t rows);
void view_select(struct view *view, size_t item, size_t rows);

/* Open the selected run, or close the run that contains the selected connector. Return 0,
 * -ENOMEM, or -ENOENT if there is no run. */
int view_toggle_run(struct view *view);

/* Return the number of pages of this many rows, and the current page, from 1. */
size_t view_pages(const struct view *view, size_t rows);
size_t view_page(const struct view *view, size_t rows);
