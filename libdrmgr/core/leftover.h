/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * leftover.h - what earlier runs left incomplete, by connector
 *
 * When an undo fails, the run's journal is renamed to left-N (journal.h). Until a recovery
 * undoes it, its connectors, and those above and below them, are not changed. A leftover
 * without a connector (shares, threads, a tree update) blocks requests of its own kind. All
 * other requests continue.
 *
 * Memory:  that of the reader; struct leftovers has its own.
 * Errors:  negative errno
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/journal_read.h"

/* A connector of a step that is not undone, or memory: so many from the index on. */
struct left_connector {
	uint32_t index, count;
	const char *name; /* "": not known */
	const char
		*parent;  /* the node with the connector's description; NULL: not known */
	const char *node; /* the node that occupies it; NULL: none */
	size_t saved;	  /* number of its first open step with saved nodes; 0: none */
};

struct leftover {
	char file[JOURNAL_FILE_MAX]; /* "left-1", or that of a run in progress */
	struct journal_read read;
	int64_t since;		     /* its last change, in seconds since 1970 */
	char step[32];		     /* inverse of the last open step; "": none */
	int err;		     /* of the reading: nothing is known of later steps */
	struct left_connector *list; /* once each, in the order of their first steps */
	size_t n;
	struct number_map by_index; /* finds those of list; a range by its first index */
	bool has_ranges;
	/* Location codes of its connectors: of their nodes, or of the saved nodes of those that
	 * are detached. leftover_read_open() reads none. */
	const char **codes;
	size_t n_codes;
};

struct leftovers {
	struct mem mem;
	struct leftover *list; /* oldest first */
	size_t n;
};

/* Receives the words of each step, as journal_read.begun. */
typedef int leftover_step(void *priv, char *const *word, int n);

/* Read a journal, its connectors and their nodes. step: NULL, or called for each step. Return
 * err: 0, or that of journal_open() or journal_read(). */
int leftover_read(struct leftover *left, struct mem *m, const struct kern_root *root,
		  const char *file, leftover_step *step, void *priv);
/* Read the open journal. left is zeroed. */
void leftover_read_open(struct leftover *left, struct mem *m,
			const struct kern_root *root, int fd, leftover_step *step,
			void *priv);

/* List the files of leftovers, oldest first. Some may be of an earlier boot. Return 0, or a
 * negative errno. The caller frees the list in any case. */
int leftovers_list(const struct kern_root *root, struct kern_names *files);

/* Read all leftovers; forget those that were read before. One that is damaged has the err of
 * its reading. Return 0, or the errno of reading the folder. */
int leftovers_read(struct leftovers *ls, const struct kern_root *root);

/* Return the leftover that has this connector, or one above or below it; NULL: no such one.
 * cs: the connectors with the nodes of c. */
const struct leftover *leftovers_find(const struct leftovers *ls,
				      const struct connectors *cs,
				      const struct connector *c);

/* Return the leftover with a connector of this index; NULL: no such one. */
const struct leftover *leftovers_find_index(const struct leftovers *ls, uint32_t index);

/* Return true if it has a connector of this name, index ("0x40000008") or location code. Its
 * node may not exist, so that no list of connectors has it. */
bool leftover_has_key(const struct leftover *left, const char *key);

/* Return the leftover that blocks the request before its connectors are read; NULL: no such
 * one. key NULL: it names no connector. */
const struct leftover *leftovers_find_request(const struct leftovers *ls, const char *key,
					      const char *kind);

/* Return "C8 (0x40000008), C9 (0x40000009)", the command of its run, or the path of a file
 * that cannot be read. After 16 connectors only their number follows. The caller frees it;
 * NULL: no memory. */
char *leftover_names(const struct leftover *left);

/* Return what is left, since when, by whom, and what helps now: "C8 (0x40000008): incomplete
 * since 2026-11-26 12:00:00, step slot-disable of PID 25 (drmgr -c pci -r -s C8 -n): run drmgr
 * --recover". All programs use this text. The caller frees it; NULL: no memory. */
char *leftover_text(const struct leftover *left);
