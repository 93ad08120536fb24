/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - answers, as lines or as JSON (schema papr.ofpath/1)
 */
#pragma once

#include "ofpathtool/options.h"

struct report {
	const struct request *req;
	json_object *results; /* of the document */
	enum dr_code code;    /* of the first answer that is an error */
};

/* One question and its answer. */
struct answer {
	const char *input;
	bool is_path; /* the input is a path, the answer a device */
	int error;    /* 0, enum ofp_error */
	const struct ofp_result *results;
	struct ofp *h; /* for aliases */
};

void report_begin(struct report *report);
/* Print an answer. Return false if it is a failure for this report. A missing alias is
 * one if aliases were requested. */
bool report_answer(struct report *report, const struct answer *answer);
void report_end(struct report *report);

/* Report that a run failed before its first answer: print the document, or the hint. */
void report_nothing(const struct request *req);

/* Print a table of devices, their paths and their aliases. Not for JSON. */
void report_table(struct ofp *h, const struct ofp_result *results);
