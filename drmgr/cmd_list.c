// SPDX-License-Identifier: GPL-2.0-or-later
/* Queries print what lsslot prints. They change nothing. */
#include <errno.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "drmgr/table.h"

int cmd_print_list(const struct cmd *cmd, const char *key, enum dr_code code,
		   const char *message)
{
	struct table table = {
		.type = cmd->req->to.type,
		.detail = key ? TABLE_DETAIL_ALL : 0, /* owned or not */
		.code = code,
		.message = message,
	};

	table_set_key(&table, key);
	cmd->report->has_document = true;
	return table_show(&table, cmd->dr, cmd->req->json);
}

int cmd_list(const struct cmd *cmd)
{
	const char *key = cmd->req->to.key;
	int err = cmd_print_list(cmd, key, DR_CODE_NONE, NULL);

	if (!err)
		return DRMGR_DONE;
	if (err == -ENOENT && request_is(cmd->req, TYPE_CARDS) && !strncmp(key, "0x", 2))
		cmd_fail_with(cmd, dr_get_error(cmd->dr),
			      "Could not find drc_name for index %s\n%s", key,
			      dr_get_error_text(cmd->dr));
	else if (err == -ENODEV || err == -ENOENT || err == -ENOTUNIQ)
		cmd_fail_with(cmd, dr_get_error(cmd->dr), "%s",
			      dr_get_error_text(cmd->dr));
	else
		return cmd_fail_with(cmd, dr_get_error(cmd->dr), "drmgr: %s",
				     dr_get_error_text(cmd->dr));
	return DRMGR_NO_SUCH;
}
