// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>

#include "drmgr/cmd.h"
#include "libdrmgr/types/pci/pci_text.h"
#include "drmgr/slot_table.h"

/* Print what lsslot prints, without a change. */
int cmd_pci_query(const struct cmd *cmd)
{
	const struct slot_filter filter = { .key = cmd->req->key,
					    .with_drivers = cmd->req->json };
	struct slot_list list;
	struct dr_error error;
	int err = slot_list_pci(&list, &cmd->session->dr, &filter, &error);
	int status = DRMGR_DONE;

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
