// SPDX-License-Identifier: GPL-2.0-or-later
/* drmgr - dynamic reconfiguration of this partition: add, remove, replace, identify */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "drmgr/cmd.h"
#include "cli/connectors.h"
#include "cli/json_lazy.h"
#include "cli/signals.h"
#include "cli/stdout_end.h"

#define LOG_FILE "var/log/drmgr"

/* Join all arguments. The caller frees the line. */
static char *arguments_join(int argc, char *argv[])
{
	size_t size = sizeof("drmgr:");
	char *line, *to;

	for (int i = 1; i < argc; i++)
		size += strlen(argv[i]) + 1;
	line = malloc(size);
	if (!line)
		return NULL;
	to = mempcpy(line, "drmgr:", sizeof("drmgr:"));
	for (int i = 1; i < argc; i++) {
		to[-1] = ' ';
		to = mempcpy(to, argv[i], strlen(argv[i]) + 1);
	}
	return line;
}

static void drmgr_log_command(const struct cmd *cmd, int argc, char *argv[])
{
	_cleanup_free_ char *line = arguments_join(argc, argv);

	if (line)
		cmd_syslog(cmd, "%s", line);
}

static int drmgr_lock(const struct cmd *cmd)
{
	int pid;

	if (!dr_lock(cmd->dr, cmd->req->wait_ms))
		return 0;
	log_err(cmd->log, "%s", dr_get_error_text(cmd->dr));
	pid = dr_get_lock_holder(cmd->dr);
	if (pid)
		log_err(cmd->log, "held by PID %d (%s)", pid,
			dr_get_lock_holder_command(cmd->dr));
	return cmd_fail_with(cmd, dr_get_error(cmd->dr),
			     "Unable to obtain Dynamic Reconfiguration lock. Please try "
			     "command again later.");
}

/* Prepare a change: acquire the lock, open the log and the journal, and catch signals. */
static int drmgr_prepare_change(const struct cmd *cmd, int argc, char *argv[])
{
	int err, status;

	dr_set_command(cmd->dr, argc, argv);
	status = drmgr_lock(cmd);
	if (status)
		return status;

	err = log_open(cmd->log, NULL, LOG_FILE);
	if (err)
		log_msg(cmd->log, LEVEL_ALWAYS,
			"Could not open log file /" LOG_FILE "\n\t%s", strerror(-err));
	cmd->report->stop_fd = signals_catch();
	if (cmd->report->stop_fd < 0)
		return cmd_fail(cmd, DR_CODE_KERNEL_REFUSED,
				"Could not mask signals to avoid interrupts");

	dr_set_stop_fd(cmd->dr, cmd->report->stop_fd);
	drmgr_log_command(cmd, argc, argv);
	return 0;
}

static int drmgr_check_machine(const struct cmd *cmd)
{
	int err = dr_check_device_tree(cmd->dr);

	if (err && err != -ENOENT && err != -EINVAL)
		return cmd_fail(cmd, DR_CODE_KERNEL_REFUSED,
				"drmgr: the device tree cannot be read: %s",
				strerror(-err));
	if (err && cmd->req->sysroot)
		return cmd_fail(
			cmd, DR_CODE_NOT_SUPPORTED,
			"%s: the captured tree has no device tree of a chrp machine",
			cmd->req->sysroot);
	if (err == -ENOENT)
		return cmd_fail(cmd, DR_CODE_NOT_SUPPORTED,
				"Cannot validate platform chrp");
	return err ? cmd_fail(cmd, DR_CODE_NOT_SUPPORTED,
			      "This command is not supported for chrp platforms.")
		   : 0;
}

/* Return the exit status of a change, which a signal may have ended. The signal may also
 * have arrived after the last change. */
static int drmgr_end_change(const struct cmd *cmd, int status)
{
	int signal = cmd->report->stop_fd >= 0 ? signals_arrived() : 0;
	const struct dr_results *results = cmd->report->results;

	if (!signal)
		return status;
	if (status == DRMGR_DONE &&
	    (!results || dr_results_get_status(results) == DR_STATUS_DONE)) {
		log_info(cmd->log, "Received signal %d after the last change", signal);
		return status;
	}
	cmd_fail(cmd, DR_CODE_INTERRUPTED,
		 "Received signal %d, attempting to cleanup and exit", signal);
	return status == DRMGR_PARTIAL || status == DRMGR_NOT_UNDONE ? status
								     : DRMGR_FAILED;
}

