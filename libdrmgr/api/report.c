// SPDX-License-Identifier: LGPL-2.1-or-later
/* What the model reports: added to the results, and passed to the caller. */
#include <errno.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/api/resource.h"
#include "libdrmgr/impact/impact.h"
#include "kern/cleanup.h"

/* Call a function of the caller, if it has it. */
#define CALL(dr, fn, ...)                                                      \
	do {                                                                   \
		if ((dr)->callbacks.fn)                                        \
			(dr)->callbacks.fn((dr)->callbacks.priv, __VA_ARGS__); \
	} while (0)

static void context_on_begin(void *priv, const struct drc *drc)
{
	const struct dr_resource resource = { .name = drc->name, .index = drc->index };
	struct dr *dr = priv;

	results_begin(dr->results);
	CALL(dr, begin, &resource);
}

/* Report an end to the caller once, when all is known. index: as of results_end(). */
static void context_end_one(struct dr *dr, uint32_t index,
			    const struct dr_resource *resource, enum dr_part part)
{
	if (part == DR_PART_DEVICES)
		results_describe(dr->results, resource);
	else
		results_end(dr->results, index, resource);
	if (part != DR_PART_CHANGE)
		CALL(dr, end, resource);
}

/* Return 1 if a resource with this outcome has changed, 0, or -1 if that is unknown. */
static int result_changed(const struct dr *dr, const struct dr_result *result,
			  enum dr_outcome outcome)
{
	enum dr_action action = dr->results->action;

	if (outcome == DR_FAILED && result->is_undo_incomplete)
		return -1;
	if (outcome == DR_DONE || outcome == DR_PLANNED)
		return !result->is_as_before && action != DR_IDENTIFY &&
		       action != DR_QUERY;
	return outcome != DR_UNDONE && result->is_removed;
}

/* Return what became of a connector that was changed with the one of the request. */
static enum dr_outcome result_other_outcome(const struct dr_result *result,
					    enum dr_outcome outcome)
{
	switch (outcome) {
	case DR_FAILED:
		return result->is_undo_incomplete ? DR_FAILED : DR_UNDONE;
	case DR_SKIPPED:
		return result->is_removed ? DR_DONE : DR_UNDONE;
	default:
		return outcome;
	}
}

static void context_end_others(struct dr *dr, const struct dr_result *result,
			       enum dr_outcome outcome)
{
	for (size_t i = 0; i < result->n_others; i++) {
		const struct dr_other *other = &result->others[i];
		const struct dr_resource resource = {
			.name = other->name,
			.index = other->index,
			.outcome = result_other_outcome(result, outcome),
			.changed = result_changed(dr, result,
						  result_other_outcome(result, outcome)),
			.node = other->node,
			.devices = other->devices,
		};

		context_end_one(dr, other->index, &resource, result->part);
	}
}

static void context_on_end(void *priv, const struct drc *drc, enum dr_outcome outcome,
			   const struct dr_result *result, const char *text)
{
	struct dr *dr = priv;
	/* Those of a card that was not added are gone. */
	bool has_devices = outcome == DR_DONE || outcome == DR_PLANNED ||
			   dr->results->action == DR_REMOVE;
	const struct dr_resource resource = {
		.name = drc->name,
		.index = drc->index,
		.outcome = outcome,
		.error = text ? &result->error : NULL,
		.text = text,
		.node = result->node,
		.devices = has_devices ? result->devices : (struct dr_devices){ 0 },
		.changed = result_changed(dr, result, outcome),
	};

	context_end_one(dr, 0, &resource, result->part);
	context_end_others(dr, result, outcome);
	results_forget(dr->results);
}

static void context_on_forget(void *priv)
{
	struct dr *dr = priv;

	results_forget(dr->results);
	if (dr->callbacks.forget)
		dr->callbacks.forget(dr->callbacks.priv);
}

static void context_on_fail(void *priv, const struct dr_error *error, const char *text)
{
	struct dr *dr = priv;

	results_set_error(dr->results, error, text);
	CALL(dr, error, error, text);
}

static void context_on_progress(void *priv, size_t done, size_t total)
{
	const struct dr *dr = priv;

	CALL(dr, progress, done, total);
}

static void context_on_step(void *priv, const struct dr_step *step)
{
	struct dr *dr = priv;

	if (dr->results)
		results_add_step(dr->results, step);
	CALL(dr, step, step);
}

static int context_on_prompt(void *priv, enum dr_prompt prompt, const char *slot)
{
	const struct dr *dr = priv;

	return dr->callbacks.question
		       ? dr->callbacks.question(dr->callbacks.priv, prompt, slot)
		       : -ENODATA;
}

static void context_on_partner(void *priv, const char *slot, const char *partner)
{
	const struct dr *dr = priv;

	CALL(dr, partner, slot, partner);
}

static void context_on_phb_partner(void *priv, const char *phb, const char *partner)
{
	const struct dr *dr = priv;

	CALL(dr, phb_partner, phb, partner);
}

static void context_on_warning(void *priv, const char *text)
{
	const struct dr *dr = priv;

	CALL(dr, warning, text);
}

static void context_on_impact(void *priv, const struct dr_impact *impact)
{
	const struct dr *dr = priv;
	_cleanup_mem_ struct mem mem = { 0 };
	const char *text = impact_text(&mem, impact);

	if (!mem_check(&mem))
		CALL(dr, impact, impact, text);
}

static void context_on_wait(void *priv, const char *what, int64_t ms)
{
	const struct dr *dr = priv;

	CALL(dr, wait, what, ms);
}

static void context_on_yield(void *priv)
{
	const struct dr *dr = priv;

	if (dr->callbacks.yield)
		dr->callbacks.yield(dr->callbacks.priv);
}

struct dr_report context_report(struct dr *dr)
{
	return (struct dr_report){
		.begin = context_on_begin,
		.end = context_on_end,
		.forget = context_on_forget,
		.fail = context_on_fail,
		.progress = context_on_progress,
		.step = context_on_step,
		.prompt = context_on_prompt,
		.partner = context_on_partner,
		.phb_partner = context_on_phb_partner,
		.warning = context_on_warning,
		.impact = context_on_impact,
		.wait = context_on_wait,
		.yield = context_on_yield,
		.priv = dr,
	};
}
