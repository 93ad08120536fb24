// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "drmgr/advice.h"

/* Return the row with the advice for an addition of resources; NULL: it is another request. */
static const struct type_row *advice_of(const struct cmd *cmd)
{
	const struct type_row *row = type_row(cmd->req->to.type);
	bool is_add = dr_results_get_action(cmd->report->results) == DR_ADD;

	return is_add && !cmd->req->to.parameter && row->qemu ? row : NULL;
}

/* Return what the error says of the host, or NULL. Firmware refuses to allocate a connector
 * for which the host has nothing. */
static const char *advice_of_host(const struct dr_error *error)
{
	static const char has_none[] =
		"The host has no such resource for this partition, or not enough.";
	const char *step = dr_error_get_step(error);

	switch (dr_error_get_code(error)) {
	case DR_CODE_NOTHING_THERE:
	case DR_CODE_HOST_HAS_TOO_LITTLE:
		return has_none;
	case DR_CODE_FIRMWARE_REFUSED:
		return step && !strcmp(step, "allocate") ? has_none : NULL;
	default:
		return NULL;
	}
}

void advise_after(const struct cmd *cmd, const struct dr_error *error)
{
	const struct type_row *advice = advice_of(cmd);
	bool is_qemu = strstr(dr_get_platform(cmd->dr), "KVM");
	const char *host = advice_of_host(error);
	_cleanup_free_ char *text = NULL;

	if (!advice || !host)
		return;
	text = text_of("%s To add it there, on %s: %s", host,
		       is_qemu ? "QEMU's monitor" : "the HMC",
		       is_qemu ? advice->qemu : advice->hmc);
	if (text)
		report_advise(cmd->report, text);
}

void advise_plan(const struct cmd *cmd)
{
	if (advice_of(cmd) && !request_is(cmd->req, TYPE_CARDS))
		report_warn(cmd->report,
			    "Only the addition shows if the host has the resources: "
			    "sensors do not tell.");
}
