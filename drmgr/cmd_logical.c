// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/logical/logical_text.h"
#include "libdrmgr/core/resolve.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/logical/behind.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/types/logical/logical_ops.h"
#include "drmgr/show.h"

static cmd_words *logical_cmd_words(const struct cmd *cmd)
{
	return cmd->req->type == DR_TYPE_PHB ? phb_error_text : lslot_error_text;
}

static int logical_cmd_read(const struct cmd *cmd, struct connectors *cs)
{
	const struct dr_ctx *dr = &cmd->session->dr;

	return cmd->req->type == DR_TYPE_PHB ? phb_read(cs, dr) : lslot_read(cs, dr);
}

/* Return the exit status. Management consoles distinguish these. */
static int logical_cmd_status(const struct cmd *cmd, int status,
			      const struct dr_error *error)
{
	bool is_phb = cmd->req->type == DR_TYPE_PHB;

	if (status != DRMGR_FAILED)
		return status;
	switch ((int)error->fault) {
	case DR_FAULT_ABSENT:
		return DRMGR_NO_SUCH;
	case DR_FAULT_OWNED:
		return DRMGR_OWNED_ALREADY;
	case DR_FAULT_NOT_OWNED:
		return is_phb ? DRMGR_NO_SUCH : DRMGR_NOT_OWNED;
	}
	if (error->is_behind)
		return cmd->req->action == DR_ADD ? DRMGR_IN_USE : DRMGR_BEHIND;
	return status;
}

static int logical_cmd_fail(const struct cmd *cmd, const struct dr_error *error)
{
	return logical_cmd_status(
		cmd, cmd_fail_words(cmd, error, NULL, logical_cmd_words(cmd)), error);
}

static int logical_cmd_run(const struct cmd *cmd, const struct connectors *cs,
			   const struct connector *c)
{
	const struct logical_request request = {
		.hotplug_only = cmd->req->hotplug_only,
		.describe = cmd->req->json,
	};
	struct dr_ctx *dr = &cmd->session->dr;
	struct dr_result result = { 0 };
	int err, status;

	cmd->report->ops->begin(cmd->report, &c->drc);
	err = cmd->req->action == DR_ADD ? logical_add(dr, cs, c, &request, &result)
					 : logical_remove(dr, cs, c, &request, &result);
	status = cmd_resource_end(cmd, &c->drc, err, &result, logical_cmd_words(cmd));
	status = logical_cmd_status(cmd, status, &result.error);
	dr_result_free(&result);
	return status;
}

static bool logical_cmd_accept_all(const char *type)
{
	(void)type;
	return true;
}

/* Test whether a connector of another type has the name. */
static bool logical_cmd_has_other_type(const struct cmd *cmd)
{
	_cleanup_connectors_ struct connectors all = { 0 };
	const struct connector *c;
	struct dr_error error;

	return !connectors_read_pci(&all, &cmd->session->dr, logical_cmd_accept_all) &&
	       !connectors_find(&all, &cmd->session->dr, cmd->req->key, RESOLVE_NO_DIGITS,
				&c, &error);
}

/* Find the connector that the user named. For an addition it must be known, otherwise
 * owned. */
static int logical_cmd_find(const struct cmd *cmd, const struct connectors *cs,
			    const struct connector **c)
{
	struct dr_error error;

	if (!connectors_find(cs, &cmd->session->dr, cmd->req->key, RESOLVE_ALL, c,
			     &error))
		return DRMGR_DONE;
	if (cmd->req->type == DR_TYPE_SLOT && logical_cmd_has_other_type(cmd))
		error.fault = DR_FAULT_WRONG_TYPE;
	else if (cmd->req->action != DR_ADD &&
		 (error.fault == DR_FAULT_UNKNOWN || cmd->req->type == DR_TYPE_SLOT))
		error.fault = DR_FAULT_ABSENT;
	return logical_cmd_fail(cmd, &error);
}

/* Report that there are no slots, which is not yet an error. */
static void logical_cmd_report_none(const struct cmd *cmd, const struct connectors *cs)
{
	if (!cs->n)
		log_err(cmd->log, "There are no DR capable slots on this system");
}

