// SPDX-License-Identifier: GPL-2.0-or-later
/* The share of an accelerator, and a connector type that no machine has any more. */
#include <stdio.h>
#include <string.h>

#include "drmgr/cmd.h"
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/types/partition/acc.h"

static char *acc_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words none = { 0 };
	bool is_missing = error->fault == DR_FAULT_NOT_CAPABLE;

	if (is_missing)
		return text_of("Could not open \"/%s\" to write QoS credits",
			       error->what);
	if (error->fault == DR_FAULT_KERNEL)
		return text_of("Could not write QoS credits: %s", strerror(-error->err));
	if (error->fault == DR_FAULT_TREE)
		return text_of("QoS credits were written, but the kernel has %s",
			       error->what);
	return error_text(error, drc, &none);
}

int cmd_acc(const struct cmd *cmd)
{
	static const struct drc gzip = { .name = "gzip", .type = "acc" };
	struct dr_result result = { 0 };
	int err, status;

	cmd->report->requested = 1;
	cmd->report->ops->begin(cmd->report, &gzip);
	err = acc_set_credits(&cmd->session->dr, (unsigned int)cmd->req->to.count,
			      &result);
	status = cmd_resource_end(cmd, &gzip, err, &result, acc_error_text);
	/* Long-established exit status; scripts depend on it. */
	if (status == DRMGR_FAILED && result.error.fault == DR_FAULT_KERNEL)
		status = -err;
	dr_result_free(&result);
	return status;
}

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
