// SPDX-License-Identifier: GPL-2.0-or-later
/* Results as a document of schema papr.drmgr/1, printed at the end. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/connectors.h"
#include "cli/leftover.h"
#include "drmgr/report.h"

struct document {
	json_object *warnings, *impact;
	json_object *error;	 /* NULL: no error */
	json_object *refused_by; /* NULL: not refused because of a need */
};

/* Begin an event of --json=lines. NULL: only a document is wanted. */
static json_object *event_new(const struct report *r, const char *name)
{
	json_object *o;

	if (!r->req->json_lines)
		return NULL;
	o = json_new_object();
	json_put_text(o, "schema", "papr.drmgr/1");
	json_put_text(o, "event", name);
	return o;
}

/* Print an event with a value, of which the caller remains an owner. */
static void event_tell(const struct report *r, const char *name, json_object *value)
{
	json_object *event = event_new(r, name);

	if (!event)
		return;
	json_put(event, name, json_object_get(value));
	json_print_line(event);
}

int report_json_open(struct report *r)
{
	struct document *d = calloc(1, sizeof(*d));

	if (!d)
		return -ENOMEM;
	d->warnings = json_new_array();
	d->impact = json_new_array();
	r->priv = d;
	return d->warnings && d->impact ? 0 : -ENOMEM;
}

static void json_put_resource(json_object *o, const struct dr_resource *resource)
{
	uint32_t index = dr_resource_get_index(resource);

	/* Shares have no index: connectors count from 1. */
	if (index)
		json_put_index(o, "index", index);
	else
		json_put_text(o, "index", NULL);
	json_put_text(o, "name", dr_resource_get_name(resource));
}

static void report_json_begin(struct report *r, const struct dr_resource *resource)
{
	json_object *event = event_new(r, "begin");

	if (!event)
		return;
	json_put_resource(event, resource);
	json_print_line(event);
}

static void json_put_errno(json_object *o, int err)
{
	json_put_text(o, "errno", err ? strerrorname_np(-err) : NULL);
}

static json_object *step_object(const struct dr_step *step)
{
	json_object *o = json_new_object();
	int32_t status;

	json_put_text(o, "op", dr_step_get_op(step));
	json_put_text(o, "args", dr_step_get_args(step));
	if (dr_step_get_status(step, &status))
		json_put_int(o, "status", status);
	else
		json_put_text(o, "status", NULL);
	json_put_errno(o, dr_step_get_errno(step));
	json_put_ms(o, "ms", dr_step_get_ns(step));
	return o;
}

static void report_json_step(struct report *r, const struct dr_step *step)
{
	json_object *o;

	if (!r->req->json_lines)
		return;
	o = step_object(step);
	event_tell(r, "step", o);
	json_object_put(o);
}

/* error NULL: only the code and the message are known. */
static json_object *report_error_object(const struct dr_error *error, enum dr_code code,
					const char *message)
{
	json_object *o = json_new_object();
	uint64_t bytes, available, kept;
	int32_t status;

	json_put_text(o, "step", error ? dr_error_get_step(error) : NULL);
	json_put_text(o, "call", error ? dr_error_get_call(error) : NULL);
	if (error && dr_error_get_status(error, &status))
		json_put_int(o, "status", status);
	else
		json_put_text(o, "status", NULL);
	json_put_errno(o, error && dr_error_has_kernel_errno(error)
				  ? dr_error_get_errno(error)
				  : 0);
	json_put_error(o, code, message);
	if (error && dr_error_get_memory(error, &bytes, &available, &kept)) {
		json_object *memory = json_new_object();

		json_put_int(memory, "bytes", (int64_t)bytes);
		json_put_int(memory, "available", (int64_t)available);
		json_put_int(memory, "kept", (int64_t)kept);
		json_put(o, "memory", memory);
	}
	if (error && dr_error_get_reason(error))
		json_put_text(o, "reason", dr_error_get_reason(error));
	return o;
}

