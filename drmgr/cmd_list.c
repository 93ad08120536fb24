// SPDX-License-Identifier: GPL-2.0-or-later
/* Queries print what lsslot prints. They change nothing. */
#include <string.h>

#include "cli/connectors.h"
#include "drmgr/cmd.h"
#include "drmgr/table.h"

int cmd_print_list(const struct cmd *cmd, const char *key)
{
	struct table table = {
		.type = cmd->req->to.type,
		.detail = key ? TABLE_DETAIL_ALL : 0, /* owned or not */
	};
	struct dr_list *list;
	int err;

	table_set_key(&table, key);
	err = dr_list_new(cmd->dr, table.type, table.key,
			  table_list_flags(&table, cmd->req->json), &list);
	cmd->report->has_document = true;
	if (cmd->req->json)
		connectors_print(table.type, list);
	else if (!err)
		err = table_print(&table, list);
	dr_list_free(list);
	return err;
}

int cmd_list(const struct cmd *cmd)
{
	const char *key = cmd->req->to.key;
	int err = cmd_print_list(cmd, key);

	if (!err)
		return DRMGR_DONE;
	if (err == -ENOENT && request_is(cmd->req, "pci") && !strncmp(key, "0x", 2))
		cmd_fail(cmd, NULL, "Could not find drc_name for index %s\n%s", key,
			 dr_get_error_text(cmd->dr));
	else if (err == -ENODEV || err == -ENOENT || err == -ENOTUNIQ)
		cmd_fail(cmd, NULL, "%s", dr_get_error_text(cmd->dr));
	else
		return cmd_fail(cmd, NULL, "drmgr: %s", strerror(-err));
	return DRMGR_NO_SUCH;
}
