/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal.h - what is being changed, so that another process can undo it after a kill
 *
 * Shape:   /run/drmgr/journal, words separated by blanks, other bytes than letters and
 *          the like as %XX; one write a line, and a last line without an end was never
 *          written:
 *            drmgr-journal 1 BOOT_ID PID ARGV...
 *            save N FILE    nodes that step N removes, as FDT, in the same folder
 *            begin N OP ARGS...  before the step: it may have happened, or not
 *            done N         it has happened
 *            undone N       it has not, or has been taken back
 *            writer PID START FILE   a child began to write to a kernel file, and may
 *                           write for longer than drmgr lives
 *            commit N       what was begun up to N is meant to stay
 *            commit         all of them are
 *          and then it is unlinked; or, when there is more to come, cut off behind its
 *          first line and numbered anew. OP is a kind of inverse, ARGS are that kind's.
 * Locking: that of dynamic reconfiguration.
 * Errors:  without a journal the operation goes on, with a warning. A step that exceeds
 *          the limits (journal_limits.h) is an error.
 * Source:  drmgr(8), FILES
 */
#pragma once

#include "libdrmgr/core/journal_limits.h"
#include "libdrmgr/core/xact.h"
#include "kern/writer.h"

#define JOURNAL_DIR	    "run/drmgr"
#define JOURNAL_FILE	    "journal"
#define JOURNAL_SAVE_PREFIX "removed-"

struct journal {
	const struct kern_root *root;
	int argc;
	char *const *argv;
	int dir, fd;	   /* -1: not open */
	off_t size;	   /* of the complete lines */
	off_t header_size; /* of the first one */
	unsigned int last; /* number of the last step; of this file */
	bool has_saved;
	bool is_off; /* no more is written */
	bool is_kept; /* because it waits for a recovery, not because it cannot be written */
	bool is_batch;
};

/* One line while it is put together. */
struct journal_line {
	char text[JOURNAL_LINE_MAX];
	size_t len;
	bool is_cut;	   /* it did not fit */
	const void *saved; /* an FDT that goes with the step */
	size_t saved_len;
};

/* Opens nothing; the first step does. */
void journal_init(struct journal *j, const struct kern_root *root, int argc,
		  char *const argv[]);
void journal_close(struct journal *j);

void journal_line_begin(struct journal_line *line, const char *verb);

/* For struct undo_kind.encode: words of the argument, in the order in which decode asks
 * for them (recovery.h). */
void journal_put(struct journal_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void journal_put_connector(struct journal_line *line, const struct connector *c);
void journal_put_fdt(struct journal_line *line, const void *fdt, size_t size);

/* The whole line. */
void journal_put_writer(struct journal_line *line, const struct kern_writer *writer);

/* Append the line to an open journal by one write. 0, negative errno. */
int journal_line_write(int fd, struct journal_line *line);

/* A step that this inverse takes back is about to be made. *n: its number; 0: the journal
 * does not keep it. 0; -E2BIG it does not fit, and so must not be made. */
int journal_begin(const struct dr_ctx *dr, const struct undo_kind *kind, const void *arg,
		  unsigned int *n);

/* "done", "undone", "commit" (n 0: none). */
void journal_note(const struct dr_ctx *dr, const char *what, unsigned int n);

/* A child has begun to write. As long as it lives, nothing can be undone. */
void journal_note_writer(const struct dr_ctx *dr, const struct kern_writer *writer);

/* All is as it should be: the journal goes. */
void journal_commit(const struct dr_ctx *dr);

/* What was begun up to n is as it should be (0: nothing); what came later is not yet. */
void journal_commit_to(const struct dr_ctx *dr, unsigned int n);

/* Something could not be undone: the journal stays, for another try. */
void journal_keep(const struct dr_ctx *dr);
bool journal_is_kept(const struct dr_ctx *dr);

/* Between these, transactions that are done are not meant to stay by themselves: a kill
 * before the end takes all of them back. So does the next run if that is_incomplete. */
void journal_batch_begin(const struct dr_ctx *dr);
void journal_batch_end(const struct dr_ctx *dr, bool is_incomplete);

/* Removes a journal and what was saved with it. */
void journal_unlink(const struct kern_root *root, int dir, bool has_saved);
