/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * spawn.h - start another program safely from a program that runs as root
 *
 * The program has a fixed path, an argument list and only the given environment. Signals
 * have their defaults and none is blocked. Only the standard descriptors are passed on.
 * No shell is used. What the caller does with SIGCHLD does not matter (kern/child.h): the
 * program is the child of a keeper, a copy of the caller that does nothing else than wait
 * for it.
 *
 * Errors:  negative errno.
 * Layer:   kern
 */
#pragma once

#include <sys/types.h>

/* Run argv[0] (a path) without input and output, and wait for its end. Return its exit
 * status, 128 + signal, or a negative errno if it could not be started. */
int spawn_wait(const char *const argv[]);

/* A program in the background: in "/", without input, in a process group of its own. */
struct spawned {
	pid_t pid;
	pid_t keeper; /* our child, the parent of pid */
	int end;      /* pidfd; readable after the program has ended */
	int output;   /* its stdout and stderr; our end does not block */
};

/* Start a program; env is its whole environment. Return 0 or a negative errno. */
int spawn_apart(const char *const argv[], const char *const env[], struct spawned *child);

/* Start a program as above, but with its input from a file of the caller, and its output in
 * another one. output is -1. */
int spawn_apart_between(const char *const argv[], const char *const env[], int input,
			int output, struct spawned *child);

/* Start a program as spawn_apart(), but with its input from a file of the caller. */
int spawn_apart_from(const char *const argv[], const char *const env[], int input,
		     struct spawned *child);

/* Send a signal to the process and its descendants in its process group. */
void spawned_signal(const struct spawned *child, int signal);

/* Return the exit status if the program has ended, or -EINTR if a signal ended it; *child
 * is then closed. Return -EAGAIN if it is still running. */
int spawned_status(struct spawned *child);
