/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps.h - what drmgr's journal has, for people
 *
 * Memory:  struct steps owns everything.
 * Source:  drmgr/model/journal.h
 */
#pragma once

#include "drmgr/model/context.h"

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

/* 0; -ENOENT there is no journal, -EBADMSG it is damaged, other negative errno. Free in any
 * case. */
int steps_read(struct steps *steps, const struct dr_ctx *dr);
void steps_free(struct steps *steps);
