/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * process.h - the process state that a program inherits, set right
 *
 * Main functions call it before anything else. Nothing else of the process is global here.
 *
 * Errors:  negative errno.
 * Layer:   process; needs libc alone
 */
#pragma once

#include <signal.h>

/* Set the inherited state right:
 * - Descriptors 0 to 2 are open. Those that the caller closed still fail with EBADF.
 * - SIGPIPE and SIGXFSZ are ignored: a write that fails returns an error. SIGCHLD has its
 *   default. Other signals that the caller ignores stay ignored.
 * - No signal is blocked. No interval timer runs.
 * - Files may have any size and the process may use any CPU time, if that is permitted.
 *   Otherwise SIGXCPU comes before SIGKILL. It may open 256 files, if that is permitted.
 * - The umask is 022.
 * Return -errno if a descriptor of 0 to 2 cannot be opened: the program must end. */
int process_begin(void);

/* Set descriptors and signals right, but keep timers and limits: for a program that runs
 * another one for the caller. */
int process_begin_runner(void);

/* A child that runs the caller's program: SIGPIPE and SIGXFSZ have their defaults. */
void process_reset_child(void);

/* Put all signals into *set that end a process, but for crashes, SIGKILL, and those that
 * are ignored now. A blocked signal is queued even if it is ignored. */
void process_ending_signals(sigset_t *set);
