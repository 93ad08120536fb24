// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows the connectors of this machine on a screen. drmon itself only reads; drmgr makes
 * all changes. */
#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/connectors.h"
#include "cli/signals.h"
#include "cli/stdout_end.h"
#include "drmon/guard.h"
#include "drmon/monitor.h"
#include "drmon/once.h"
#include "drmon/screen.h"

enum { DRMON_DONE = 0, DRMON_FAILED = 1, DRMON_USAGE = 2 };

static int drmon_fail(const char *what, const char *why)
{
	fprintf(stderr, "drmon: %s%s%s\n", what, *why ? ": " : "", why);
	return DRMON_FAILED;
}

/* The same, and print a document with the error if one was requested. */
static int drmon_fail_with(const struct options *options, enum dr_code code,
			   const char *what, const char *why)
{
	_cleanup_free_ char *message =
		text_of("drmon: %s%s%s", what, *why ? ": " : "", why);

	if (options->json)
		once_print_failure(code, message ? message : what);
	return drmon_fail(what, why);
}

static int drmon_run_screen(const struct options *options, struct dr *dr)
{
	int fd = signals_catch(), err = fd < 0 ? fd : screen_open();

	if (err == -ENOTTY)
		return drmon_fail("not a terminal", "use --once to print the table");
	if (err == -EINVAL)
		return drmon_fail("the terminal has an unknown type",
				  getenv("TERM") ?: "");
	if (!err)
		err = monitor_run(options, dr, fd);
	screen_close();
	return err ? drmon_fail("the machine cannot be watched", strerror(-err))
		   : DRMON_DONE;
}

/* No warning is printed: it would overwrite the screen. Connectors are shown as far as
 * they are known. */
static int drmon_run(const struct options *options)
{
	struct dr *dr;
	int err = dr_new(&dr, options->sysroot), status;

	if (err)
		return drmon_fail_with(options, code_of_open(err, options->sysroot),
				       options->sysroot ? options->sysroot : "/",
				       strerror(-err));
	if (!options->sysroot && !dr_is_partition(dr))
		status = drmon_fail_with(options, DR_CODE_NOT_SUPPORTED,
					 "this is not a guest of a PAPR machine", "");
	else {
		err = options->once ? once_print(options, dr) : 0;
		status = err > 0	 ? DRMON_FAILED
			 : err		 ? drmon_fail("connectors", err == -ENOMEM
									    ? strerror(ENOMEM)
									    : dr_get_error_text(dr))
				   : options->once ? DRMON_DONE
					 : drmon_run_screen(options, dr);
	}
	dr_unref(dr);
	return status;
}

int main(int argc, char *argv[])
{
	struct option_line line;
	struct options options;
	int err;

	if (process_begin())
		return DRMON_FAILED;
	err = options_parse(&options, argc, argv, &line);
	if (option_print_self(&line))
		return stdout_end("drmon", DRMON_DONE, DRMON_FAILED);
	if (err) {
		option_print_problem(&line);
		return DRMON_USAGE;
	}
	if (options.once)
		return stdout_end("drmon", drmon_run(&options), DRMON_FAILED);
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		guard_start(); /* the screen works without it */
	return drmon_run(&options);
}
