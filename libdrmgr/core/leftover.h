/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * leftover.h - a journal that is read: its steps, its connectors, its writer, its state
 *
 * When an undo fails, the run's journal is renamed to left-N (journal.h). Until a recovery
 * undoes it, its connectors, and those above and below them, are not changed. A leftover
 * without a connector (shares, threads, a tree update) blocks requests of its own kind. All
 * other requests continue. The journal of a killed run is read in the same way.
 *
 * Memory:  that of the reader; struct leftovers has its own.
 * Errors:  negative errno. -EBADMSG: the journal is damaged. -E2BIG: it is larger than a
 *          journal may be. -ESTALE: it is of another boot. -EPERM: it is not root's.
 *          Steps before the error are valid.
 */
#pragma once

#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/number_map.h"
#include "wire/fdt_frag.h"

/* What becomes of a journal. */
enum leftover_state {
	LEFTOVER_INCOMPLETE, /* a recovery can try to undo it */
	LEFTOVER_NEEDS_LOCK, /* its run goes on when it has the lock: its write has ended */
	LEFTOVER_WAITING,    /* the kernel holds its writer */
	LEFTOVER_RUNNING,    /* its run, or one that recovers it, has the lock */
};

struct journal_step {
	/* The kind of its inverse, and then the arguments, each with its NUL. */
	const char *words;  /* "": the line is damaged */
	int n_words;	    /* 0: the line is damaged */
	const char *inodes; /* words: of the nodes that it attached */
	int n_inodes;	    /* 0: not known */
	bool is_done, is_undone;
	bool is_others; /* for a recovery: another process's change has replaced it */
};

/* A connector with a step not yet undone; for memory, `count` connectors from `index`. */
struct left_connector {
	uint32_t index, count;
	const char *name;   /* "": not known */
	const char *parent; /* the node that describes the connector; NULL: not known */
	const char *node;   /* the node that occupies it; NULL: none */
};

struct leftover {
	char file[JOURNAL_FILE_MAX]; /* "left-1", or that of a run in progress */
	int err;		     /* of the reading: nothing is known of later steps */
	int64_t since;	   /* its last change, in seconds since 1970; 0: not known */
	int pid;	   /* of the run that wrote it; 0: the first line is missing */
	char command[256]; /* without the folder of the program */
	char kind[JOURNAL_KIND_MAX]; /* of its request; "": not known */
	struct journal_step *steps;
	size_t n_steps;
	size_t n_kept; /* the first ones, which are permanent */
	size_t size;   /* of the complete lines */
	enum leftover_state state;
	bool has_run; /* its run lives, and goes on */
	/* The process that it waits for: the child that writes, or, if that has ended, its run.
	 * pid 0: none. */
	struct kern_writer writer;
	struct left_connector
		*list; /* once each, in the order of their first open steps */
	size_t n;
	int nodes_err;		    /* of reading their nodes */
	struct number_map by_index; /* finds those of list; a range by its first index */
	bool has_ranges;
	/* Location codes of its connectors: of their nodes, or of the saved nodes of those that
	 * are detached. */
	const char **codes;
	size_t n_codes;
};

struct leftovers {
	struct mem mem;
	struct leftover *list; /* oldest first */
	size_t n;
};

/* Open a journal: a file in a folder that only this user can change. *dir receives the
 * folder, or < 0; the caller closes it. Return the descriptor or a negative errno. */
int journal_open(const struct kern_root *root, const char *file, int flags, int *dir);

/* Read an open journal, its connectors and their nodes. fd < 0: the error of opening it.
 * Return left->err. The caller has the lock, or sets state if another process has it. */
int leftover_load(struct leftover *left, struct mem *m, const struct kern_root *root,
		  const char *file, int fd);
/* Open and read a journal. */
int leftover_read(struct leftover *left, struct mem *m, const struct kern_root *root,
		  const char *file);

/* Return true if memory or descriptors were short: the journal may be good. */
bool leftover_is_unread_now(int err);

/* Return the words for an error of the reading. */
const char *leftover_reason(int err);

/* Return true if the step is neither undone nor permanent. */
bool leftover_step_is_open(const struct leftover *left, size_t i);
/* Return the last open step; NULL: no step is open. */
const struct journal_step *leftover_open_step(const struct leftover *left);

/* Find the connector of a step, without its node. Return false if it has none. */
bool step_connector(const struct journal_step *step, struct left_connector *c);

/* Return the word after this one. */
const char *journal_word_next(const char *word);
/* Read a word of "0x" and digits. Return false if it is another word. */
bool journal_number(const char *word, uint32_t *v);
/* Join n words with blanks, as far as they fit. */
void journal_words_join(const char *word, int n, char *text, size_t size);

/* Decode the nodes that a step removes from its last word. The caller frees *frag. Return 0,
 * -EBADMSG or -ENOMEM. */
int journal_decode_fdt(const char *word, struct fdt_frag *frag);

/* List the files of leftovers, oldest first. Some may be of an earlier boot. Return 0, or a
 * negative errno. The caller frees the list in any case. */
int leftovers_list(const struct kern_root *root, struct kern_names *files);

/* Read all leftovers; forget those that were read before. One that is damaged has the err of
 * its reading. Return 0, or a negative errno if the list could not be read. */
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
