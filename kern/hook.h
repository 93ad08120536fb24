/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hook.h - run the administrator's programs of a folder
 *
 * Every executable file of the folder runs, one after the other, in the order of
 * versionsort(3): 9 before 10. A file or a folder that a user other than root can change is
 * not used. A hook has no arguments, and gets only the given environment and input. After a
 * minute it is terminated (SIGTERM, 5 s later SIGKILL). Processes that it started are not waited
 * for. Of its output, 64 KiB are reported after its end.
 *
 * Errors:  negative errno.
 * Layer:   kern
 */
#pragma once

#include <stdint.h>

#include "kern/deadline.h"

enum hook_news {
	HOOK_PROBLEM, /* it is not run, or has failed */
	HOOK_STARTED,
	HOOK_ENDED,
	HOOK_OUTPUT, /* one line */
	HOOK_OUTPUT_OF_FAILED,
};

struct hook_folder {
	const char *path;  /* absolute */
	const char *name;  /* for messages */
	const char *phase; /* for messages: "phase pre" */
	const char *const *env;
	int input;	       /* a file that each hook reads from its begin; -1: none */
	int stop_fd;	       /* readable: terminate a hook, and run no more; -1: none */
	struct deadline limit; /* of all; never: a minute for each */
	void (*report)(void *priv, enum hook_news news, const char *text);
	/* Called each second while a hook runs; *next_ns is 0 at first. May be NULL. */
	void (*wait)(void *priv, const char *hook, const struct deadline *dl,
		     int64_t *next_ns);
	void *priv;
};

/* Run all. Return the number of those that failed, or a negative errno: the folder cannot be
 * read. A folder that does not exist has none. */
int hook_folder_run(const struct hook_folder *folder);
