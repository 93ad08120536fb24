/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - the results of a command: text, or one JSON document
 *
 * A command reports its results; only the report knows the format. Messages about errors
 * go through the log to stderr in both.
 */
#pragma once

#include "drmgr/options.h"
#include "drmgr/progress.h"

struct report;

struct report_ops {
	/* Begin a resource; its steps follow, and those of connectors that are changed with
	 * it. A resource without a name is named at the end. */
	void (*begin)(struct report *r, const struct dr_resource *resource);
	void (*step)(struct report *r, const struct dr_step *step);
	void (*end)(struct report *r, const struct dr_resource *resource);
	/* Drop the resource that was begun. */
	void (*forget)(struct report *r);
	/* Print a sentence about the whole command. */
	void (*line)(struct report *r, const char *text);
	void (*warning)(struct report *r, const char *text);
	/* Report what Linux loses by a removal, and its sentence. The log has it too. */
	void (*impact)(struct report *r, const struct dr_impact *impact,
		       const char *text);
	/* error NULL: only the code and the message are known. */
	void (*error)(struct report *r, const struct dr_error *error, enum dr_code code,
		      const char *message);
	void (*progress)(struct report *r, size_t done, size_t total);
	/* Report what is waited for. ms: at most; -1: without a limit. */
	void (*wait)(struct report *r, const char *what, int64_t ms);
	void (*finish)(struct report *r, int exit_status);
	/* Free all data, reported or not. */
	void (*close)(struct report *r);
};

struct report {
	const struct report_ops *ops;
	const struct dr_req *req;
	const struct log *log;
	struct dr *dr;		    /* NULL: not open yet */
	const char *crash_dump;	    /* of crash_dump_after(); NULL: unknown */
	struct dr_results *results; /* of a change; NULL: none. The report frees it */
	/* With --dry-run: of an interrupted run, which a run undoes first; NULL: none. */
	struct dr_journal *would_recover;
	bool is_undone, is_undo_incomplete;
	bool is_recovered;  /* the steps of an interrupted run were undone first */
	bool has_discarded; /* the journal of an interrupted run was discarded */
	bool has_document;  /* a query has printed its own document */
	/* Text: a line for each resource, even if the user named it. */
	bool lists_each;
	bool names_each;	  /* text: only the name of each changed resource */
	enum dr_code first_code;  /* text: of the first error */
	char *advice;		  /* text: it follows the hint; NULL: none */
	int stop_fd;		  /* ends prompts, when it is readable */
	struct progress progress; /* on stderr */
	char waits_for[200];	  /* the last one that was logged */
	const char *counted;	  /* what it counts: "LMBs" */
	void *priv;
};

/* Open the report of the format that the user requested. Return 0 or -ENOMEM. */
int report_open(struct report *r, const struct dr_req *req, const struct log *log);

/* End the report in any case: print the document, unless a command has printed its
 * own. */
void report_close(struct report *r, int exit_status);

/* Print a warning for the user, and add it to the document. */
void report_warn(struct report *r, const char *text);

/* Add a sentence to the hint: on a terminal it follows the hint, and the document has it as a
 * warning. */
void report_advise(struct report *r, const char *text);

/* Return the report as callbacks of the library. */
struct dr_callbacks report_callbacks(struct report *r);

extern const struct report_ops report_text, report_json;

/* Make an empty document. Return 0 or -ENOMEM. */
int report_json_open(struct report *r);
