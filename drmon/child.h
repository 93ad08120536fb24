/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * child.h - the project's other programs, run beside the screen
 *
 * What drmgr writes goes to memory, not into a pipe: whatever becomes of the screen, drmgr
 * goes on to its end.
 *
 * Errors:  negative errno.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "kern/spawn.h"

struct child {
	struct spawned process;
	int output; /* memory; -1 */
	bool is_running;
};

void child_init(struct child *child);
/* NULL-terminated; argv[0] is a path. */
int child_run(struct child *child, const char *const argv[]);
/* Has it ended? Then *status is its exit status, or -EINTR, and *text all that it wrote,
 * malloc'ed, with what a terminal might obey as '?'. */
bool child_ended(struct child *child, int *status, char **text);
/* Lets it go on by itself. */
void child_leave(struct child *child);
