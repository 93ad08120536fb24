// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows the connectors of this machine on a screen. drmon itself only reads; drmgr makes
 * all changes. */
#include <curses.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "libdrmgr/core/platform.h"
#include "cli/stdout_end.h"
#include "drmon/guard.h"
#include "drmon/monitor.h"
#include "drmon/once.h"
#include "drmon/screen.h"
#include "kern/process.h"

enum { DRMON_DONE = 0, DRMON_FAILED = 1 };

static int drmon_fail(const char *what, const char *why)
{
	fprintf(stderr, "drmon: %s%s%s\n", what, *why ? ": " : "", why);
	return DRMON_FAILED;
}

static bool drmon_is_guest(const struct options *options, const struct kern_root *root)
{
	enum platform platform = platform_read(root);

	return options->sysroot ||
	       (platform != PLATFORM_UNKNOWN && platform != PLATFORM_POWERNV);
}

static int drmon_run_screen(const struct options *options, struct session *session)
{
	int err = session_catch_signals(session);

	if (!err)
		err = screen_open();
	if (err == -ENOTTY)
		return drmon_fail("not a terminal", "use --once to print the table");
	if (err == -EINVAL)
		return drmon_fail("the terminal has an unknown type",
				  getenv("TERM") ?: "");
	if (!err)
		err = monitor_run(options, session);
	screen_close();
	return err ? drmon_fail("the machine cannot be watched", strerror(-err))
		   : DRMON_DONE;
}

/* Ignore warnings, which would overwrite the screen. Connectors are shown as far as they
 * are known. */
static void drmon_ignore_warning(void *priv, const char *text)
{
	(void)priv;
	(void)text;
}

static int drmon_run(const struct options *options)
{
	const struct dr_report report = { .warning = drmon_ignore_warning };
	struct session session;
	struct log log;
	int err, status;

	log_init(&log, "drmon", 0);
	err = session_open(&session, options->sysroot, &log, &report);
	if (err)
		return drmon_fail(options->sysroot ? options->sysroot : "/",
				  strerror(-err));
	if (!drmon_is_guest(options, &session.root))
		status = drmon_fail("this is not a guest of a PAPR machine", "");
	else {
		/* Only root can call firmware. Without it, no sensor is read. */
		if (!options->sysroot && !geteuid() &&
		    session_open_firmware(&session, false))
			session.dr.engine = NULL;
		err = options->once ? once_print(options, &session.dr) : 0;
		status = err		 ? drmon_fail("connectors", strerror(-err))
			 : options->once ? DRMON_DONE
					 : drmon_run_screen(options, &session);
	}
	session_close(&session);
	return status;
}

int main(int argc, char *argv[])
{
	struct options options;

	if (process_begin())
		return DRMON_FAILED;
	if (options_parse(&options, argc, argv))
		return DRMON_FAILED;
	if (options.help)
		options_usage(stdout);
	else if (options.version)
		puts("drmon (" PACKAGE_NAME ") " PACKAGE_VERSION);
	if (options.help || options.version)
		return stdout_end("drmon", DRMON_DONE, DRMON_FAILED);
	if (options.once)
		return stdout_end("drmon", drmon_run(&options), DRMON_FAILED);
	if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
		guard_start(); /* the screen works without it */
	return drmon_run(&options);
}
