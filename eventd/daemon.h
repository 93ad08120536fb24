/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - the main loop: read events, queue requests, run one request a turn
 *
 * All parts run in one thread and one loop. Only a request of the host takes longer. After
 * each of its steps, records that the kernel has meanwhile are read into the event log.
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

/* Run until a signal requests the end. Return 0, or -EIO after an error, which is logged. */
int daemon_run(const struct daemon_options *options);