static int connector_by_drc_index(const void *a, const void *b)
{
	const struct connector *x = a, *y = b;

	return (x->drc.index > y->drc.index) - (x->drc.index < y->drc.index);
}

/* Try to add a host bridge. Firmware has a connector for every possible host bridge, and
 * only an allocation shows whether the host offers it. Return 1 if the host bridge was
 * added, 0 if not. *status receives the exit status of a failure. */
static int logical_cmd_try(const struct cmd *cmd, const struct connectors *cs,
			   const struct connector *c, int *status)
{
	static const struct logical_request quietly = { .describe = true };
	struct report *r = cmd->report;
	struct dr_result result = { 0 };
	int err;

	r->ops->begin(r, &c->drc);
	err = logical_add(&cmd->session->dr, cs, c, &quietly, &result);
	if (err && logical_is_missing(&result.error) && !result.is_undo_incomplete) {
		r->ops->forget(r);
		cmd_report_skipped(cmd, &c->drc, &result.error, phb_error_text);
	} else {
		*status = cmd_resource_end(cmd, &c->drc, err, &result, phb_error_text);
	}
	dr_result_free(&result);
	return !err;
}

/* Release a host bridge that this run has added. */
static void logical_cmd_release(const struct cmd *cmd, struct dr_ctx *dr,
				const struct drc *drc)
{
	static const struct logical_request quietly = { 0 };
	_cleanup_connectors_ struct connectors now = { 0 };
	struct dr_result result = { 0 };
	const struct connector *c;
	int err;

	if (cmd_must_keep(cmd, drc, CMD_LEFT_BUS))
		return;
	err = phb_read(&now, dr);
	c = err ? NULL : connectors_by_index(&now, drc->index);
	cmd->report->ops->begin(cmd->report, drc);
	if (c && logical_node(&now, c))
		err = logical_remove(dr, &now, c, &quietly, &result);
	cmd_report_undone(cmd, drc, err, &result, CMD_LEFT_BUS);
}

/* Undo an incomplete run with --all-or-nothing. */
static void logical_cmd_undo(const struct cmd *cmd, const struct connector *const *added,
			     size_t n)
{
	struct dr_ctx dr = dr_unstoppable(&cmd->session->dr);

	/* Other programs, such as udev's, may use the new devices already. */
	dr.no_loss = false;
	while (n-- && !cmd->req->dry_run)
		logical_cmd_release(cmd, &dr, &added[n]->drc);
}

/* Report why there are fewer than requested, unless a signal has stopped the run. */
static void logical_cmd_report_short(const struct cmd *cmd, unsigned int done)
{
	const struct dr_ctx *dr = &cmd->session->dr;

	if (dr_stop_requested(dr))
		return;
	if (deadline_has_passed(&dr->limit))
		cmd_fail_late(cmd);
	else if (done)
		cmd_fail(cmd, NULL,
			 "Only %u of %u requested PHBs are available to this partition.",
			 done, cmd->report->requested);
	else
		cmd_fail(cmd, NULL, "No PHB is available to this partition.");
}

static int logical_cmd_run_quantity(const struct cmd *cmd, struct connectors *cs,
				    const struct connector **added)
{
	const struct dr_ctx *dr = &cmd->session->dr;
	struct report *r = cmd->report;
	unsigned int done = 0;
	int status = DRMGR_DONE;

	for (size_t i = 0; i < cs->n && done < r->requested; i++) {
		if (dr_stop_requested(dr) || deadline_has_passed(&dr->limit) ||
		    status == DRMGR_NOT_UNDONE)
			break;
		if (!logical_node(cs, &cs->list[i]) &&
		    logical_cmd_try(cmd, cs, &cs->list[i], &status))
			added[done++] = &cs->list[i];
	}

	if (done == r->requested)
		return status;
	if (status == DRMGR_DONE)
		logical_cmd_report_short(cmd, done);
	if (cmd->req->all_or_nothing)
		logical_cmd_undo(cmd, added, done);
	if (r->is_undo_incomplete)
		return DRMGR_NOT_UNDONE;
	return done && !cmd->req->all_or_nothing ? DRMGR_PARTIAL : DRMGR_FAILED;
}

