/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - one background process per guest: owns the machine, serves the clients
 *
 * In the guest's directory it makes: ctl (socket), console.log, guestctl.log (its own
 * words and the VMM's stderr). It ends, and the machine with it, on a request to stop, on
 * SIGTERM, and when the process that owns the guest has ended.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

struct daemon_options {
	char **argv;	 /* the machine */
	bool bare;	 /* add no QEMU options to it */
	pid_t owner;	 /* 0: nobody */
	int64_t boot_ms; /* how long a guest may take to come up */
	int64_t grace_ms; /* and how long over its limit a command may be before it is lost */
};

/* The address of the socket in a directory, however long the directory's own path is. */
struct sockaddr_un daemon_address(int dir);

/* Returns in the caller when the guest is up (0), or cannot be: EXIT_HARNESS, the reason
 * is on stderr, and nothing is left running. */
int daemon_start(int dir, const struct daemon_options *options);
