// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/pci/pci_ops.h"
#include "drmgr/pci_text.h"

typedef int pci_operation(struct dr_ctx *dr, const struct connectors *cs,
			  const struct connector *c, const struct pci_request *request,
			  struct dr_result *result);

static pci_operation *const operations[DR_ACTIONS] = {
	[DR_ADD] = pci_add,
	[DR_REMOVE] = pci_remove_card,
	[DR_REPLACE] = pci_replace,
	[DR_IDENTIFY] = pci_identify,
};

static int fail_text(const struct cmd *cmd, const struct dr_error *error)
{
	return cmd_fail_words(cmd, error, NULL, pci_error_text);
}

/* The person at the slot said no. Only for an add, and for a replacement whose card is
 * out already, is that an answer like any other. */
static int cancelled(const struct cmd *cmd, const struct dr_result *result)
{
	bool is_fine = cmd->req->action == DR_ADD ||
		       (cmd->req->action == DR_REPLACE && result->is_removed);

	return is_fine ? DRMGR_DONE : DRMGR_FAILED;
}

static int outcome(const struct cmd *cmd, const struct connector *c, int err,
		   const struct dr_result *result)
{
	struct report *r = cmd->report;

	if (err != -ECANCELED) {
		int status = cmd_resource_end(cmd, &c->drc, err, result, pci_error_text);

		return status == DRMGR_FAILED && result->is_removed ? DRMGR_PARTIAL
								    : status;
	}
	r->ops->end(r, &c->drc, cmd->req->dry_run ? REPORT_PLANNED : REPORT_SKIPPED,
		    result, NULL);
	return cancelled(cmd, result);
}

static int run_one(const struct cmd *cmd, const struct connectors *cs,
		   const struct connector *c, const struct pci_request *request)
{
	struct dr_result result = { 0 };
	int err, status;

	cmd->report->ops->begin(cmd->report, &c->drc);
	err = operations[cmd->req->action](&cmd->session->dr, cs, c, request, &result);
	status = outcome(cmd, c, err, &result);
	dr_result_free(&result);
	return status;
}

static int run_named(const struct cmd *cmd, const struct connectors *cs)
{
	const struct dr_req *req = cmd->req;
	const struct pci_request request = {
		.prompt = !req->no_prompt && !req->dry_run,
		.skip_identify = req->no_identify,
		.hotplug_only = req->hotplug_only,
		.describe = req->json,
	};
	const struct connector *c;
	struct dr_error error;
	int status;

	cmd->report->requested = 1;
	if (connectors_find(cs, &cmd->session->dr, req->key, &c, &error))
		return fail_text(cmd, &error);
	if (req->action == DR_IDENTIFY)
		return run_one(cmd, cs, c, &request);
	cmd_hooks(cmd, HOOK_PRE, 1, &c->drc);
	status = run_one(cmd, cs, c, &request);
	cmd_hooks(cmd, HOOK_POST, cmd->report->done, &c->drc);
	return status;
}

/* Fewer than asked for, and all of them were wanted or none. */
static void take_back(const struct cmd *cmd, const struct connector *const *done,
		      size_t n)
{
	static const struct pci_request quietly = { 0 };
	struct dr_ctx dr = dr_unstoppable(&cmd->session->dr);
	struct report *r = cmd->report;

	/* What this run added itself may be in use already, by udev for example. */
	dr.no_loss = false;
	while (n-- && !cmd->req->dry_run) {
		_cleanup_connectors_ struct connectors now = { 0 };
		struct dr_result result = { 0 };
		const struct connector *c;
		int err;

		if (cmd_leaves(cmd, &done[n]->drc, CMD_LEFT_CARD))
			continue;
		err = connectors_read_pci(&now, &dr, connector_is_pci_slot);
		c = err ? NULL : connectors_by_index(&now, done[n]->drc.index);
		r->ops->begin(r, &done[n]->drc);
		if (c)
			err = pci_remove_card(&dr, &now, c, &quietly, &result);
		cmd_taken_back(cmd, &done[n]->drc, err, &result, CMD_LEFT_CARD);
	}
}

