/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * journal_read.h - read a journal: the place and the state of each step
 *
 * Memory:  that of the caller: a few bytes for each step. To get a step's words, read its line
 *          again.
 * Errors:  negative errno. -EBADMSG: the journal is damaged. -E2BIG: it is larger than a
 *          journal may be. -ESTALE: it is of another boot. -EPERM: it is not root's.
 *          Steps before the error are valid.
 */
#pragma once

#include "base/mem.h"
#include "libdrmgr/core/journal_limits.h"
#include "kern/root.h"
#include "kern/writer.h"
#include "wire/fdt_frag.h"

struct journal_step {
	uint32_t line; /* offset of its line in the file */
	uint32_t save; /* offset of the line about its saved nodes; 0: none */
	bool is_done, is_settled;
};

struct journal_read {
	struct mem *mem;
	int fd;
	struct journal_step *steps;
	size_t n;
	size_t n_kept; /* the first ones, which are permanent */
	bool is_committed;
	uint32_t save;	   /* of the next step */
	uint32_t size;	   /* of the complete lines */
	int pid;	   /* of the run that wrote it; 0: the first line is missing */
	char command[256]; /* without the folder of the program */
	char kind[JOURNAL_KIND_MAX]; /* of its request; "": not known */
	struct kern_writer writer;   /* the newest */
	struct kern_writer waiter;   /* the run itself, if it waits without the lock */
	/* Receives the words of each step, "begin N OP ARGS...", and their number, 0 if they are
	 * damaged. They are valid during the call. Return 0 or a negative errno. May be NULL. */
	int (*begun)(void *priv, char *const *word, int n);
	void *priv;
};

/* Open a journal: a file in a folder that only this user can change. *dir receives the
 * folder, or < 0; the caller closes it. Return the descriptor or a negative errno. */
int journal_open(const struct kern_root *root, const char *file, int flags, int *dir);

/* Read a journal. fd is not owned. The caller zeroes *j, except mem, begun and priv. */
int journal_read(struct journal_read *j, const struct kern_root *root, int fd);

/* Return true if the step is neither undone nor permanent. */
bool journal_step_is_open(const struct journal_read *j, size_t i);

/* Read the words of a step's line, "begin N OP ARGS...", into line. Return their number
 * or -EBADMSG. */
int journal_step_words(const struct journal_read *j, size_t i,
		       char line[JOURNAL_LINE_MAX], char *word[JOURNAL_WORDS_MAX]);

/* List the files with saved nodes that belong to the journal in this file: those of its lines,
 * and if there is no other journal, all of them. A killed run may have saved nodes that no line
 * names. */
int journal_list_saved(const struct journal_read *j, const struct kern_root *root,
		       const char *file, struct kern_names *saved);

/* Return the name of the file with the nodes that the step removes, or NULL. It points
 * into line. */
const char *journal_step_saved(const struct journal_read *j, size_t i,
			       char line[JOURNAL_LINE_MAX]);

/* Load the nodes from such a file in the folder, and check them. The caller frees *frag. */
int journal_load_saved(int dir, const char *name, struct fdt_frag *frag);
