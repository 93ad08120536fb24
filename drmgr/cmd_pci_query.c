// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "drmgr/cmd.h"
#include "drmgr/pci_text.h"
#include "drmgr/slot_table.h"

/* Print what lsslot prints, without a change. */
int cmd_pci_query(const struct cmd *cmd)
{
	const struct dr_error unknown = { .fault = DR_FAULT_UNKNOWN, .err = -ENOENT };
	const struct slot_filter filter = { .with_drivers = cmd->req->json };
	const struct connector *found;
	struct dr_error error = { 0 };
	struct slot_list list;
	int err = slot_list_pci(&list, &cmd->session->dr, &filter), status = DRMGR_DONE;

	if (err == -ENODEV)
		error.fault = DR_FAULT_NO_SLOTS;
	else if (err)
		error = unknown;
	else if (cmd->req->key && connectors_find(&list.connectors, &cmd->session->dr,
						  cmd->req->key, &found, &error))
		err = error.err;
	if (!err && cmd->req->key)
		slot_list_keep(&list, found);

	if (err) {
		cmd_fail_words(cmd, &error, NULL, pci_error_text);
		status = DRMGR_NO_SUCH;
	}
	cmd->report->has_document = true;
	if (cmd->req->json)
		slot_table_print_json(&list, "pci", NULL);
	else if (!err)
		slot_table_print(&list, SLOT_TABLE_PCI, '\0');
	slot_list_free(&list);
	return status;
}
