/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - command line of ofpathtool
 *
 * As "ofpathname", the command works like that of powerpc-utils: it uses only the last
 * device that is named, and wrong usage has the exit status of any other failure.
 */
#pragma once

#include "cli/option_table.h"
#include "ofpathtool/message.h"
#include "ofpathtool/ofpath.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

enum task { TASK_TRANSLATE, TASK_BATCH, TASK_LIST, TASK_EQUAL, TASK_RECORD };

struct request {
	const char *program; /* name in argv[0] */
	bool is_ofpathname;
	int help_status; /* of the usage; 0: the user has requested it */
	enum task task;
	unsigned flags; /* enum ofp_flag */
	enum ofp_dialect dialect;
	bool quiet, json, aliases, cdrom;
	char separator; /* of a batch: '\n' or NUL */
	int64_t wait_ms;
	const char *path; /* to convert; NULL: names */
	const char *sysroot, *record;
	char **names; /* operands */
	int n_names;
	/* An error that concerns no single answer; DR_CODE_NONE: no error. */
	enum dr_code code;
	struct message problem;
};

/* Parse the command line. Return 0, or -EINVAL: the line has the problem. */
int options_parse(struct request *req, int argc, char **argv, struct option_line *line);
