// SPDX-License-Identifier: GPL-2.0-or-later
/* Results as text. An operation on a slot that was named says nothing when it worked,
 * as scripts expect; one that looked for slots itself names those it found. */
#include <stdio.h>

#include "drmgr/report.h"

static void begin(struct report *r, const struct drc *drc)
{
	if (!r->req->dry_run || !drc->name)
		return;
	if (drc->index)
		printf("%s (0x%08x):\n", drc->name, drc->index);
	else
		printf("%s:\n", drc->name);
}

static void step(struct report *r, const struct dr_step *step)
{
	(void)r;
	if (step->is_planned)
		printf("  %s%s\n", step->is_call ? "rtas " : "", step->args);
}

static void print_devices(const struct dr_result *what)
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

static void end(struct report *r, const struct drc *drc, enum report_result result,
		const struct dr_result *what, const char *message)
{
	(void)message; /* it went to stderr already */
	if (r->names_each && result == REPORT_DONE)
		puts(drc->name);
	if (!r->tells_each || r->req->dry_run)
		return;

	printf("%s (0x%08x): %s", drc->name, drc->index,
	       result == REPORT_DONE ? "configured" : report_result_name(result));
	if (result == REPORT_DONE)
		print_devices(what);
	putchar('\n');
}

static void forget(struct report *r)
{
	(void)r;
}

static void line(struct report *r, const char *text)
{
	(void)r;
	puts(text);
}

static void warning(struct report *r, const char *text)
{
	(void)r;
	(void)text;
}

/* Before the first question, so that the answer is an informed one. */
static void impact(struct report *r, const struct impact *impact, const char *text)
{
	const struct dr_req *req = r->req;

	(void)impact;
	if (req->dry_run)
		printf("  in use: %s\n", text);
	else if (req->type == DR_TYPE_PCI && !req->no_prompt && !r->tells_each)
		printf("in use: %s\n", text);
}

static void error(struct report *r, const struct dr_error *error, const char *message)
{
	(void)r;
	(void)error;
	(void)message;
}

static void finish(struct report *r, int exit_status)
{
	(void)r;
	(void)exit_status;
}

static void close_nothing(struct report *r)
{
	(void)r;
}

const struct report_ops report_text = {
	.begin = begin,
	.step = step,
	.end = end,
	.forget = forget,
	.line = line,
	.warning = warning,
	.impact = impact,
	.error = error,
	.finish = finish,
	.close = close_nothing,
};