/* List every name that Linux has for the card: addresses, interfaces. */
static json_object *resource_linux_names(const struct dr_resource *resource)
{
	json_object *array = json_new_array();
	const char *name;

	for (size_t i = 0; (name = dr_resource_get_device(resource, i)); i++) {
		json_append_text(array, name);
		for (size_t n = 0; (name = dr_resource_get_interface(resource, i, n));
		     n++)
			json_append_text(array, name);
	}
	return array;
}

/* changed: 1, 0, or -1: unknown. */
static void json_put_changed(json_object *o, int changed)
{
	json_put(o, "changed", changed < 0 ? NULL : json_new_bool(changed));
}

static json_object *resource_object(const struct dr_resource *resource)
{
	const struct dr_error *error = dr_resource_get_error(resource);
	json_object *o = json_new_object();

	json_put_resource(o, resource);
	json_put_text(o, "path", dr_resource_get_node(resource));
	json_put(o, "linux", resource_linux_names(resource));
	json_put_text(o, "result", dr_outcome_name(dr_resource_get_outcome(resource)));
	json_put_changed(o, dr_resource_get_changed(resource));
	json_put(o, "error",
		 error ? report_error_object(error, dr_error_get_code(error),
					     dr_resource_get_error_text(resource))
		       : NULL);
	return o;
}

static void report_json_end(struct report *r, const struct dr_resource *resource)
{
	json_object *o;

	if (!r->req->json_lines)
		return;
	o = resource_object(resource);
	event_tell(r, "resource", o);
	json_object_put(o);
}

static void report_json_forget(struct report *r)
{
	json_object *event = event_new(r, "forget");

	if (event)
		json_print_line(event);
}

/* The resources with their steps. */
static json_object *resources_object(const struct dr_results *results)
{
	json_object *resources = json_new_array();
	const struct dr_resource *resource;
	const struct dr_step *step;

	for (size_t i = 0; results && (resource = dr_results_get_resource(results, i));
	     i++) {
		json_object *o = resource_object(resource);
		json_object *steps = json_new_array();

		for (size_t n = 0; (step = dr_resource_get_step(resource, n)); n++) {
			json_object *made = step_object(step);

			json_put_int(made, "number", dr_step_get_number(step));
			json_append(steps, made);
		}
		json_put(o, "steps", steps);
		json_append(resources, o);
	}
	return resources;
}

static void report_json_line(struct report *r, const char *text)
{
	(void)r;
	(void)text;
}

static void report_json_warning(struct report *r, const char *text)
{
	struct document *d = r->priv;

	json_object *warning = json_text(text);

	event_tell(r, "warning", warning);
	json_append(d->warnings, warning);
}

static void report_json_impact(struct report *r, const struct dr_impact *impact,
			       const char *text)
{
	json_object *o = json_new_object();
	struct document *d = r->priv;

	json_put_text(o, "text", text);
	json_put_text(o, "kind", dr_impact_get_kind(impact));
	json_put_text(o, "what", dr_impact_get_what(impact));
	json_put_text(o, "through", dr_impact_get_through(impact));
	json_put_bool(o, "fatal", dr_impact_is_fatal(impact));
	json_put_bool(o, "degraded", dr_impact_is_degraded(impact));
	json_put_bool(o, "unsure", dr_impact_is_unsure(impact));
	json_put_bool(o, "note", dr_impact_is_note(impact));
	if (dr_impact_get_pid(impact))
		json_put_int(o, "pid", dr_impact_get_pid(impact));
	else
		json_put_text(o, "pid", NULL);
	event_tell(r, "impact", o);
	json_append(d->impact, o);
	if (d->refused_by || !dr_impact_is_fatal(impact) || r->req->force)
		return;
	d->refused_by = json_new_object();
	json_put_text(d->refused_by, "need", dr_impact_get_what(impact));
	json_put_text(d->refused_by, "chain", dr_impact_get_through(impact));
	json_put_text(d->refused_by, "unknown", dr_impact_get_unknown(impact));
}

static void report_json_error(struct report *r, const struct dr_error *error,
			      enum dr_code code, const char *message)
{
	json_object *o = report_error_object(error, code, message);
	struct document *d = r->priv;

