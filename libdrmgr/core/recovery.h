/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recovery.h - undo what an interrupted run left, from its journal
 *
 * Newest step first, and each one only where tree, sensor and slot still look as the
 * step left them: it may not have happened, and others may have been at work since. A
 * kind of inverse sees with xact.is_recovering that it has to look first.
 *
 * A journal of another boot is dropped: what it tells of is gone. One that somebody
 * else could have written is not obeyed.
 *
 * Errors:  negative errno; -EPERM it is not our own, -EBADMSG it cannot be read,
 *          -EUCLEAN something could not be undone, -EINPROGRESS a child of that run is
 *          still writing to the kernel. Then it stays where it is.
 */
#pragma once

#include "libdrmgr/core/journal.h"
#include "wire/fdt_frag.h"

/* What was found. */
struct recovered {
	unsigned int undone; /* steps */
	int pid;	     /* of the run that was interrupted */
	char command[256];
	char step[32];		   /* the kind that could not be undone */
	struct kern_writer writer; /* -EINPROGRESS: it still writes to the kernel */
};

/* Did an earlier run leave a journal? */
bool recovery_is_needed(const struct dr_ctx *dr);

/* Needs the lock, firmware, and a way to change the tree in dr. 0: nothing is left. */
int recovery_run(struct dr_ctx *dr, struct recovered *found);

/* For struct undo_kind.decode: the words that encode has put, in that order. They live
 * until that step is undone. */

/* NULL: there is no further one. */
const char *recovery_word(struct recovery *r);

/* A word of "0x" and digits; false: not as it should be. */
bool recovery_number(struct recovery *r, uint32_t *v);

/* NULL: not as it should be. */
const struct connector *recovery_connector(struct recovery *r);

/* The nodes that were saved; -ENOENT without any. */
int recovery_fdt(struct recovery *r, struct fdt_frag *frag);

/* decode and encode of kinds whose argument is the connector. */
void undo_encode_connector(struct journal_line *line, const void *arg);
int undo_decode_connector(struct recovery *r, void **arg);
