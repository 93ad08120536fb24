// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/api/resource.h"
#include "kern/cleanup.h"

/* ---- Steps ---- */

/* Return the place of the open steps of this index. Without memory it does not exist. */
static size_t results_open(struct dr_results *results, uint32_t index)
{
	size_t i = 0;

	while (i < results->n_open && results->open[i].index != index)
		i++;
	if (i == results->n_open)
		vec_add(&results->mem, results->open, results->n_open)->index = index;
	return i;
}

void results_begin(struct dr_results *results)
{
	results_forget(results);
	results_open(results, 0);
}

void results_forget(struct dr_results *results)
{
	results->n_open = 0; /* the array serves again */
}

void results_add_step(struct dr_results *results, const struct dr_step *step)
{
	struct mem *m = &results->mem;
	struct dr_step copy = *step;
	struct step_list *steps;
	size_t at;

	if (!results->n_open)
		return;
	copy.number = ++results->n_steps;
	copy.op = mem_copy(m, step->op);
	copy.args = mem_copy(m, step->args);
	at = results_open(results, step->index);
	if (at == results->n_open)
		return;
	steps = &results->open[at].steps;
	*vec_add(m, steps->list, steps->n) = copy;
}

/* ---- Resources ---- */

/* Find the entry of a resource that was done, and is being undone: next to the last one, in the
 * order of an undo, or anywhere. NULL: it has none. */
static struct dr_resource *results_find_done(const struct dr_results *results,
					     const struct dr_resource *resource)
{
	bool is_undo = resource->outcome == DR_UNDONE ||
		       (resource->outcome == DR_FAILED && !resource->error);
	const size_t near = results->last ? results->last - 1 : 0;

	for (size_t i = 0; is_undo && i < results->n + 3; i++) {
		size_t at = i < 3 ? near + i : i - 3;

		if (at < results->n && results->list[at].index == resource->index &&
		    (results->list[at].outcome == DR_DONE ||
		     results->list[at].outcome == DR_PLANNED))
			return &results->list[at];
	}
	return NULL;
}

void results_end(struct dr_results *results, uint32_t index,
		 const struct dr_resource *resource)
{
	size_t at = results_open(results, index);
	struct mem *m = &results->mem;
	struct dr_resource copy = {
		.index = resource->index,
		.outcome = resource->outcome,
		.changed = resource->changed,
		.name = mem_copy(m, resource->name),
		.text = mem_copy(m, resource->text),
		.node = mem_copy(m, resource->node),
	};
	struct dr_resource *done = results_find_done(results, resource);
	struct dr_error *error;

	if (at < results->n_open) {
		copy.steps = results->open[at].steps;
		results->open[at].steps = (struct step_list){ 0 };
	}
	for (size_t i = 0; i < resource->devices.n; i++)
		dr_devices_add(m, &copy.devices, &resource->devices.list[i]);
	if (resource->error) {
		error = mem_array(m, 1, sizeof(*error));
		if (error)
			*error = *resource->error;
		copy.error = error;
	}
	/* A resource that is undone is listed once, as it ended, with all its steps. */
	for (size_t i = 0; done && i < copy.steps.n; i++)
		*vec_add(m, done->steps.list, done->steps.n) = copy.steps.list[i];
	if (done)
		copy.steps = done->steps;
	else
		done = vec_add(m, results->list, results->n);
	*done = copy;
	results->last = (size_t)(done - results->list);
}

void results_describe(struct dr_results *results, const struct dr_resource *resource)
{
	struct dr_resource *to = results->list, *end = to + results->n;

	while (to < end &&
	       (to->index != resource->index || to->outcome != resource->outcome))
		to++;
	for (size_t i = 0; to < end && i < resource->devices.n; i++)
		dr_devices_add(&results->mem, &to->devices, &resource->devices.list[i]);
}

void results_set_error(struct dr_results *results, const struct dr_error *error,
		       const char *text)
{
	results->error = *error;
	results->text = mem_copy(&results->mem, text);
}

/* ---- The public functions ---- */

void dr_results_free(struct dr_results *results)
{
	if (results)
		mem_end(&results->mem);
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

enum dr_action dr_results_get_action(const struct dr_results *results)
{
	return results->action;
}

int dr_results_get_changed(const struct dr_results *results)
{
	bool is_unknown = results->is_undo_incomplete;

	for (size_t i = 0; i < results->n; i++) {
		if (results->list[i].changed > 0)
			return 1;
		is_unknown |= results->list[i].changed < 0;
	}
	return is_unknown ? -1 : 0;
}

void dr_results_get_count(const struct dr_results *results, struct dr_count *count)
{
	context_copy_sized(count, count->size, &results->count, sizeof(results->count));
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
	return !mem_check(&results->mem);
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

int dr_resource_get_changed(const struct dr_resource *resource)
{
	return resource->changed;
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
	return i < resource->devices.n && n < resource->devices.list[i].n_interfaces
		       ? resource->devices.list[i].interfaces[n]
		       : NULL;
}

const struct dr_step *dr_resource_get_step(const struct dr_resource *resource, size_t i)
{
	return i < resource->steps.n ? &resource->steps.list[i] : NULL;
}