	event_tell(r, "error", o);
	if (d->error)
		json_object_put(o);
	else
		d->error = o;
}

static void report_json_progress(struct report *r, size_t done, size_t total)
{
	json_object *event = event_new(r, "progress");

	if (!event) {
		progress_at(&r->progress, done, total, r->counted);
		return;
	}
	json_put_int(event, "done", (int64_t)done);
	json_put_int(event, "total", (int64_t)total);
	json_print_line(event);
}

static void report_json_wait(struct report *r, const char *what, int64_t ms)
{
	json_object *event = event_new(r, "wait");

	if (!event) {
		progress_wait(&r->progress, what, ms);
		return;
	}
	json_put_text(event, "what", what);
	if (ms < 0)
		json_put_text(event, "left_ms", NULL);
	else
		json_put_int(event, "left_ms", ms);
	json_print_line(event);
}

/* Put a number of cores or LMBs, and of memory how many bytes that is. */
static void json_put_count(json_object *o, const char *key, const char *key_bytes,
			   const struct dr_count *count, bool is_known, uint64_t n)
{
	uint64_t bytes = n * count->unit + count->rest;
	bool has_bytes = is_known && count->has_bytes;

	json_put(o, key, is_known ? json_new_int((int64_t)n) : NULL);
	json_put(o, key_bytes, has_bytes ? json_new_int((int64_t)bytes) : NULL);
}

static void report_json_finish(struct report *r, int exit_status)
{
	struct document *d = r->priv;
	json_object *o = json_new_object(), *would_recover = json_new_array();
	struct dr_count c = { .size = sizeof(c) };

	json_put_text(o, "schema", "papr.drmgr/1");
	json_put_text(o, "action",
		      dr_action_name(r->results ? dr_results_get_action(r->results)
						: r->req->to.action));
	json_put_text(o, "type", request_type(r->req));
	json_put_bool(o, "dry_run", r->req->dry_run);
	json_put_int(o, "requested",
		     r->results ? dr_results_get_requested(r->results) : 0);
	json_put_int(o, "done", r->results ? dr_results_get_done(r->results) : 0);
	json_put_int(o, "exit_status", exit_status);
	json_put(o, "error", d->error);
	json_put_changed(o, r->is_recovered ? 1
			    : r->results    ? dr_results_get_changed(r->results)
					    : 0);
	if (r->results)
		dr_results_get_count(r->results, &c);
	json_put_count(o, "target", "target_bytes", &c, c.has_target, c.target);
	json_put_count(o, "before", "before_bytes", &c, c.has_before, c.before);
	json_put_count(o, "after", "after_bytes", &c, c.has_after, c.after);
	json_put(o, "impact", d->impact);
	json_put(o, "refused_by", d->refused_by);
	json_put(o, "resources", resources_object(r->results));
	json_put_text(o, "undo",
		      r->is_undo_incomplete ? "incomplete"
		      : r->is_undone	    ? "complete"
					    : "none");
	json_put_bool(o, "recovered", r->is_recovered);
	if (r->would_recover)
		leftover_append_connectors(would_recover, r->would_recover);
	json_put(o, "would_recover", would_recover);
	json_put_text(o, "crash_dump", r->crash_dump);
	leftover_put(o, r->dr);
	json_put(o, "warnings", d->warnings);
	if (r->results && !dr_results_is_complete(r->results))
		json_lose();
	if (r->req->json_lines)
		json_print_line(o);
	else
		json_print(o);
	*d = (struct document){ 0 };
}

static void report_json_close(struct report *r)
{
	struct document *d = r->priv;

	json_object_put(d->warnings);
	json_object_put(d->impact);
	json_object_put(d->refused_by);
	json_object_put(d->error);
	free(d);
}

const struct report_ops report_json = {
	.begin = report_json_begin,
	.step = report_json_step,
	.end = report_json_end,
	.forget = report_json_forget,
	.line = report_json_line,
	.warning = report_json_warning,
	.impact = report_json_impact,
	.error = report_json_error,
	.progress = report_json_progress,
	.wait = report_json_wait,
	.finish = report_json_finish,
	.close = report_json_close,
};
