// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "libdrmgr/api/resource.h"
#include "kern/cleanup.h"

/* ---- Steps ---- */

static void step_list_free(struct step_list *steps)
{
	for (size_t i = 0; i < steps->n; i++) {
		free((void *)(uintptr_t)steps->list[i].op);
		free((void *)(uintptr_t)steps->list[i].args);
	}
	free(steps->list);
	*steps = (struct step_list){ 0 };
}

static int step_list_add(struct step_list *steps, const struct dr_step *step)
{
	struct dr_step *more = reallocarray(steps->list, steps->n + 1, sizeof(*more));
	struct dr_step copy = *step;

	if (!more)
		return -ENOMEM;
	steps->list = more;
	copy.op = strdup(step->op);
	copy.args = strdup(step->args);
	if (copy.op && copy.args) {
		more[steps->n++] = copy;
		return 0;
	}
	free((void *)(uintptr_t)copy.op);
	free((void *)(uintptr_t)copy.args);
	return -ENOMEM;
}

/* Find the open steps of this index, or add it. Return NULL if there is no memory. */
static struct step_list *results_open(struct dr_results *results, uint32_t index)
{
	struct open_steps *more;

	for (size_t i = 0; i < results->n_open; i++)
		if (results->open[i].index == index)
			return &results->open[i].steps;
	more = reallocarray(results->open, results->n_open + 1, sizeof(*more));
	if (!more)
		return NULL;
	results->open = more;
	more[results->n_open] = (struct open_steps){ .index = index };
	return &more[results->n_open++].steps;
}

void results_begin(struct dr_results *results)
{
	results_forget(results);
	results->is_short |= !results_open(results, 0);
}

void results_forget(struct dr_results *results)
{
	for (size_t i = 0; i < results->n_open; i++)
		step_list_free(&results->open[i].steps);
	free(results->open);
	results->open = NULL;
	results->n_open = 0;
}

void results_add_step(struct dr_results *results, const struct dr_step *step)
{
	struct dr_step numbered = *step;
	struct step_list *steps;

	if (!results->n_open)
		return;
	numbered.number = ++results->n_steps;
	steps = results_open(results, step->index);
	results->is_short |= !steps || step_list_add(steps, &numbered);
}

/* ---- Resources ---- */

static void resource_free(struct dr_resource *resource)
{
	free((void *)(uintptr_t)resource->name);
	free((void *)(uintptr_t)resource->error);
	free((void *)(uintptr_t)resource->text);
	free((void *)(uintptr_t)resource->node);
	dr_devices_free(&resource->devices);
	step_list_free(&resource->steps);
}

/* Copy the text; *is_short is set if there is no memory. */
static const char *resource_copy_text(const char *text, bool *is_short)
{
	char *copy = text ? strdup(text) : NULL;

	*is_short |= text && !copy;
	return copy;
}

void results_end(struct dr_results *results, uint32_t index,
		 const struct dr_resource *resource)
{
	struct dr_resource *more =
		reallocarray(results->list, results->n + 1, sizeof(*more));
	struct step_list *steps = results_open(results, index);
	struct dr_resource *to;
	struct dr_error *error = NULL;

	results->is_short |= !more || !steps;
	if (more)
		results->list = more;
	if (!more || !steps)
		return;
	to = &more[results->n++];
	*to = (struct dr_resource){
		.index = resource->index,
		.outcome = resource->outcome,
		.name = resource_copy_text(resource->name, &results->is_short),
		.text = resource_copy_text(resource->text, &results->is_short),
		.node = resource_copy_text(resource->node, &results->is_short),
		.steps = *steps,
	};
	*steps = (struct step_list){ 0 };
	if (resource->error) {
		error = malloc(sizeof(*error));
		if (error)
			*error = *resource->error;
		results->is_short |= !error;
	}
	to->error = error;
	for (size_t i = 0; i < resource->devices.n; i++)
		results->is_short |=
			dr_devices_add(&to->devices, &resource->devices.list[i]) != 0;
}

void results_set_error(struct dr_results *results, const struct dr_error *error,
		       const char *text)
{
	free(results->text);
	results->error = *error;
	results->text = strdup(text);
	results->is_short |= !results->text;
}

/* ---- The public functions ---- */

void dr_results_free(struct dr_results *results)
{
	if (!results)
		return;
	results_forget(results);
	for (size_t i = 0; i < results->n; i++)
		resource_free(&results->list[i]);
	free(results->list);
	free(results->text);
	free(results);
}

enum dr_status dr_results_get_status(const struct dr_results *results)
{
	return results->status;
}

unsigned int dr_results_get_requested(const struct dr_results *results)
{
	return results->requested;
}

unsigned int dr_results_get_done(const struct dr_results *results)
{
	return results->done;
}

const struct dr_error *dr_results_get_error(const struct dr_results *results)
{
	return &results->error;
}

const char *dr_results_get_error_text(const struct dr_results *results)
{
	return results->text ? results->text : "";
}

bool dr_results_is_undone(const struct dr_results *results)
{
	return results->is_undone;
}

bool dr_results_is_undo_incomplete(const struct dr_results *results)
{
	return results->is_undo_incomplete;
}

bool dr_results_is_prepared(const struct dr_results *results)
{
	return results->is_prepared;
}

bool dr_results_is_complete(const struct dr_results *results)
{
	return !results->is_short;
}

const struct dr_resource *dr_results_get_resource(const struct dr_results *results,
						  size_t i)
{
	return i < results->n ? &results->list[i] : NULL;
}

const char *dr_outcome_name(enum dr_outcome outcome)
{
	static const char *const names[] = {
		[DR_DONE] = "done",	  [DR_FAILED] = "failed",
		[DR_SKIPPED] = "skipped", [DR_UNDONE] = "undone",
		[DR_PLANNED] = "planned",
	};

	return (unsigned int)outcome < ARRAY_SIZE(names) ? names[outcome] : NULL;
}

const char *dr_resource_get_name(const struct dr_resource *resource)
{
	return resource->name;
}

uint32_t dr_resource_get_index(const struct dr_resource *resource)
{
	return resource->index;
}

enum dr_outcome dr_resource_get_outcome(const struct dr_resource *resource)
{
	return resource->outcome;
}

const struct dr_error *dr_resource_get_error(const struct dr_resource *resource)
{
	return resource->error;
}

const char *dr_resource_get_error_text(const struct dr_resource *resource)
{
	return resource->text;
}

const char *dr_resource_get_node(const struct dr_resource *resource)
{
	return resource->node;
}

const char *dr_resource_get_device(const struct dr_resource *resource, size_t i)
{
	return i < resource->devices.n ? resource->devices.list[i].name : NULL;
}

const char *dr_resource_get_driver(const struct dr_resource *resource, size_t i)
{
	return i < resource->devices.n && *resource->devices.list[i].driver
		       ? resource->devices.list[i].driver
		       : NULL;
}

const char *dr_resource_get_interface(const struct dr_resource *resource, size_t i,
				      size_t n)
{
	return i < resource->devices.n && n < resource->devices.list[i].interfaces.n
		       ? resource->devices.list[i].interfaces.name[n]
		       : NULL;
}

const struct dr_step *dr_resource_get_step(const struct dr_resource *resource, size_t i)
{
	return i < resource->steps.n ? &resource->steps.list[i] : NULL;
}
