// SPDX-License-Identifier: GPL-2.0-or-later
/* Check the kernel's interface for logical slots. Long-established messages are kept word
 * for word. */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/core/platform.h"

int cmd_need_dlpar(const struct cmd *cmd)
{
	const struct kern_root *root = &cmd->session->root;
	bool is_phb = request_is(cmd->req, "phb");
	const char *label = is_phb ? "PHB" : "I/O", *what = is_phb ? "PHB" : "slot";

	if (!cmd->req->dry_run && platform_load_slot_control(root))
		return cmd_fail(cmd, NULL, "rpadlpar_io module was not loaded");
	if (platform_has_slot_control(root)) {
		log_info(cmd->log, "Validating %s DLPAR capability...yes.", label);
		return DRMGR_DONE;
	}
	log_err(cmd->log,
		"Validating %s DLPAR capability...no.\n"
		"    stat(\"/sys/bus/pci/slots/control/add_slot\"): No such file or "
		"directory",
		label);
	return cmd_fail(cmd, NULL, "DLPAR %s operations are not supported onthis kernel.",
			what);
}
