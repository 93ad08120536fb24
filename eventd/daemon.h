/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - the main loop: read events, queue requests, handle power events, answer --status
 *
 * It never waits but for the next of these. What can take longer, changes, hooks and dumps,
 * is done by the worker (work.h), a second process.
 */
#pragma once

#include <stdbool.h>

#define DAEMON_FOLDER	   "run/papr-eventd"
#define DAEMON_STATUS_PATH "/" DAEMON_FOLDER "/status"

struct daemon_options {
	bool is_verbose;
	unsigned int ups_delay_s;
	int ready_fd; /* gets a byte and is closed when the daemon is ready; -1: none */
};

/* Run until a signal requests the end, and the worker has ended, at most a minute later. Return
 * 0, or -EIO after an error, which is logged. */
int daemon_run(const struct daemon_options *options);
