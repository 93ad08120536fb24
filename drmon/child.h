/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child.h - run the project's other programs without blocking the screen
 *
 * drmgr writes to memory, not to a pipe. It therefore runs to its end even if the screen
 * ends.
 *
 * Errors:  negative errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "cli/system.h"

struct child {
	struct spawned process;
	int output; /* memfd of its output; -1: none */
	bool is_running;
};

void child_init(struct child *child);
/* Start a program, which reads the text input. argv is NULL-terminated; argv[0] is a path. */
int child_run(struct child *child, const char *const argv[], const char *input);
/* Return true if the child has ended. *status receives its exit status, or -EINTR. *text
 * receives all its output, malloc'ed, with unprintable bytes as '?'. */
bool child_ended(struct child *child, int *status, char **text);
/* Close the child's output. The child continues to run. */
void child_abandon(struct child *child);
