// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>

#include "drmgr/cmd.h"

/* Print lsslot's document. Two connectors may have one name, but not one index. */
static void logical_print_document(const struct cmd *cmd, uint32_t index,
				   enum dr_code code, const char *message)
{
	char key[12];

	if (!cmd->req->json)
		return;
	snprintf(key, sizeof(key), "0x%08x", index);
	if (cmd_print_list(cmd, index ? key : cmd->req->to.key, code, message))
		log_debug(cmd->log, "nothing to show");
}

/* Test without a change whether a removal would work. Management consoles use the
 * statuses. */
int cmd_logical_query(const struct cmd *cmd)
{
	const struct dr_request *to = &cmd->req->to;
	int status = DRMGR_WOULD_WORK, err;
	_cleanup_free_ char *text = NULL;
	enum dr_code code = DR_CODE_NONE;
	uint32_t index;

	err = dr_can_remove(cmd->dr, to->type, to->key, &index);
	if (err) {
		code = dr_error_get_code(dr_get_error(cmd->dr));
		text = text_of("%s", dr_get_error_text(cmd->dr));
	}
	if (err == -EBUSY) {
		status = DRMGR_IN_USE;
	} else if (err) {
		status = cmd_logical_status(cmd, dr_get_error(cmd->dr));
		cmd_fail_with(cmd, dr_get_error(cmd->dr), "%s", text ? text : "");
	}
	if (status != DRMGR_FAILED)
		logical_print_document(cmd, index, code, text);
	return status;
}
