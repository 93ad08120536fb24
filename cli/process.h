/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * process.h - reset the process state that a program inherits
 *
 * Main functions call it first. No other file here changes state of the whole process.
 *
 * Errors:  negative errno.
 * Layer:   process; needs libc alone
 */
#pragma once

#include <signal.h>
#include <stdbool.h>

/*
 * Reset the inherited state:
 * - Descriptors 0 to 2 are open. Those that the caller closed still fail with EBADF.
 * - SIGPIPE and SIGXFSZ are ignored: a write that fails returns an error. SIGCHLD has its
 *   default: drmon's guard needs it, and before Linux 5.3 all children (kern/child.h).
 *   Other signals that the caller ignores stay ignored.
 * - No signal is blocked. No interval timer runs.
 * - File size and CPU time are unlimited if the process may remove the limits. Otherwise
 *   SIGXCPU comes before SIGKILL. The process may open 256 files, if that is permitted.
 * - The umask is 022.
 * Return 0, or -errno if a descriptor of 0 to 2 cannot be opened: the program must then
 * end.
 */
int process_begin(void);

/* Reset descriptors, signals and the umask, but keep timers and limits: for a program
 * that runs another one for the caller. */
int process_begin_runner(void);

/* Reset SIGPIPE and SIGXFSZ to their defaults, in a child that runs the caller's
 * program. */
void process_reset_child(void);

/* Close all descriptors from this one on, except one (-1: none). Also where the kernel, or the
 * seccomp filter of a container, has no close_range(2). Return 0 or a negative errno: then
 * another process would wait for their end in vain. */
int process_close_from(int first, int except);

/* The same for those that /proc lists. is_own: only for the process's own, which are all
 * close-on-exec. Those that it inherited for a command are not, and stay open. */
int process_close_listed(int first, int except, bool is_own);

/* Put all signals that end a process into *set, except those of crashes, SIGKILL, and
 * those that are ignored now. A blocked signal would be queued even if it is ignored. */
void process_ending_signals(sigset_t *set);
