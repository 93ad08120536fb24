/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - steps of drmgr's journal as text
 *
 * Memory:  struct steps owns everything.
 * Source:  libdrmgr/core/journal.h
 */
#pragma once

#include "libdrmgr/core/context.h"

struct step {
	char op[32], args[160];
	const char *status; /* "begun", "done", "undone" */
};

struct steps {
	int pid;
	char command[200]; /* "drmgr -c pci -a -n" */
	struct step *list;
	size_t n;
};

/* Read the journal. Return 0, -ENOENT if it does not exist, -EBADMSG if it is damaged, or
 * another negative errno. Free the steps in all cases. */
int steps_read(struct steps *steps, const struct dr_ctx *dr);
void steps_free(struct steps *steps);
