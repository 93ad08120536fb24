// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "drmgr/cmd.h"

/* Print lsslot's document. Two connectors may have one name, but not one index. */
static void logical_print_document(const struct cmd *cmd, uint32_t index)
{
	char key[12];

	if (!cmd->req->json)
		return;
	snprintf(key, sizeof(key), "0x%08x", index);
	if (cmd_print_list(cmd, index ? key : cmd->req->to.key))
		log_debug(cmd->log, "nothing to show");
}

/* Test without a change whether a removal would work. Management consoles use the
 * statuses. */
int cmd_logical_query(const struct cmd *cmd)
{
	const struct dr_request *to = &cmd->req->to;
	int status = DRMGR_WOULD_WORK, err;
	uint32_t index;

	err = dr_can_remove(cmd->dr, to->type, to->key, &index);
	if (err == -EBUSY) {
		status = DRMGR_IN_USE;
	} else if (err) {
		status = cmd_logical_status(cmd, dr_get_error(cmd->dr));
		cmd_fail(cmd, dr_get_error(cmd->dr), "%s", dr_get_error_text(cmd->dr));
	}
	if (status != DRMGR_FAILED)
		logical_print_document(cmd, index);
	return status;
}
