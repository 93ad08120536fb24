/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - results as lines of text, or as one document of schema papr.overlay/1
 */
#pragma once

#include <stdbool.h>

#include "cli/error.h"
#include "kern/overlay.h"

struct report {
	bool is_json;
	bool is_quiet;	     /* standard output is used for the blob */
	const char *command; /* NULL: none */
	json_object *results, *records, *max, *error;
	enum dr_code code; /* of the first error */
};

void report_begin(struct report *r, bool is_json);

/* Report one file, or one kept name. result: "ok", "applied", "reverted", "resolved",
 * "undone". id and note may be NULL. */
void report_done(struct report *r, const char *what, const char *result, const char *id,
		 const char *note);
/* Report a failure. result: "failed" or "not-undone". code: if err, a negative errno, has no
 * code of its own. -EBADMSG: the contents of a file, no system call, are the cause. */
void report_failed(struct report *r, const char *what, const char *result,
		   enum dr_code code, int err, const char *why);
/* Report an error that concerns no single file. */
void report_error(struct report *r, enum dr_code code, int err, const char *why);
/* Report a wrong command line, whose message is printed already. */
void report_refused(struct report *r, const char *why);

void report_records(struct report *r, const struct overlay_status *status);

/* Print the document if the output is JSON. */
void report_end(struct report *r, int exit_status);
