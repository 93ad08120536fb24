/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * resource.h - what became of the resources of a request
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/result.h"
#include "libdrmgr/drmgr.h"

struct step_list {
	struct dr_step *list;
	size_t n;
};

/* The steps of a connector that has not ended. */
struct open_steps {
	uint32_t index; /* 0: the connector that was begun */
	struct step_list steps;
};

/* Either a view of the engine's data during a callback, or a copy in the results. */
struct dr_resource {
	const char *name; /* NULL: not known yet */
	uint32_t index;
	enum dr_outcome outcome;
	int changed;		      /* as of dr_resource_get_changed() */
	const struct dr_error *error; /* NULL: none */
	const char *text;	      /* of the error */
	const char *node;
	struct dr_devices devices;
	struct step_list steps; /* only in the results */
};

struct dr_results {
	struct mem mem; /* failed: a part is missing */
	enum dr_status status;
	enum dr_action action;
	struct dr_count count;
	unsigned int requested, done;
	bool is_undone, is_undo_incomplete, is_prepared;
	struct dr_error error;
	const char *text; /* of the error; NULL: none */
	struct dr_resource *list;
	size_t n, last; /* last: the place of the one that ended last */
	/* Of the resource that was begun, and of those that are changed with it. */
	struct open_steps *open;
	size_t n_open;
	unsigned int n_steps; /* of all resources */
};

void results_begin(struct dr_results *results);
void results_add_step(struct dr_results *results, const struct dr_step *step);
/* Drop the resource that was begun. */
void results_forget(struct dr_results *results);
/* Add a copy of the resource, with the steps of this index; 0: of the one that was begun. */
void results_end(struct dr_results *results, uint32_t index,
		 const struct dr_resource *resource);
/* Add the devices of a resource that has ended with this outcome. */
void results_describe(struct dr_results *results, const struct dr_resource *resource);
void results_set_error(struct dr_results *results, const struct dr_error *error,
		       const char *text);
