// SPDX-License-Identifier: GPL-2.0-or-later
/* Change shares of processors and memory, which the hypervisor has (-p). */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/partition/entitlement.h"

/* The meaning of -p for a connector type. */
struct share {
	const char *type, *param, *key, *capability;
};

static const struct share shares[] = {
	{ "cpu", "ent_capacity", LPARCFG_CPU_CAPACITY, "CPU" },
	{ "cpu", "variable_weight", LPARCFG_CPU_WEIGHT, "CPU" },
	{ "mem", "ent_capacity", LPARCFG_MEM_CAPACITY, "Memory" },
	{ "mem", "variable_weight", LPARCFG_MEM_WEIGHT, "Memory" },
};

static const struct share *share_find(const struct dr_req *req)
{
	for (size_t i = 0; i < ARRAY_SIZE(shares); i++)
		if (request_is(req, shares[i].type) &&
		    !strcmp(shares[i].param, req->to.parameter))
			return &shares[i];
	return NULL;
}

static bool entitlement_is_too_low(const struct dr_error *error)
{
	return error->err == -EINVAL && error->fault == DR_FAULT_TOO_FEW;
}

static char *entitlement_error_text(const struct entitlement *e,
				    const struct dr_error *error, const char *capability)
{
	if (error->err == -ENOTSUP)
		return text_of("%s entitlement capability is not enabled on this "
			       "platform:\nno %s in %s",
			       capability, e->key, error->what);
	if (error->err == -EOVERFLOW)
		return text_of("%s is %" PRIu64 ": %" PRIu64
			       " more would exceed the largest number",
			       e->key, e->before, e->by);
	if (entitlement_is_too_low(error))
		return text_of("%s is %" PRIu64 ": %" PRIu64 " cannot be subtracted",
			       e->key, e->before, e->by);
	return text_of("Could not change %s to %" PRIu64 ": %s: %s", e->key, e->wanted,
		       error->what, strerror(-error->err));
}

static int entitlement_end_failed(const struct cmd *cmd, const struct drc *drc,
				  const char *text, const struct dr_result *result)
{
	struct report *r = cmd->report;

	if (!text)
		text = strerror(ENOMEM);
	cmd_fail(cmd, &result->error, "%s", text);
	r->is_undo_incomplete |= result->is_undo_incomplete;
	if (result->is_undo_incomplete)
		run_warn_left(&cmd->session->dr, request_type(cmd->req), drc,
			      &result->left, "entitlement");
	r->ops->end(r, drc, DR_FAILED, result, text);
	if (result->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	return entitlement_is_too_low(&result->error) ? DRMGR_NOTHING_DONE : DRMGR_FAILED;
}

/* Log the new number. Warn if the hypervisor granted another one. */
static void entitlement_log(const struct cmd *cmd, const struct entitlement *e)
{
	log_info(cmd->log, "%s: %" PRIu64 ", was %" PRIu64, e->key, e->now, e->before);
	if (e->now != e->wanted)
		dr_warn(&cmd->session->dr,
			"%s is %" PRIu64 " now: the hypervisor did not grant %" PRIu64,
			e->key, e->now, e->wanted);
}

int cmd_entitlement(const struct cmd *cmd)
{
	const struct dr_req *req = cmd->req;
	const struct share *share = share_find(req);
	struct entitlement e = { .add = req->to.action == DR_ADD,
				 .by = req->to.count ? req->to.count : 1 };
	struct dr_result result = { 0 };
	struct report *r = cmd->report;
	_cleanup_free_ char *text = NULL;
	struct drc drc;
	int status;

	if (!share)
		return cmd_fail(cmd, NULL, "Invalid parameter '%s'", req->to.parameter);
	e.key = share->key;
	drc = (struct drc){ .name = share->key };
	r->requested = 1;
	r->ops->begin(r, &drc);
	if (entitlement_change(&cmd->session->dr, &e, &result)) {
		text = entitlement_error_text(&e, &result.error, share->capability);
		status = entitlement_end_failed(cmd, &drc, text, &result);
		dr_result_free(&result);
		return status;
	}
	r->done = 1;
	r->ops->end(r, &drc, req->dry_run ? DR_PLANNED : DR_DONE, &result, NULL);
	entitlement_log(cmd, &e);
	return DRMGR_DONE;
}
