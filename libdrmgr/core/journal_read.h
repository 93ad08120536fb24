/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * journal_read.h - what a journal says, of each step where it stands and what became of it
 *
 * Memory:  a few bytes for each step; who needs a step's words reads its line again.
 * Errors:  negative errno; -EBADMSG it is damaged, -E2BIG larger than a journal may be,
 *          -ESTALE of another boot. What came before an error is there.
 */
#pragma once

#include "libdrmgr/core/journal_limits.h"
#include "kern/root.h"
#include "kern/writer.h"

struct journal_step {
	uint32_t line; /* where in the file it begins */
	uint32_t save; /* likewise, of the line about its saved nodes; 0: none */
	bool is_settled;
};

struct journal_read {
	int fd;
	struct journal_step *steps;
	size_t n, room;
	size_t n_kept; /* the first ones, which are meant to stay */
	bool is_committed;
	uint32_t save; /* of the step that comes next */
	uint32_t size; /* of the complete lines */
	int pid;       /* of the run that wrote it; 0: not even its first line is there */
	char command[256];
	struct kern_writer writer; /* the newest */
};

/* fd is read, not owned. Free in any case. */
int journal_read(struct journal_read *j, const struct kern_root *root, int fd);
void journal_read_free(struct journal_read *j);

/* Is it neither undone nor meant to stay? */
bool journal_step_is_open(const struct journal_read *j, size_t i);

/* The words of a step's line, "begin N OP ARGS...", and of the one that tells of its saved
 * nodes, cut in place. How many; -EBADMSG. */
int journal_step_words(const struct journal_read *j, size_t i,
		       char line[JOURNAL_LINE_MAX], char *word[JOURNAL_WORDS_MAX]);

/* The name of the file with the nodes that the step removes, or NULL. It points into line. */
const char *journal_step_saved(const struct journal_read *j, size_t i,
			       char line[JOURNAL_LINE_MAX]);
