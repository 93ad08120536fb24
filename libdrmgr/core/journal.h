/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal.h - a record of changes, so that another process can undo them after a kill
 *
 * Shape:   /run/drmgr/journal has words separated by blanks. Bytes other than letters,
 *          digits and some punctuation are %XX. A step is one write, with the lines
 *          before it that are not written yet. A last line without an LF is ignored. The last
 *          word of each line, "#XXXXXXXX", is its checksum; version 1 had none.
 *
 *          drmgr-journal 2 BOOT_ID PID ARGV...
 *          kind KIND               of the request: "pci", "cpu ent_capacity"
 *          begin N OP ARGS...      before the step: it may have happened or not
 *          done N INODE...         the step has happened; of the nodes that it attached
 *          undone N                the step has not happened, or was undone
 *          writer PID START FILE   a child began to write to a kernel file, and may write
 *                                  for longer than drmgr lives
 *          waiter PID START FILE   the run waits for this child, without the lock
 *          commit N                steps up to N are permanent
 *          commit                  all steps are permanent
 *
 *          OP is a kind of inverse, ARGS are the arguments of that kind, the last one
 *          perhaps the nodes that the step removes, an FDT in hexadecimal. After the last
 *          line the journal is unlinked. If more steps follow, it is cut off after its
 *          second line instead, and numbers begin again. If the undo is incomplete, or while
 *          the run waits for the kernel, the journal is named left-N (leftover.h).
 * Locking: the caller holds the lock of dynamic reconfiguration.
 * Errors:  if the journal cannot be written, the operation continues with a warning. A
 *          step that exceeds the limits is an error, and so is -ENOMEM
 *          before the first one.
 * Source:  drmgr(8), FILES
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "kern/writer.h"

/* The largest journal, for its writer and for its reader. The kernel adds or removes up to
 * 65,536 LMBs one by one, all or nothing, with a step for each. */
enum {
	JOURNAL_FILE_MAX = 32,	   /* bytes of a file's name, with the NUL */
	JOURNAL_KIND_MAX = 64,	   /* bytes of the kind of a request */
	JOURNAL_WORDS_MAX = 16384, /* bytes of a step without nodes */
	JOURNAL_STEPS_MAX = 1 << 16,
	JOURNAL_BYTES_MAX = 16 << 20,
	/* No step begins beyond this size. The rest is for the notes of steps, also by a
	 * recovery. */
	JOURNAL_BEGIN_MAX = 12 << 20,
};

#define JOURNAL_DIR	    "run/drmgr"
#define JOURNAL_FILE	    "journal"
#define JOURNAL_LEFT_PREFIX "left-"

struct journal {
	const struct kern_root *root;
	int argc;
	char *const *argv;
	char boot_id[64];	     /* "": not read yet */
	char kind[JOURNAL_KIND_MAX]; /* of the request; "": not known */
	int dir, fd;		     /* -1: not open */
	char file[JOURNAL_FILE_MAX]; /* its name now */
	off_t size;		     /* of the complete lines */
	off_t header_size;	     /* of the lines before the first step */
	unsigned int last;	     /* number of the last step in this file */
	bool is_off;		     /* nothing more is written */
	/* The name of this run's journal, which a recovery will need: is_off is not because of
	 * an error. "": none. */
	char kept[JOURNAL_FILE_MAX];
	bool is_batch;
	bool is_recovery; /* its steps are being undone */
};

struct journal_line;

/* Initialize a journal. The first step opens the file. */
void journal_init(struct journal *j, const struct kern_root *root, int argc,
		  char *const argv[]);
void journal_close(struct journal *j);

/* Begin another request: it has a journal of its own, also if that of the last one is kept or
 * could not be written. */
void journal_renew(struct journal *j);

/* Rename the journal in this folder to left-N, and return the name. Return 0 or a negative
 * errno. */
int journal_set_aside(int dir, char name[JOURNAL_FILE_MAX]);

/* Return the checksum of a line without its last word. */
uint32_t journal_checksum(const char *line, size_t len);

/* Put a word. undo_kind.encode puts the words of its argument in the order in which
 * decode reads them (recovery.h). */
void journal_put(struct journal_line *line, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void journal_put_connector(struct journal_line *line, const struct connector *c);
/* Put the nodes that the step removes, in hexadecimal, as the last word. */
void journal_put_fdt(struct journal_line *line, const void *fdt);

/* Record a step before it is made. The same write records that the step of `done` has happened
 * (NULL: none). *n is its number, or 0 if there is no journal. Return 0; -E2BIG: the
 * step does not fit, and so must not be made; the same with -ENOMEM. */
int journal_begin(const struct dr_ctx *dr, const struct undo_kind *kind, const void *arg,
		  const struct undo *done, unsigned int *n);

/* Record "undone" or "commit" for step n (0: nothing to record). */
void journal_note(const struct dr_ctx *dr, const char *what, unsigned int n);

/* Record that a child has begun to write. While it lives, nothing can be undone. */
void journal_note_writer(const struct dr_ctx *dr, const struct kern_writer *writer);
/* Record that the child waits for another write, unless one is in the kernel. */
void journal_note_idle(const struct dr_ctx *dr);

/* Before the lock is released during a write: record that this process waits, and make the
 * journal a leftover. Return 0 or a negative errno. */
int journal_put_aside(const struct dr_ctx *dr);
/* With the lock again: make it the journal of this run. A journal that was moved meanwhile is
 * no longer written. */
void journal_take_up(const struct dr_ctx *dr);

/* Make all steps permanent, and unlink the journal. */
void journal_commit(const struct dr_ctx *dr);

/* Make the steps up to n permanent (0: none), but not later ones. */
void journal_commit_to(const struct dr_ctx *dr, unsigned int n);

/* Keep the journal for a later recovery, as a leftover, because a step could not be undone. */
void journal_keep(const struct dr_ctx *dr);
bool journal_is_kept(const struct dr_ctx *dr);

/* Between these calls, complete transactions are not yet permanent: if drmgr is killed, a
 * recovery undoes all of them. The next run does so, too, if is_incomplete. */
void journal_batch_begin(const struct dr_ctx *dr);
void journal_batch_end(const struct dr_ctx *dr, bool is_incomplete);
