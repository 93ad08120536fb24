/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn.h - another program, started the way a tool of root may start one
 *
 * Fixed path, argument list, no environment but the one given, default signals and none
 * blocked, none of our descriptors but the standard ones. No shell.
 *
 * Errors:  negative errno.
 * Layer:   kern
 */
#pragma once

#include <sys/types.h>

/* Runs argv[0] (a path), without input and output, and waits for its end. Its exit status, 128 + signal, or
 * negative errno when it could not be started. */
int spawn_wait(const char *const argv[]);

/* One that works by itself: in "/", without input, in a process group of its own. */
struct spawned {
	pid_t pid;
	int end;    /* pidfd: readable once it has ended */
	int output; /* what it writes, to either of both; not blocking */
};

/* 0; with env as the whole environment. */
int spawn_apart(const char *const argv[], const char *const env[], struct spawned *child);

/* The same, but all it writes goes to a file of the caller's; output is -1. */
int spawn_apart_into(const char *const argv[], const char *const env[], int file,
		     struct spawned *child);

/* Signals the process and those that it started. */
void spawned_signal(const struct spawned *child, int signal);

/* Has it ended? Then its exit status, or -EINTR by a signal, and *child is closed; -EAGAIN
 * it still runs. */
int spawned_status(struct spawned *child);
