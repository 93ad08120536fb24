// SPDX-License-Identifier: GPL-2.0-or-later
/* A connector type that no machine has any more. */
#include "drmgr/cmd.h"

int cmd_port(const struct cmd *cmd)
{
	static const char probe[] = "sys/bus/ibmebus/probe";

	if (kern_exists(&cmd->session->root, probe))
		return cmd_fail(cmd, NULL, "HEA adapters are not supported by drmgr");
	log_err(cmd->log,
		"Validating HEA DLPAR capability...no.\n"
		"    stat(\"/%s\"): No such file or directory",
		probe);
	return cmd_fail(cmd, NULL,
			"DLPAR HEA operations are not supported onthis kernel");
}
