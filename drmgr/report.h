/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - where results go: text for people, or one JSON document
 *
 * A command tells the report what it did; which of the two it is, only the report
 * knows. Messages about errors go through the log to stderr in both.
 */
#pragma once

#include "libdrmgr/core/context.h"
#include "libdrmgr/core/impact.h"
#include "libdrmgr/core/result.h"
#include "drmgr/options.h"

enum report_result {
	REPORT_DONE,
	REPORT_FAILED,
	REPORT_SKIPPED,
	REPORT_UNDONE,
	REPORT_PLANNED,
};

struct report;

struct report_ops {
	/* A resource, in between what is done to it. One without a name is not yet known:
	 * it is told at the end. */
	void (*begin)(struct report *r, const struct drc *drc);
	void (*step)(struct report *r, const struct dr_step *step);
	void (*end)(struct report *r, const struct drc *drc, enum report_result result,
		    const struct dr_result *what, const char *message);
	/* What was begun is not to be told of after all. */
	void (*forget)(struct report *r);
	/* A sentence for people about the whole command. */
	void (*line)(struct report *r, const char *text);
	void (*warning)(struct report *r, const char *text);
	/* What the removal takes away, and a sentence about it. */
	void (*impact)(struct report *r, const struct impact *impact, const char *text);
	void (*error)(struct report *r, const struct dr_error *error,
		      const char *message);
	void (*finish)(struct report *r, int exit_status);
	/* Frees what was gathered, told of or not. */
	void (*close)(struct report *r);
};

struct report {
	const struct report_ops *ops;
	const struct dr_req *req;
	const struct log *log;
	unsigned int requested, done;
	bool is_undone, is_undo_incomplete;
	bool is_recovered;  /* what an interrupted run left was undone first */
	bool has_discarded; /* or put aside */
	bool has_document;  /* a query has printed one of its own */
	bool tells_each;    /* text: a line for each resource, whoever named it */
	bool names_each;    /* text: the name of each that is done, alone */
	int stop_fd;	    /* for prompts; as dr_ctx.stop_fd */
	void *priv;
};

/* Text or JSON, as the request wants it. 0, -ENOMEM. */
int report_open(struct report *r, const struct dr_req *req, const struct log *log);

/* The end of every way out: prints the document, unless a command has printed its own. */
void report_close(struct report *r, int exit_status);

/* The same as callbacks for the model. */
struct dr_report report_callbacks(struct report *r);

extern const struct report_ops report_text, report_json;

/* The empty document. 0, -ENOMEM. */
int report_json_open(struct report *r);

const char *report_result_name(enum report_result result);
