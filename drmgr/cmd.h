/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd.h - the commands of drmgr: check the request, run operations, report
 *
 * Each returns an exit status.
 */
#pragma once

#include "drmgr/exit.h"
#include "drmgr/model/session.h"
#include "drmgr/report.h"

struct cmd {
	const struct dr_req *req;
	struct session *session;
	struct log *log;
	struct report *report;
};

/* An error of the command as a whole: to stderr, the log and the report. */
int cmd_fail(const struct cmd *cmd, const struct dr_error *error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

int cmd_capabilities(const struct cmd *cmd);
int cmd_pci(const struct cmd *cmd);
int cmd_pci_query(const struct cmd *cmd);