static void skip_rest(const struct cmd *cmd, const struct connector *const *list,
		      size_t n)
{
	static const struct dr_result nothing = { 0 };

	for (size_t i = 0; i < n; i++) {
		cmd->report->ops->begin(cmd->report, &list[i]->drc);
		cmd->report->ops->end(cmd->report, &list[i]->drc, REPORT_SKIPPED,
				      &nothing, NULL);
	}
}

/* One transaction each: what worked stays. None begins after one that could not be
 * undone. */
static int run_list(const struct cmd *cmd, const struct connectors *cs,
		    const struct connector **list, size_t n)
{
	static const struct pci_request quietly = { .describe = true };
	const struct dr_ctx *dr = &cmd->session->dr;
	struct report *r = cmd->report;
	int worst = DRMGR_DONE, status;
	size_t n_done = 0, i;

	for (i = 0; i < n && worst != DRMGR_NOT_UNDONE && !dr_stop_requested(dr) &&
		    !deadline_has_passed(&dr->limit);
	     i++) {
		status = run_one(cmd, cs, list[i], &quietly);
		if (status == DRMGR_DONE)
			list[n_done++] = list[i];
		if (status > worst || status == DRMGR_NOT_UNDONE)
			worst = status;
	}
	if (i < n && worst == DRMGR_DONE && !dr_stop_requested(dr))
		cmd_fail_late(cmd);
	else if (n_done == n && n < r->requested)
		cmd_fail(cmd, NULL,
			 "Only %zu of %u requested PCI slots hold a card that is not "
			 "configured.",
			 n, r->requested);
	skip_rest(cmd, list + i, n - i);

	if (r->requested <= n_done)
		return worst;
	if (cmd->req->all_or_nothing)
		take_back(cmd, list, n_done);
	if (r->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	return n_done && !cmd->req->all_or_nothing ? DRMGR_PARTIAL : DRMGR_FAILED;
}

/* What there is nothing of runs no hook. */
static int with_hooks(const struct cmd *cmd, const struct connectors *cs,
		      const struct connector **list, size_t n)
{
	const struct drc *drc = n == 1 ? &list[0]->drc : NULL;
	int status;

	if (n)
		cmd_hooks(cmd, HOOK_PRE, cmd->report->requested, drc);
	if (cmd->req->all_or_nothing) /* also if it is killed in between */
		journal_batch_begin(&cmd->session->dr);
	status = run_list(cmd, cs, list, n);
	journal_batch_end(&cmd->session->dr, status == DRMGR_NOT_UNDONE);
	if (n)
		cmd_hooks(cmd, HOOK_POST, cmd->report->done, drc);
	return status;
}

static int run_unconfigured(const struct cmd *cmd, const struct connectors *cs)
{
	static const char nothing[] =
		"Nothing to configure: no populated PCI slot without a "
		"device-tree node.";
	struct report *r = cmd->report;
	unsigned int count = (unsigned int)cmd->req->count;
	const struct connector **list;
	struct dr_error error;
	size_t n;
	int status;

	if (pci_unconfigured(&cmd->session->dr, cs, &list, &n, &error)) {
		free(list);
		return fail_text(cmd, &error);
	}

	r->tells_each = true;
	r->requested = count ? count : (unsigned int)n;
	if (!n && !count)
		r->ops->line(r, nothing);
	else if (!n)
		cmd_fail(cmd, NULL, "%s", nothing);
	status = with_hooks(cmd, cs, list, count && count < n ? count : n);
	free(list);
	return status;
}

int cmd_pci(const struct cmd *cmd)
{
	_cleanup_connectors_ struct connectors cs = { 0 };
	struct dr_error error = { .fault = DR_FAULT_NO_SLOTS, .err = -ENODEV };
	int err = connectors_read_pci(&cs, &cmd->session->dr, connector_is_pci_slot);

	if (err == -ENOMEM)
		error = (struct dr_error){ .fault = DR_FAULT_MEMORY, .err = err };
	if (err || !cs.n)
		return fail_text(cmd, &error);
	if (apply_choose(&cmd->session->dr, cmd->req->backend, &error))
		return fail_text(cmd, &error);

	return cmd->req->key ? run_named(cmd, &cs) : run_unconfigured(cmd, &cs);
}
