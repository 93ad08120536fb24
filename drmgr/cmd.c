// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "drmgr/cmd.h"

command_fn *command_of(const struct dr_req *req)
{
	if (req->capabilities)
		return cmd_capabilities;
	if (req->recover)
		return cmd_recover;
	if (req->to.action != DR_QUERY || request_is(req, TYPE_PORTS))
		return cmd_change;
	return request_is(req, TYPE_LOGICAL) ? cmd_logical_query : cmd_list;
}

static int cmd_fail_text(const struct cmd *cmd, const struct dr_error *error,
			 enum dr_code code, const char *text)
{
	if (!text)
		text = strerror(ENOMEM);
	log_err(cmd->log, "%s", text);
	cmd->report->ops->error(cmd->report, error, code, text);
	return DRMGR_FAILED;
}

int cmd_fail(const struct cmd *cmd, enum dr_code code, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	return cmd_fail_text(cmd, NULL, code, text);
}

int cmd_fail_with(const struct cmd *cmd, const struct dr_error *error, const char *fmt,
		  ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	return cmd_fail_text(cmd, error, dr_error_get_code(error), text);
}

void cmd_syslog(const struct cmd *cmd, const char *fmt, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = vtext_of(fmt, ap);
	va_end(ap);
	if (!text)
		return;
	if (!access(_PATH_LOG, W_OK)) { /* the log daemon listens */
		openlog("drmgr", 0, LOG_LOCAL0);
		syslog(LOG_INFO, "%s", text);
		closelog();
	}
	log_text(cmd->log, LEVEL_DEBUG, text);
}
