// SPDX-License-Identifier: GPL-2.0-or-later
/* papr-eventd - act on the events that the host reports through firmware */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cli/bad_option.h"
#include "cli/common.h"
#include "cli/json_util.h"
#include "cli/stdout_end.h"
#include "eventd/daemon.h"
#include "eventd/epow.h"
#include "eventd/status.h"

enum { EVENTD_DONE = 0, EVENTD_FAILED = 1, EVENTD_USAGE = 2 };

enum { UPS_DELAY_MAX_S = 24 * 60 * 60 };

enum long_option {
	OPT_FOREGROUND = 256,
	OPT_STATUS,
	OPT_JSON,
	OPT_UPS_DELAY,
	OPT_VERBOSE,
	OPT_HELP,
	OPT_VERSION,
};

struct options {
	bool foreground, status, json, help, version;
	struct daemon_options daemon;
};

static const char usage_text[] =
	"Usage: papr-eventd [OPTION]...\n"
	"Act on the events that the host of this partition reports through firmware.\n"
	"\n"
	"      --foreground         do not become a background process\n"
	"      --status             print the state of the running daemon\n"
	"      --json               with --status: print one JSON document\n"
	"      --ups-delay SECONDS  shut down so long after the power has failed (600)\n"
	"      --verbose            log more\n"
	"      --help               print this text\n"
	"      --version            print the version\n";

static const struct option long_options[] = {
	{ "foreground", no_argument, NULL, OPT_FOREGROUND },
	{ "status", no_argument, NULL, OPT_STATUS },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "ups-delay", required_argument, NULL, OPT_UPS_DELAY },
	{ "verbose", no_argument, NULL, OPT_VERBOSE },
	{ "help", no_argument, NULL, OPT_HELP },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ 0 },
};

static int eventd_fail(const char *what, const char *why)
{
	fprintf(stderr, "papr-eventd: %s: %s\n", what, why);
	return EVENTD_FAILED;
}

static int eventd_parse_delay(struct options *options, const char *text)
{
	unsigned int n = 0;

	for (const char *c = text; *c; c++) {
		n = *c >= '0' && *c <= '9' ? n * 10 + (unsigned int)(*c - '0')
					   : UPS_DELAY_MAX_S + 1;
		if (n > UPS_DELAY_MAX_S)
			break;
	}
	if (!*text || n > UPS_DELAY_MAX_S) {
		eventd_fail("--ups-delay", "use seconds from 0 to 86400");
		return -EINVAL;
	}
	options->daemon.ups_delay_s = n;
	return 0;
}

static int eventd_parse_option(struct options *options, int c)
{
	switch (c) {
	case OPT_FOREGROUND:
		options->foreground = true;
		return 0;
	case OPT_STATUS:
		options->status = true;
		return 0;
	case OPT_JSON:
		options->json = true;
		return 0;
	case OPT_UPS_DELAY:
		return eventd_parse_delay(options, optarg);
	case OPT_VERBOSE:
		options->daemon.is_verbose = true;
		return 0;
	case OPT_HELP:
		options->help = true;
		return 0;
	case OPT_VERSION:
		options->version = true;
		return 0;
	default:
		return -EINVAL;
	}
}

static int eventd_parse(struct options *options, int argc, char *argv[])
{
	int c, err = 0;

	*options = (struct options){
		.daemon = { .ups_delay_s = EPOW_DELAY_S, .ready_fd = -1 },
	};
	while ((c = getopt_long(argc, argv, ":", long_options, NULL)) != -1)
		if (c == '?' || c == ':' ? bad_option("papr-eventd", c, argv)
					 : eventd_parse_option(options, c))
			err = -EINVAL;
	if (!err && optind < argc) {
		eventd_fail(argv[optind], "unexpected argument; see papr-eventd --help");
		err = -EINVAL;
	}
	if (!err && options->json && !options->status) {
		eventd_fail("--json", "use it only with --status");
		err = -EINVAL;
	}
	return err;
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
	struct options options;
	int err;

	if (process_begin())
		return EVENTD_FAILED;
	err = eventd_parse(&options, argc, argv);
	if (options.help || options.version) {
		fputs(options.help ? usage_text
				   : "papr-eventd (" PACKAGE_NAME ") " PACKAGE_VERSION
				     "\n",
		      stdout);
		return stdout_end("papr-eventd", EVENTD_DONE, EVENTD_FAILED);
	}
	if (err) {
		if (options.json)
			eventd_print_state("unknown");
		return stdout_end("papr-eventd", EVENTD_USAGE, EVENTD_FAILED);
	}
	if (options.status)
		return stdout_end("papr-eventd", eventd_status(&options), EVENTD_FAILED);
	return eventd_run(&options);
}
