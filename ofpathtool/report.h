/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - answers, as lines or as JSON (schema papr.ofpath/1)
 */
#pragma once

#include "ofpathtool/options.h"

struct report;

/* One question and what came of it. */
struct answer {
	const char *input;
	bool is_path; /* a path was asked for its device */
	int error;    /* 0, enum ofp_error */
	const struct ofp_result *results;
	struct ofp *h; /* for aliases */
};

struct report *report_begin(const struct request *req);
/* False: it is a failure for this report (also: no aliases where they were asked for). */
bool report_answer(struct report *report, const struct answer *answer);
void report_end(struct report *report);

/* The document of a run that came to nothing. */
void report_nothing(void);

/* A table of devices, their paths and their aliases. Lines only. */
void report_table(struct ofp *h, const struct ofp_result *results);