/* Add a number of host bridges. With --all-or-nothing the journal covers all of them. */
static int logical_cmd_add_quantity(const struct cmd *cmd, struct connectors *cs)
{
	_cleanup_free_ const struct connector **added = calloc(cs->n + 1, sizeof(*added));
	const struct dr_ctx *dr = &cmd->session->dr;
	struct report *r = cmd->report;
	int status;

	if (!added)
		return cmd_fail(cmd, NULL, "drmgr: out of memory");
	r->lists_each = true;
	r->requested = (unsigned int)cmd->req->count;
	qsort(cs->list, cs->n, sizeof(*cs->list), connector_by_drc_index);
	cmd_hooks(cmd, HOOK_PRE, r->requested, NULL);
	if (cmd->req->all_or_nothing)
		journal_batch_begin(dr);
	status = logical_cmd_run_quantity(cmd, cs, added);
	journal_batch_end(dr, status == DRMGR_NOT_UNDONE);
	cmd_hooks(cmd, HOOK_POST, r->done, NULL);
	return status;
}

int cmd_logical(const struct cmd *cmd)
{
	_cleanup_connectors_ struct connectors cs = { 0 };
	const struct connector *c;
	struct dr_error error = { .fault = DR_FAULT_MEMORY, .err = -ENOMEM };
	int status;

	if (logical_cmd_read(cmd, &cs) == -ENOMEM ||
	    apply_choose(&cmd->session->dr, cmd->req->backend, &error))
		return logical_cmd_fail(cmd, &error);
	if (!cmd->req->key)
		return logical_cmd_add_quantity(cmd, &cs);
	logical_cmd_report_none(cmd, &cs);

	cmd->report->requested = 1;
	status = logical_cmd_find(cmd, &cs, &c);
	if (status)
		return status;
	cmd_hooks(cmd, HOOK_PRE, 1, &c->drc);
	status = logical_cmd_run(cmd, &cs, c);
	cmd_hooks(cmd, HOOK_POST, cmd->report->done, &c->drc);
	return status;
}

/* The document is lsslot's. Two connectors may have one name, but not one index. */
static void logical_cmd_show(const struct cmd *cmd, const struct connector *c)
{
	struct dr_error error;
	char index[12];
	const struct show what = {
		.type = dr_type_name(cmd->req->type),
		.key = c ? index : cmd->req->key,
		.json = true,
		.error = &error,
	};

	if (!cmd->req->json)
		return;
	if (c)
		snprintf(index, sizeof(index), "0x%08x", c->drc.index);
	cmd->report->has_document = true;
	if (show_type_find(what.type)->fn(&what, &cmd->session->dr))
		log_debug(cmd->log, "nothing to show");
}

static int logical_cmd_query_status(const struct cmd *cmd, const struct connectors *cs,
				    const struct connector **found)
{
	struct dr_error error = { .fault = DR_FAULT_NOT_OWNED, .err = -ENODATA };
	int status = logical_cmd_find(cmd, cs, found);
	const struct connector *c = *found;
	const char *node;

	if (status)
		return status;
	node = logical_node(cs, c);
	if (node)
		return behind_has_fixed(&cmd->session->dr, node) ? DRMGR_IN_USE
								 : DRMGR_WOULD_WORK;
	snprintf(error.what, sizeof(error.what), "%s", c->drc.name);
	return logical_cmd_fail(cmd, &error);
}

/* Test without a change whether a removal would work. Management consoles use the
 * statuses. */
int cmd_logical_query(const struct cmd *cmd)
{
	_cleanup_connectors_ struct connectors cs = { 0 };
	const struct connector *c = NULL;
	int status;

	logical_cmd_read(cmd, &cs);
	logical_cmd_report_none(cmd, &cs);
	status = logical_cmd_query_status(cmd, &cs, &c);
	if (status != DRMGR_FAILED)
		logical_cmd_show(cmd, c);
	return status;
}
