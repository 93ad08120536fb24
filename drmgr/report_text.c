// SPDX-License-Identifier: GPL-2.0-or-later
/* Results as text. An operation on a named slot prints nothing on success, as scripts
 * expect. An operation that finds the slots itself names them. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/error.h"
#include "cli/resource_text.h"
#include "drmgr/report.h"

static void report_text_begin(struct report *r, const struct dr_resource *resource)
{
	const char *name = dr_resource_get_name(resource);
	uint32_t index = dr_resource_get_index(resource);

	if (!r->req->dry_run || !name)
		return;
	if (index)
		printf("%s (0x%08x):\n", name, index);
	else
		printf("%s:\n", name);
}

static void report_text_step(struct report *r, const struct dr_step *step)
{
	(void)r;
	if (dr_step_is_planned(step))
		printf("  %s%s\n", dr_step_is_call(step) ? "rtas " : "",
		       dr_step_get_args(step));
}

/* The message of an error is printed to stderr already. */
static void report_text_end(struct report *r, const struct dr_resource *resource)
{
	enum dr_outcome outcome = dr_resource_get_outcome(resource);
	_cleanup_free_ char *devices = NULL;

	if (r->names_each && outcome == DR_DONE)
		puts(dr_resource_get_name(resource));
	if (!r->lists_each || r->req->dry_run)
		return;

	if (outcome == DR_DONE)
		devices = resource_devices_text(resource);
	printf("%s (0x%08x): %s%s%s\n", dr_resource_get_name(resource),
	       dr_resource_get_index(resource),
	       outcome == DR_DONE ? "configured" : dr_outcome_name(outcome),
	       devices ? " " : "", devices ? devices : "");
}

static void report_text_forget(struct report *r)
{
	(void)r;
}

static void report_text_line(struct report *r, const char *text)
{
	(void)r;
	puts(text);
}

static void report_text_warning(struct report *r, const char *text)
{
	(void)r;
	(void)text;
}

/* Print the impact in the plan, before the first prompt, or on standard error. */
static void report_text_impact(struct report *r, const struct dr_impact *impact,
			       const char *text)
{
	const struct dr_req *req = r->req;
	bool has_prompt =
		request_is(req, TYPE_CARDS) && !req->no_prompt && !r->lists_each;
	/* the refusal names a fatal one, and with --no-loss the log prints all */
	bool is_refused = req->no_loss || (dr_impact_is_fatal(impact) && !req->force);

	if (req->dry_run || has_prompt)
		printf("%sin use: %s\n", req->dry_run ? "  " : "", text);
	else if (!is_refused)
		log_show(r->log, LEVEL_INFO, "in use: %s", text);
}

static void report_text_error(struct report *r, const struct dr_error *error,
			      enum dr_code code, const char *message)
{
	(void)error;
	(void)message;
	if (r->first_code == DR_CODE_NONE)
		r->first_code = code;
}

static void report_text_progress(struct report *r, size_t done, size_t total)
{
	progress_at(&r->progress, done, total, r->counted);
}

static void report_text_wait(struct report *r, const char *what, int64_t ms)
{
	progress_wait(&r->progress, what, ms);
}

static void report_text_finish(struct report *r, int exit_status)
{
	if (!exit_status)
		return;
	error_print_hint(r->first_code);
	if (r->advice && isatty(STDERR_FILENO) == 1)
		terminal_print(stderr, r->advice);
}

static void report_text_close(struct report *r)
{
	free(r->advice);
}

const struct report_ops report_text = {
	.begin = report_text_begin,
	.step = report_text_step,
	.end = report_text_end,
	.forget = report_text_forget,
	.line = report_text_line,
	.warning = report_text_warning,
	.impact = report_text_impact,
	.error = report_text_error,
	.progress = report_text_progress,
	.wait = report_text_wait,
	.finish = report_text_finish,
	.close = report_text_close,
};
