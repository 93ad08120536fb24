/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - one background process for each guest: it owns the machine and serves the
 * clients
 *
 * Its files in the guest's directory: ctl (socket), console.log, guestctl.log (its
 * messages and the VMM's stderr). It ends, with the machine, on a request to stop, on
 * SIGTERM, and when the process that owns the guest has ended.
 */
#pragma once
#include <stdbool.h>
#include <sys/types.h>
#include <sys/un.h>

struct daemon_options {
	char **argv;	  /* the machine's command line */
	bool bare;	  /* add no QEMU options to it */
	pid_t owner;	  /* 0: none */
	int64_t boot_ms;  /* time limit of the boot */
	int64_t grace_ms; /* time over its limit after which a command counts as lost */
};

/* Return the address of the socket in a directory, for a path of any length. */
struct sockaddr_un daemon_address(int dir);

/* Return 0 in the caller when the guest is up. If it cannot start, print the reason on
 * stderr, leave no process, and return EXIT_HARNESS. */
int daemon_start(int dir, const struct daemon_options *options);
