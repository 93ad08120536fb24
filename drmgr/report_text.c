// SPDX-License-Identifier: GPL-2.0-or-later
/* Results as text. An operation on a named slot prints nothing on success, as scripts
 * expect. An operation that finds the slots itself names them. */
#include <stdio.h>

#include "drmgr/report.h"

static void report_text_begin(struct report *r, const struct drc *drc)
{
	if (!r->req->dry_run || !drc->name)
		return;
	if (drc->index)
		printf("%s (0x%08x):\n", drc->name, drc->index);
	else
		printf("%s:\n", drc->name);
}

static void report_text_step(struct report *r, const struct dr_step *step)
{
	(void)r;
	if (step->is_planned)
		printf("  %s%s\n", step->is_call ? "rtas " : "", step->args);
}

static void report_print_devices(const struct dr_result *what)
{
	for (size_t i = 0; i < what->n; i++) {
		const struct dr_device *device = &what->devices[i];

		printf("%s %s", i ? "," : "", device->name);
		if (*device->driver)
			printf(" %s", device->driver);
		for (size_t n = 0; n < device->interfaces.n; n++)
			printf(" %s", device->interfaces.name[n]);
	}
}

static void report_text_end(struct report *r, const struct drc *drc,
			    enum dr_outcome result, const struct dr_result *what,
			    const char *message)
{
	(void)message; /* printed to stderr already */
	if (r->names_each && result == DR_DONE)
		puts(drc->name);
	if (!r->lists_each || r->req->dry_run)
		return;

	printf("%s (0x%08x): %s", drc->name, drc->index,
	       result == DR_DONE ? "configured" : report_result_name(result));
	if (result == DR_DONE)
		report_print_devices(what);
	putchar('\n');
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

/* Print the impact before the first prompt, so that the user knows it. */
static void report_text_impact(struct report *r, const struct impact *impact,
			       const char *text)
{
	const struct dr_req *req = r->req;

	(void)impact;
	if (req->dry_run)
		printf("  in use: %s\n", text);
	else if (request_is(req, "pci") && !req->no_prompt && !r->lists_each)
		printf("in use: %s\n", text);
}

static void report_text_error(struct report *r, const struct dr_error *error,
			      const char *message)
{
	(void)r;
	(void)error;
	(void)message;
}

static void report_text_finish(struct report *r, int exit_status)
{
	(void)r;
	(void)exit_status;
}

static void report_text_close(struct report *r)
{
	(void)r;
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
	.finish = report_text_finish,
	.close = report_text_close,
};
