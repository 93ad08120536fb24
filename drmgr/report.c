// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/report.h"
#include "drmgr/ui.h"

static void report_on_begin(void *priv, const struct dr_resource *resource)
{
	struct report *r = priv;

	r->ops->begin(r, resource);
}

static void report_on_end(void *priv, const struct dr_resource *resource)
{
	struct report *r = priv;

	progress_clear(&r->progress);
	r->ops->end(r, resource);
}

static void report_on_forget(void *priv)
{
	struct report *r = priv;

	r->ops->forget(r);
}

static void report_on_fail(void *priv, const struct dr_error *error, const char *text)
{
	struct report *r = priv;

	progress_clear(&r->progress);
	log_err(r->log, "%s", text);
	r->ops->error(r, error, dr_error_get_code(error), text);
}

static void report_on_progress(void *priv, size_t done, size_t total)
{
	struct report *r = priv;

	log_debug(r->log, "progress: %zu of %zu", done, total);
	log_flush(r->log); /* drmon reads it */
	r->ops->progress(r, done, total);
}

static void report_on_wait(void *priv, const char *what, int64_t ms)
{
	struct report *r = priv;
	enum log_level level =
		r->progress.can_draw || r->req->json_lines ? LEVEL_DEBUG : LEVEL_ALWAYS;
	bool is_new = strncmp(r->waits_for, what, sizeof(r->waits_for) - 1) != 0;

	snprintf(r->waits_for, sizeof(r->waits_for), "%s", what);
	if (is_new && ms < 0)
		log_msg(r->log, level, "waiting for %s", what);
	else if (is_new)
		log_msg(r->log, level, "waiting for %s, at most %" PRId64 " s", what,
			(ms + 999) / 1000);
	log_flush(r->log); /* drmon reads it, too */
	r->ops->wait(r, what, ms);
}

static void report_on_step(void *priv, const struct dr_step *step)
{
	const char *op = dr_step_get_op(step), *args = dr_step_get_args(step);
	struct report *r = priv;
	int32_t status;

	progress_end_wait(&r->progress);
	if (dr_step_get_errno(step))
		log_debug(r->log, "%s: %s: %s", op, args,
			  strerror(-dr_step_get_errno(step)));
	else if (dr_step_get_status(step, &status))
		log_debug(r->log, "%s: %s = %d", op, args, status);
	else
		log_debug(r->log, "%s: %s", op, args);
	r->ops->step(r, step);
}

static void report_on_log(void *priv, enum dr_level level, const char *text)
{
	struct report *r = priv;

	if (level <= DR_LEVEL_ERROR)
		progress_clear(&r->progress);
	log_text(r->log, (enum log_level)level, text);
}

static int report_on_prompt(void *priv, enum dr_prompt prompt, const char *slot)
{
	struct report *r = priv;

	progress_clear(&r->progress);
	return ui_prompt(prompt, slot, r->stop_fd);
}

static void report_on_partner(void *priv, const char *slot, const char *partner)
{
	static const char *const done[] = {
		[DR_ADD] = "also added.",
		[DR_REMOVE] = "also be removed.",
		[DR_REPLACE] = "also be replaced.",
	};
	struct report *r = priv;
	char text[700];

	snprintf(text, sizeof(text),
		 "<%s> and <%s> are\nmultipath partner devices. So <%s> %s\n%s", slot,
		 partner, partner, r->req->to.action == DR_ADD ? "is" : "will",
		 done[r->req->to.action]);
	r->ops->line(r, text);
}

static void report_on_phb_partner(void *priv, const char *phb, const char *partner)
{
	struct report *r = priv;
	char text[700];

	if (r->req->to.action == DR_REMOVE)
		snprintf(text, sizeof(text),
			 "Partner adapter location : %s Partner adapter must be removed",
			 partner);
	else if (partner)
		snprintf(text, sizeof(text), "<%s> has partner device <%s>", phb,
			 partner);
	else
		snprintf(text, sizeof(text),
			 "<%s> can have partner device but not assigned to LPAR yet",
			 phb);
	r->ops->line(r, text);
}

void report_warn(struct report *r, const char *text)
{
	progress_clear(&r->progress);
	log_msg(r->log, LEVEL_ALWAYS, "%s", text);
	r->ops->warning(r, text);
}

void report_advise(struct report *r, const char *text)
{
	log_info(r->log, "%s", text);
	if (r->req->json)
		r->ops->warning(r, text);
	else if (!r->advice)
		r->advice = strdup(text);
}

static void report_on_warning(void *priv, const char *text)
{
	report_warn(priv, text);
}

/* With --no-loss an impact is the reason of the failure. */
static void report_on_impact(void *priv, const struct dr_impact *impact, const char *text)
{
	struct report *r = priv;

	r->ops->impact(r, impact, text);
	log_msg(r->log, r->req->no_loss ? LEVEL_ERROR : LEVEL_INFO, "in use: %s", text);
}

struct dr_callbacks report_callbacks(struct report *r)
{
	return (struct dr_callbacks){
		.size = sizeof(struct dr_callbacks),
		.priv = r,
		.log = report_on_log,
		.warning = report_on_warning,
		.begin = report_on_begin,
		.end = report_on_end,
		.forget = report_on_forget,
		.error = report_on_fail,
		.step = report_on_step,
		.question = report_on_prompt,
		.partner = report_on_partner,
		.phb_partner = report_on_phb_partner,
		.impact = report_on_impact,
		.progress = report_on_progress,
		.wait = report_on_wait,
	};
}

int report_open(struct report *r, const struct dr_req *req, const struct log *log)
{
	*r = (struct report){
		.ops = req->json ? &report_json : &report_text,
		.req = req,
		.log = log,
		.stop_fd = -1,
	};
	progress_begin(&r->progress, log,
		       !req->trace && !req->dry_run && req->detail <= LEVEL_ERROR);
	return req->json ? report_json_open(r) : 0;
}

void report_close(struct report *r, int exit_status)
{
	if (!r->has_document || !r->req->json)
		r->ops->finish(r, exit_status);
	r->ops->close(r);
	dr_results_free(r->results);
	dr_journal_free(r->would_recover);
}