/* Prepare a change. Return an exit status; 0: the command may run. */
static int drmgr_begin_change(const struct cmd *cmd, int argc, char *argv[])
{
	const struct dr_req *req = cmd->req;
	int status;

	if (geteuid())
		return cmd_fail(cmd, DR_CODE_NOT_PERMITTED, "drmgr: must be run as root");
	if (req->sysroot)
		return cmd_fail(cmd, DR_CODE_BAD_REQUEST, "--sysroot is for -C and -Q");

	if (req->wait_ms)
		dr_set_time_limit(cmd->dr, req->wait_ms);
	dr_set_trace(cmd->dr, req->trace || req->detail >= 14);
	if (req->dry_run) {
		cmd_recover_plan(cmd);
		return 0;
	}
	status = drmgr_prepare_change(cmd, argc, argv);
	return status ? status : cmd_recover_first(cmd);
}

static command_fn *drmgr_refuse(const struct cmd *cmd, const char *message)
{
	cmd_fail(cmd, DR_CODE_BAD_REQUEST, "%s", message);
	return NULL;
}

static command_fn *drmgr_print_usage(const struct dr_req *req, int *status)
{
	options_print_usage(req->to.type);
	*status = DRMGR_DONE;
	return NULL;
}

/* Check the request and the machine, and prepare a change. Return the command, or NULL and
 * the exit status. */
static command_fn *drmgr_prepare(const struct cmd *cmd, struct dr_req *req,
				 struct option_line *line, int argc, char *argv[],
				 int *status)
{
	command_fn *command = command_of(req);

	*status = DRMGR_FAILED;
	if (line->help) /* of an unknown type */
		return drmgr_refuse(cmd, line->problem);
	if (req->usage)
		return drmgr_print_usage(req, status);
	if (!req->sysroot && !dr_is_partition(cmd->dr)) {
		cmd_fail(cmd, DR_CODE_NOT_SUPPORTED,
			 "%s: is not supported on the %s platform", argv[0],
			 dr_get_platform(cmd->dr));
		*status = DRMGR_NOT_SUPPORTED;
		return NULL;
	}
	if (*line->problem)
		return drmgr_refuse(cmd, line->problem);
	if (req->is_empty)
		return drmgr_print_usage(req, status);
	if (req->capabilities)
		return command;
	if (options_check_type(req, line))
		return drmgr_refuse(cmd, line->problem);
	if (req->to.type && dr_check(cmd->dr, &req->to))
		return drmgr_refuse(cmd, dr_get_error_text(cmd->dr));
	if (req->json && options_may_prompt(req))
		return drmgr_refuse(cmd, "--json never prompts: specify -n as well");
	if (drmgr_check_machine(cmd))
		return NULL;
	*status = req->to.action == DR_QUERY ? DRMGR_DONE
					     : drmgr_begin_change(cmd, argc, argv);
	return *status ? NULL : command;
}

static void drmgr_warn_stray(struct report *r, const struct dr_req *req)
{
	char text[OPTION_PROBLEM_MAX];

	for (size_t i = 0; i < req->n_stray; i++) {
		snprintf(text, sizeof(text), "ignoring argument '%s'", req->stray[i]);
		report_warn(r, text);
	}
}

int main(int argc, char *argv[])
{
	const char *problem;
	struct report report;
	struct dr_req req;
	struct log log;
	struct cmd cmd = { .req = &req, .log = &log, .report = &report };
	struct option_line line;
	struct dr_callbacks callbacks;
	command_fn *command;
	int parse_err, err, status = DRMGR_FAILED;
	bool is_change;

	if (process_begin())
		return DRMGR_FAILED;
	parse_err = options_parse(argc, argv, &req, &line);
	if (options_print_self(&req, &line))
		return stdout_end("drmgr", DRMGR_DONE, DRMGR_FAILED);

	problem = req.json ? json_load() : NULL;
	if (problem) {
		fprintf(stderr, "drmgr: --json: %s\n", problem);
		return DRMGR_FAILED;
	}
	log_init(&log, "drmgr", req.detail > LEVEL_ERROR ? req.detail : LEVEL_ERROR);
	if (report_open(&report, &req, &log)) {
		perror("drmgr");
		return DRMGR_FAILED;
	}
	callbacks = report_callbacks(&report);
	err = dr_new(&cmd.dr, req.sysroot);
	if (err) {
		cmd_fail(&cmd, code_of_open(err, req.sysroot), "drmgr: %s: %s",
			 req.sysroot ? req.sysroot : "/", strerror(-err));
	} else {
		report.dr = cmd.dr;
		dr_set_callbacks(cmd.dr, &callbacks);
		/* "-n 60" of a migration never had a meaning: the number remains. */
		if (!parse_err && !request_is(&req, TYPE_MOBILITY))
			drmgr_warn_stray(&report, &req);
		command = drmgr_prepare(&cmd, &req, &line, argc, argv, &status);
		if (command)
			status = command(&cmd);
		status = drmgr_end_change(&cmd, status);
	}

	report_close(&report, status);
	log_close(&log);
	is_change = cmd.dr && dr_has_lock(cmd.dr);
	dr_unref(cmd.dr);
	return is_change ? stdout_end_of_change("drmgr", status)
			 : stdout_end("drmgr", status, DRMGR_FAILED);
}
