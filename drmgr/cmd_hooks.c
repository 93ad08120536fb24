// SPDX-License-Identifier: GPL-2.0-or-later
#include "drmgr/cmd.h"

unsigned int cmd_hooks(const struct cmd *cmd, enum hook_phase phase, unsigned int count,
		       const struct drc *drc)
{
	const struct hook_event event = {
		.type = request_type(cmd->req),
		.action = dr_action_name(cmd->req->to.action),
		.phase = phase,
		.count = count,
		.drc = drc,
	};

	return hooks_run(&cmd->session->dr, &event);
}
