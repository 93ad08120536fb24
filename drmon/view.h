/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * view.h - which connectors are shown, in which order, and which one is selected
 *
 * Cores and blocks of memory that follow each other and are alike are one item, a run,
 * until it is opened. Only what is on the screen is ever made into text.
 *
 * Memory:  a view owns its lists; the inventory is the caller's, and outlives a build.
 */
#pragma once

#include "drmon/columns.h"
#include "drmon/filter.h"

struct view_item {
	size_t at; /* in order */
	size_t n;  /* connectors: 1, or a run */
};

struct view {
	/* what is wanted */
	char filter[FILTER_MAX];
	int type; /* enum conn_type, or -1: all */
	bool with_empty, is_reverse;
	enum column sort; /* COLUMNS: lsslot's order */
	uint32_t *opened; /* runs, by the index of their first */
	size_t n_opened;

	/* what there is */
	const struct inventory *inv;
	const struct conn **order;
	struct view_item *items;
	size_t n_order, n, hidden; /* hidden: empty slots */
	size_t selected, top;
};

void view_init(struct view *view);
void view_free(struct view *view);

/* After any change of either. What was selected stays so, if it is still there. -ENOMEM. */
int view_build(struct view *view, const struct inventory *inv);

/* Of a run the lowest, and the others behind it. NULL: there is none. */
const struct conn *view_conn(const struct view *view, size_t item);

/* Selects another item; rows: how many are on the screen. */
void view_move(struct view *view, long by, size_t rows);
void view_select(struct view *view, size_t item, size_t rows);

/* Opens the run that is selected, or closes the one it belongs to. -ENOMEM; -ENOENT it is
 * no run, and in none. */
int view_toggle_run(struct view *view);

/* Pages of so many rows, and the one that is shown, from 1. */
size_t view_pages(const struct view *view, size_t rows);
size_t view_page(const struct view *view, size_t rows);
