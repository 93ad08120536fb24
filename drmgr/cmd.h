/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd.h - the commands of drmgr: check the request, run operations, report
 *
 * The common steps (lock, log, journal) come before. Each function returns an exit
 * status.
 */
#pragma once

#include "cli/common.h"
#include "drmgr/exit.h"
#include "drmgr/report.h"

struct cmd {
	const struct dr_req *req;
	struct dr *dr;
	struct log *log;
	struct report *report;
};

/* A command. Those that change the machine run as root, with lock and log. */
typedef int command_fn(const struct cmd *cmd);

/* Return the command of a request. */
command_fn *command_of(const struct dr_req *req);

/* Report an error of the whole command to stderr, the log and the report. Return
 * DRMGR_FAILED. */
int cmd_fail(const struct cmd *cmd, enum dr_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same with an error of the library. */
int cmd_fail_with(const struct cmd *cmd, const struct dr_error *error, const char *fmt,
		  ...) __attribute__((format(printf, 3, 4)));

/* Log a message to the system log, if a daemon listens. */
void cmd_syslog(const struct cmd *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Undo the changes of an interrupted run before the first change. Return 0 to
 * continue. */
int cmd_recover_first(const struct cmd *cmd);
/* --dry-run: say what such a run would undo first. */
void cmd_recover_plan(const struct cmd *cmd);
/* --recover: only undo the changes of an interrupted run. */
int cmd_recover(const struct cmd *cmd);

/* Change what the engine changes. */
int cmd_change(const struct cmd *cmd);
int cmd_capabilities(const struct cmd *cmd);
/* -Q: print what lsslot prints. */
int cmd_list(const struct cmd *cmd);
/* Print lsslot's table or document of a connector, or an empty one. key NULL: all. code,
 * message: an error for the document, or DR_CODE_NONE. Return as table_show(). */
int cmd_print_list(const struct cmd *cmd, const char *key, enum dr_code code,
		   const char *message);
/* The exit status of an error of a named host bridge or logical slot. */
int cmd_logical_status(const struct cmd *cmd, const struct dr_error *error);
/* phb, slot: would a removal succeed? */
int cmd_logical_query(const struct cmd *cmd);
