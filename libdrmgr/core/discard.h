/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * discard.h - move the journal of an interrupted run to another folder
 *
 * A journal that cannot be undone blocks later runs. It is moved to a
 * folder of its own, with the saved nodes. Nothing is deleted and nothing is undone.
 * A journal that another user could have written is moved but not read.
 *
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/journal_limits.h"
#include "kern/writer.h"

struct discarded {
	char path[64]; /* where it is now, from the root; "": no journal */
	int pid;       /* of the run that wrote it; 0: unknown */
	char command[256];
	int read_err;		   /* why the journal was not read completely */
	unsigned int n_open;	   /* steps that are neither undone nor committed */
	struct kern_writer writer; /* a process that still writes to the kernel */
	/* Reports the first DISCARD_REPORT_MAX open steps, newest first. */
	void (*step)(void *priv, const char *kind, const char *about);
	void *priv;
};

enum { DISCARD_REPORT_MAX = 20 };

/* Move a journal: JOURNAL_FILE or that of a leftover. The caller holds the lock and has set
 * d->step and d->priv. Return 0, or a negative errno if the journal was not moved. */
int discard_run(struct dr_ctx *dr, const char *file, struct discarded *d);
