// SPDX-License-Identifier: GPL-2.0-or-later
/* papr-eventd - act on the events that the host reports through firmware */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "cli/common.h"
#include "cli/json_util.h"
#include "cli/option_table.h"
#include "cli/stdout_end.h"
#include "eventd/daemon.h"
#include "eventd/epow.h"
#include "eventd/status.h"

enum { EVENTD_DONE = 0, EVENTD_FAILED = 1, EVENTD_USAGE = 2 };

struct options {
	bool foreground, status, json;
	int64_t ups_delay_ms;
	struct daemon_options daemon;
};

static const struct option_row rows[] = {
	{ 0, "foreground", NULL, "do not become a background process",
	  .kind = OPTION_FLAG, OPTION_AT(struct options, foreground) },
	{ 0, "status", NULL, "print the state of the running daemon", .kind = OPTION_FLAG,
	  OPTION_AT(struct options, status) },
	{ 0, "json", NULL, "with --status: print one JSON document", .kind = OPTION_FLAG,
	  OPTION_AT(struct options, json) },
	{ 0, "ups-delay", "TIME",
	  "shut down so long after the power has failed: seconds, or with s, m, h (600)",
	  .kind = OPTION_TIME, OPTION_AT(struct options, ups_delay_ms), .n = 1000,
	  .max = 24 * 60 * 60 * 1000, .why = "use seconds from 0 to 86400, or 5m" },
	{ 'v', "verbose", NULL, "log more", .kind = OPTION_FLAG,
	  OPTION_AT(struct options, daemon.is_verbose) },
	OPTION_SELF_ROWS,
};

static const struct option_rule rules[] = {
	{ "--json", .needs = "--status", .text = "--json: use it only with --status" },
	{ 0 },
};

static const struct option_table table = {
	.program = "papr-eventd",
	.manual = "papr-eventd(8)",
	.usage =
		"Usage: papr-eventd [OPTION]...\n"
		"Act on the events that the host of this partition reports through firmware.\n"
		"\n",
	OPTION_ROWS(rows),
	.rules = rules,
};

static int eventd_fail(const char *what, const char *why)
{
	fprintf(stderr, "papr-eventd: %s: %s\n", what, why);
	return EVENTD_FAILED;
}

/* ---- Status ---- */

/* Print the document for a daemon that has not answered. */
static void eventd_print_state(const char *state)
{
	json_object *document = json_new_object();

	json_put_text(document, "schema", "papr.eventd/1");
	json_put_text(document, "state", state);
	json_print(document);
}

static int eventd_status(const struct options *options)
{
	int err = status_print(DAEMON_STATUS_PATH, options->json);

	if (err && options->json)
		eventd_print_state(err == -ENOENT ? "stopped" : "unknown");
	else if (err == -ENOENT)
		puts("stopped");
	if (err && err != -ENOENT)
		eventd_fail(DAEMON_STATUS_PATH,
			    err == -ETIMEDOUT
				    ? "the daemon has not answered for 10 s: it is "
				      "stopped or hangs; restart it"
			    : err == -EBADMSG ? "the answer is incomplete"
					      : strerror(-err));
	return err ? EVENTD_FAILED : EVENTD_DONE;
}

/* ---- Daemon ---- */

/* Become a background process. Return 0 in it, with the descriptor for a report of its
 * readiness, or the PID of it, or a negative errno. Standard error is kept. */
static pid_t eventd_fork(int *ready_fd, int *report_fd)
{
	_cleanup_close_ int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int ends[2];
	pid_t pid;

	if (null < 0 || pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	close(ends[pid ? 1 : 0]);
	*report_fd = ends[0];
	*ready_fd = ends[1];
	if (!pid && (setsid() < 0 || chdir("/") || dup2(null, STDIN_FILENO) < 0 ||
		     dup2(null, STDOUT_FILENO) < 0))
		return -errno;
	return pid;
}

/* Wait until the background process is ready, or has failed. */
static int eventd_wait_until_ready(int report_fd)
{
	char byte;

	return read(report_fd, &byte, 1) == 1 ? EVENTD_DONE : EVENTD_FAILED;
}

static int eventd_run(struct options *options)
{
	int report_fd = -1;

	if (geteuid())
		return eventd_fail("the daemon", "must be run as root");
	if (!options->foreground) {
		pid_t pid = eventd_fork(&options->daemon.ready_fd, &report_fd);

		if (pid < 0)
			return eventd_fail("fork", strerror(-pid));
		if (pid)
			return eventd_wait_until_ready(report_fd);
	}
	return daemon_run(&options->daemon) ? EVENTD_FAILED : EVENTD_DONE;
}

int main(int argc, char *argv[])
{
	struct options options = { .ups_delay_ms = EPOW_DELAY_S * 1000,
				   .daemon = { .ready_fd = -1 } };
	struct option_line line;

	if (process_begin())
		return EVENTD_FAILED;
	option_parse(&table, argc, argv, &options, &line);
	if (option_print_self(&line))
		return stdout_end("papr-eventd", EVENTD_DONE, EVENTD_FAILED);
	if (option_refuse_operands(&line)) {
		option_print_problem(&line);
		if (options.json)
			eventd_print_state("unknown");
		return stdout_end("papr-eventd", EVENTD_USAGE, EVENTD_FAILED);
	}
	if (options.status)
		return stdout_end("papr-eventd", eventd_status(&options), EVENTD_FAILED);
	options.daemon.ups_delay_s = (unsigned int)(options.ups_delay_ms / 1000);
	return eventd_run(&options);
}
