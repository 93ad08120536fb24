/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * daemon.h - -daemonize and -pidfile
 *
 * Errors:  negative errno, after one line on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct daemon {
	int waiter;    /* the parent waits at its other end; -1: no parent waits */
	char *pidfile; /* an absolute path, or NULL */
	int pid_fd;    /* locked as long as papr-vmm runs */
};

#define DAEMON_INIT ((struct daemon){ .waiter = -1, .pid_fd = -1 })

/* Continue in a child with its own session. The parent exits when the child calls
 * daemon_ready() or ends: with its exit status then. Only the child returns. */
int daemon_fork(struct daemon *daemon);

/* Write the process id into the file and lock it. Fails if another process locks it. */
int daemon_write_pid(struct daemon *daemon, const char *path);

/* Release the parent, the terminal and the current folder. Does nothing without
 * daemon_fork(). */
void daemon_ready(struct daemon *daemon);

/* Remove the file. Even a parent that still waits is released, with this status. */
void daemon_end(struct daemon *daemon, int status);
