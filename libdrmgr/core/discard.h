/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * discard.h - put an interrupted run's journal aside, for good
 *
 * What cannot be undone, or read, would be in the way of every later run. It goes into a
 * folder of its own, with the nodes that were saved; nothing is lost, and nothing undone.
 * A journal that somebody else could have written is moved and not read.
 *
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/journal_limits.h"
#include "kern/writer.h"

struct discarded {
	char path[64]; /* where it is now, from the root; "": there was none */
	int pid;       /* of the run that wrote it; 0: not known */
	char command[256];
	int read_err;		   /* why no more, or nothing, is known of it */
	unsigned int n_open;	   /* steps that are neither undone nor meant to stay */
	struct kern_writer writer; /* one that still writes to the kernel */
	/* Tells of each of the first of them, newest first. */
	void (*step)(void *priv, const char *kind, const char *about);
	void *priv;
};

enum { DISCARD_TELL_MAX = 20 };

/* Needs the lock. d->step and d->priv are set. 0, negative errno: it is where it was. */
int discard_run(struct dr_ctx *dr, struct discarded *d);
