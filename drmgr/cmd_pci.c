// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/pci/pci_ops.h"
#include "libdrmgr/types/pci/pci_text.h"
#include "libdrmgr/core/resolve.h"

typedef int pci_operation(struct dr_ctx *dr, const struct connectors *cs,
			  const struct connector *c, const struct pci_request *request,
			  struct dr_result *result);

static pci_operation *const operations[DR_ACTIONS] = {
	[DR_ADD] = pci_add,
	[DR_REMOVE] = pci_remove_card,
	[DR_REPLACE] = pci_replace,
	[DR_IDENTIFY] = pci_identify,
};

static int pci_cmd_fail(const struct cmd *cmd, const struct dr_error *error)
{
	return cmd_fail_words(cmd, error, NULL, pci_error_text);
}

/* Return the status if the user at the slot answered "no". This is a success for an
 * addition, and for a replacement whose card is removed already. */
static int pci_cmd_cancelled(const struct cmd *cmd, const struct dr_result *result)
{
	bool is_fine = cmd->req->action == DR_ADD ||
		       (cmd->req->action == DR_REPLACE && result->is_removed);

	return is_fine ? DRMGR_DONE : DRMGR_FAILED;
}

static int pci_cmd_end(const struct cmd *cmd, const struct connector *c, int err,
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
	return pci_cmd_cancelled(cmd, result);
}

static int pci_cmd_run(const struct cmd *cmd, const struct connectors *cs,
		       const struct connector *c, const struct pci_request *request)
{
	struct dr_result result = { 0 };
	int err, status;

	cmd->report->ops->begin(cmd->report, &c->drc);
	err = operations[cmd->req->action](&cmd->session->dr, cs, c, request, &result);
	status = pci_cmd_end(cmd, c, err, &result);
	dr_result_free(&result);
	return status;
}

static int pci_cmd_run_named(const struct cmd *cmd, const struct connectors *cs)
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
	if (connectors_find(cs, &cmd->session->dr, req->key, RESOLVE_ALL, &c, &error))
		return pci_cmd_fail(cmd, &error);
	if (req->action == DR_IDENTIFY)
		return pci_cmd_run(cmd, cs, c, &request);
	cmd_hooks(cmd, HOOK_PRE, 1, &c->drc);
	status = pci_cmd_run(cmd, cs, c, &request);
	cmd_hooks(cmd, HOOK_POST, cmd->report->done, &c->drc);
	return status;
}

/* Undo the changes of an incomplete run with --all-or-nothing. */
static void pci_cmd_undo(const struct cmd *cmd, const struct connector *const *done,
			 size_t n)
{
	static const struct pci_request quietly = { 0 };
	struct dr_ctx dr = dr_unstoppable(&cmd->session->dr);
	struct report *r = cmd->report;

	/* Other programs, such as udev's, may use the new devices already. */
	dr.no_loss = false;
	while (n-- && !cmd->req->dry_run) {
		_cleanup_connectors_ struct connectors now = { 0 };
		struct dr_result result = { 0 };
		const struct connector *c;
		int err;

		if (cmd_must_keep(cmd, &done[n]->drc, CMD_LEFT_CARD))
			continue;
		err = connectors_read_pci(&now, &dr, connector_is_pci_slot);
		c = err ? NULL : connectors_by_index(&now, done[n]->drc.index);
		r->ops->begin(r, &done[n]->drc);
		if (c)
			err = pci_remove_card(&dr, &now, c, &quietly, &result);
		cmd_report_undone(cmd, &done[n]->drc, err, &result, CMD_LEFT_CARD);
	}
}

static void pci_cmd_skip(const struct cmd *cmd, const struct connector *const *list,
			 size_t n)
{
	static const struct dr_result nothing = { 0 };

	for (size_t i = 0; i < n; i++) {
		cmd->report->ops->begin(cmd->report, &list[i]->drc);
		cmd->report->ops->end(cmd->report, &list[i]->drc, REPORT_SKIPPED,
				      &nothing, NULL);
	}
}

/* Configure the slots, one transaction each: a successful one is permanent. After an
 * incomplete undo no other one begins. */
static int pci_cmd_run_list(const struct cmd *cmd, const struct connectors *cs,
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
		status = pci_cmd_run(cmd, cs, list[i], &quietly);
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
	pci_cmd_skip(cmd, list + i, n - i);

	if (r->requested <= n_done)
		return worst;
	if (cmd->req->all_or_nothing)
		pci_cmd_undo(cmd, list, n_done);
	if (r->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	return n_done && !cmd->req->all_or_nothing ? DRMGR_PARTIAL : DRMGR_FAILED;
}

/* Run the list with hooks. If there is nothing to configure, no hook runs. */
static int pci_cmd_run_with_hooks(const struct cmd *cmd, const struct connectors *cs,
				  const struct connector **list, size_t n)
{
	const struct drc *drc = n == 1 ? &list[0]->drc : NULL;
	int status;

	if (n)
		cmd_hooks(cmd, HOOK_PRE, cmd->report->requested, drc);
	if (cmd->req->all_or_nothing) /* a kill undoes all of them, too */
		journal_batch_begin(&cmd->session->dr);
	status = pci_cmd_run_list(cmd, cs, list, n);
	journal_batch_end(&cmd->session->dr, status == DRMGR_NOT_UNDONE);
	if (n)
		cmd_hooks(cmd, HOOK_POST, cmd->report->done, drc);
	return status;
}

static int pci_cmd_run_unconfigured(const struct cmd *cmd, const struct connectors *cs)
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
		return pci_cmd_fail(cmd, &error);
	}

	r->lists_each = true;
	r->requested = count ? count : (unsigned int)n;
	if (!n && !count)
		r->ops->line(r, nothing);
	else if (!n)
		cmd_fail(cmd, NULL, "%s", nothing);
	status = pci_cmd_run_with_hooks(cmd, cs, list, count && count < n ? count : n);
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
		return pci_cmd_fail(cmd, &error);
	if (apply_choose(&cmd->session->dr, cmd->req->backend, &error))
		return pci_cmd_fail(cmd, &error);

	return cmd->req->key ? pci_cmd_run_named(cmd, &cs)
			     : pci_cmd_run_unconfigured(cmd, &cs);
}
