/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * resource.h - what became of the resources of a request
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/result.h"
#include "libdrmgr/drmgr.h"

/* Either a view of the engine's data during a callback, or a copy in the results, which
 * owns everything. */
struct dr_resource {
	const char *name; /* NULL: not known yet */
	uint32_t index;
	enum dr_outcome outcome;
	const struct dr_error *error; /* NULL: none */
	const char *text;	      /* of the error */
	const char *node;
	const struct dr_device *devices;
	size_t n_devices;
	struct dr_step *steps; /* only in the results */
	size_t n_steps;
};

struct dr_results {
	enum dr_status status;
	unsigned int requested, done;
	bool is_undone, is_undo_incomplete, is_prepared;
	struct dr_error error;
	char *text; /* of the error; NULL: none */
	struct dr_resource *list;
	size_t n;
	/* Of the resource that was begun. */
	bool has_begun;
	struct dr_step *steps;
	size_t n_steps;
	bool is_short; /* a part is missing: no memory */
};

void results_begin(struct dr_results *results);
void results_add_step(struct dr_results *results, const struct dr_step *step);
/* Drop the resource that was begun. */
void results_forget(struct dr_results *results);
/* Add a copy of the resource, with its steps. */
void results_end(struct dr_results *results, const struct dr_resource *resource);
void results_set_error(struct dr_results *results, const struct dr_error *error,
		       const char *text);
