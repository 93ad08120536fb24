/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * child.h - child processes that do not depend on the caller's SIGCHLD
 *
 * The process may ignore SIGCHLD, and a handler or another thread may reap all children
 * with waitpid(2) of -1. A child that sends no signal at its end is not affected: only a
 * wait with __WALL or __WCLONE reaps it. execve(2) makes it an ordinary child again, so
 * programs are run by a child of such a child (kern/spawn.h).
 *
 * Without clone3(2) (before Linux 5.3, in containers that refuse it) the child is made by
 * fork(2), and the caller must not ignore SIGCHLD or reap it.
 *
 * Errors:  negative errno
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "kern/deadline.h"

/*
 * Fork. Return the child's PID, 0 in the child, or a negative errno. *end receives a pidfd
 * that is readable after the child has ended; -1 if the kernel has none, and in the child.
 * end_signal is the signal that the parent receives at that time: 0 for none.
 *
 * In the child, all signals are blocked. It may only call the functions of
 * signal-safety(7), because other threads may have held locks. It must end with _exit(2).
 */
pid_t child_fork(int end_signal, int *end);

/* Open a pidfd of a child. Return -1 if the kernel has none. */
int child_open_end(pid_t pid);

/* Return true if a descriptor can be read, for example the pidfd of a child that has ended.
 * -1 never can. */
bool fd_is_readable(int fd);

/* Wait for the end of the child until the deadline. Return false if the deadline passed
 * first. If end is -1, return true at once. */
bool child_wait(int end, const struct deadline *dl);

/* Reap the child; flags are 0 or WNOHANG. Return its PID, 0 if it has not ended, or a
 * negative errno. *status receives the status as from waitpid(2). */
pid_t child_reap(pid_t pid, int flags, int *status);

/* In a child: close all descriptors except one. 1 and 2 become /dev/null, and 0 becomes input
 * (-1: /dev/null, too). Return the new number of the one that is kept. A caller that reads a pipe
 * of drmgr must not wait for a child that stays in the kernel, and the lock must end with
 * drmgr. */
int child_drop_descriptors(int keep, int input);
