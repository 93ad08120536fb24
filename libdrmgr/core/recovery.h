/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * recovery.h - what is done about a journal: undo its steps, or move it to another folder
 *
 * The newest step is undone first. Each step is undone only if tree, sensor and slot
 * still look as the step left them. It may not have happened, and other processes may
 * have changed the machine since. If xact.is_recovering, a kind of inverse must check
 * this first.
 *
 * A journal of another boot is dropped: its changes are lost. A journal that another user
 * could have written is not read.
 *
 * Errors:  negative errno. -EPERM: the journal is not root's. -EBADMSG: it is damaged.
 *          -EUCLEAN: a step could not be undone. -EINPROGRESS: a child of that run still
 *          writes to the kernel, or the run itself goes on. Then the journal remains.
 */
#pragma once

#include "libdrmgr/core/journal.h"
#include "wire/fdt_frag.h"

/* Return true if a killed run left a journal. */
bool recovery_is_needed(const struct dr_ctx *dr);

/* Undo the steps of a journal: JOURNAL_FILE or that of a leftover. The caller holds the lock,
 * and dr has firmware and a backend for the tree. Return 0 if it does not remain. That of a
 * killed run that cannot be undone becomes a leftover. *found is set in any case, *text after
 * an error: why, and what helps. The caller frees it; NULL: no memory. text may be NULL. */
int recovery_run(struct dr_ctx *dr, const char *file, struct dr_interrupted *found,
		 char **text);

/* Move a journal to a folder of its own, and warn about what may be
 * incomplete. Nothing is deleted and nothing is undone. A journal that another user could have
 * written is moved but not read. The caller holds the lock. found->moved_to is "" if there is
 * no journal. Return 0, or a negative errno if it was not moved. */
int recovery_discard(struct dr_ctx *dr, const char *file, struct dr_interrupted *found);

/* For struct undo_kind.decode: read the words in the order in which encode has put them.
 * They are valid until the step is undone. */

/* Return the memory of the argument. After a failure the step is not undone. */
struct mem *recovery_mem(struct recovery *r);

/* Return the next word, or NULL. */
const char *recovery_word(struct recovery *r);

/* Read a word of "0x" and digits. Return false if it is damaged. */
bool recovery_number(struct recovery *r, uint32_t *v);

/* Read a connector. Return NULL if it is damaged. */
const struct connector *recovery_connector(struct recovery *r);

/* Decode the nodes that the step removed. Return 0, -ENOENT: the step removed none; -EBADMSG,
 * -ENOMEM. */
int recovery_fdt(struct recovery *r, struct fdt_frag *frag);

/* encode and decode of kinds whose argument is the connector. */
void undo_encode_connector(struct journal_line *line, const void *arg);
int undo_decode_connector(struct recovery *r, void **arg);
