// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/logical/behind.h"
#include "libdrmgr/types/logical/logical_ops.h"
#include "libdrmgr/types/logical/logical_text.h"

static int logical_cmd_fail(const struct cmd *cmd, const struct dr_error *error)
{
	cmd_fail_words(cmd, error, NULL,
		       request_is(cmd->req, "phb") ? phb_error_text : lslot_error_text);
	return cmd_logical_status(cmd, error);
}

/* The document is lsslot's. Two connectors may have one name, but not one index. */
static void logical_cmd_show(const struct cmd *cmd, const struct connector *c)
{
	char index[12];

	if (!cmd->req->json)
		return;
	if (c)
		snprintf(index, sizeof(index), "0x%08x", c->drc.index);
	if (cmd_print_list(cmd, c ? index : cmd->req->to.key))
		log_debug(cmd->log, "nothing to show");
}

static int logical_cmd_query_status(const struct cmd *cmd, const struct connectors *cs,
				    const struct connector **found)
{
	const struct dr_ctx *dr = &cmd->session->dr;
	struct dr_error error;
	const char *node;

	if (logical_find(cs, dr, request_is(cmd->req, "phb"), false, cmd->req->to.key,
			 found, &error))
		return logical_cmd_fail(cmd, &error);
	node = logical_node(cs, *found);
	if (node)
		return behind_has_fixed(dr, node) ? DRMGR_IN_USE : DRMGR_WOULD_WORK;
	error = (struct dr_error){ .fault = DR_FAULT_NOT_OWNED, .err = -ENODATA };
	snprintf(error.what, sizeof(error.what), "%s", (*found)->drc.name);
	return logical_cmd_fail(cmd, &error);
}

/* Test without a change whether a removal would work. Management consoles use the
 * statuses. */
int cmd_logical_query(const struct cmd *cmd)
{
	_cleanup_connectors_ struct connectors cs = { 0 };
	const struct dr_ctx *dr = &cmd->session->dr;
	const struct connector *c = NULL;
	int status;

	if (request_is(cmd->req, "phb"))
		phb_read(&cs, dr);
	else
		lslot_read(&cs, dr);
	status = logical_cmd_query_status(cmd, &cs, &c);
	if (status != DRMGR_FAILED)
		logical_cmd_show(cmd, c);
	return status;
}
