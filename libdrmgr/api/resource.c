// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/api/resource.h"
#include "kern/cleanup.h"

/* ---- Steps ---- */

static void resource_free_steps(struct dr_step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		free((void *)(uintptr_t)steps[i].op);
		free((void *)(uintptr_t)steps[i].args);
	}
	free(steps);
}

void results_begin(struct dr_results *results)
{
	results_forget(results);
	results->has_begun = true;
}

void results_forget(struct dr_results *results)
{
	resource_free_steps(results->steps, results->n_steps);
	results->steps = NULL;
	results->n_steps = 0;
	results->has_begun = false;
}

void results_add_step(struct dr_results *results, const struct dr_step *step)
{
	struct dr_step *more, copy = *step;

	if (!results->has_begun)
		return;
	more = reallocarray(results->steps, results->n_steps + 1, sizeof(*more));
	if (more)
		results->steps = more;
	copy.op = strdup(step->op);
	copy.args = strdup(step->args);
	if (more && copy.op && copy.args) {
		results->steps[results->n_steps++] = copy;
		return;
	}
	free((void *)(uintptr_t)copy.op);
	free((void *)(uintptr_t)copy.args);
	results->is_short = true;
}

/* ---- Resources ---- */

static int device_copy(struct dr_device *to, const struct dr_device *from)
{
	int err = 0;

	*to = *from;
	to->interfaces = (struct kern_names){ 0 };
	for (size_t i = 0; !err && i < from->interfaces.n; i++)
		err = kern_names_add(&to->interfaces, from->interfaces.name[i]);
	return err;
}

static void devices_free(struct dr_device *devices, size_t n)
{
	for (size_t i = 0; i < n; i++)
		kern_names_free(&devices[i].interfaces);
	free(devices);
}

static void resource_free(struct dr_resource *resource)
{
	free((void *)(uintptr_t)resource->name);
	free((void *)(uintptr_t)resource->error);
	free((void *)(uintptr_t)resource->text);
	free((void *)(uintptr_t)resource->node);
	devices_free((struct dr_device *)(uintptr_t)resource->devices,
		     resource->n_devices);
	resource_free_steps(resource->steps, resource->n_steps);
}

/* Copy the text; *is_short is set if there is no memory. */
static const char *resource_copy_text(const char *text, bool *is_short)
{
	char *copy = text ? strdup(text) : NULL;

	*is_short |= text && !copy;
	return copy;
}

static void resource_copy_devices(struct dr_resource *to, const struct dr_resource *from,
				  bool *is_short)
{
	struct dr_device *devices =
		from->n_devices ? calloc(from->n_devices, sizeof(*devices)) : NULL;

	to->devices = devices;
	*is_short |= from->n_devices && !devices;
	for (; devices && to->n_devices < from->n_devices; to->n_devices++)
		if (device_copy(&devices[to->n_devices], &from->devices[to->n_devices]))
			*is_short = true;
}

void results_end(struct dr_results *results, const struct dr_resource *resource)
{
	struct dr_resource *more =
		reallocarray(results->list, results->n + 1, sizeof(*more));
	struct dr_resource *to;
	struct dr_error *error = NULL;

	if (!more) {
		results->is_short = true;
		results_forget(results);
		return;
	}
	results->list = more;
	to = &more[results->n++];
	*to = (struct dr_resource){
		.index = resource->index,
		.outcome = resource->outcome,
		.name = resource_copy_text(resource->name, &results->is_short),
		.text = resource_copy_text(resource->text, &results->is_short),
		.node = resource_copy_text(resource->node, &results->is_short),
		.steps = results->steps,
		.n_steps = results->n_steps,
	};
	if (resource->error) {
		error = malloc(sizeof(*error));
		if (error)
			*error = *resource->error;
		results->is_short |= !error;
	}
	to->error = error;
	resource_copy_devices(to, resource, &results->is_short);
	results->steps = NULL;
	results->n_steps = 0;
	results->has_begun = false;
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
	return i < resource->n_devices ? resource->devices[i].name : NULL;
}

const char *dr_resource_get_driver(const struct dr_resource *resource, size_t i)
{
	return i < resource->n_devices && *resource->devices[i].driver
		       ? resource->devices[i].driver
		       : NULL;
}

const char *dr_resource_get_interface(const struct dr_resource *resource, size_t i,
				      size_t n)
{
	return i < resource->n_devices && n < resource->devices[i].interfaces.n
		       ? resource->devices[i].interfaces.name[n]
		       : NULL;
}

const struct dr_step *dr_resource_get_step(const struct dr_resource *resource, size_t i)
{
	return i < resource->n_steps ? &resource->steps[i] : NULL;
}
