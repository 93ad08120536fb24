/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - what ofpathtool is asked for
 *
 * As "ofpathname" the command is that of powerpc-utils: one device, the last one named;
 * a wrong usage is a failure like any other.
 */
#pragma once

#include "ofpathtool/ofpath.h"

enum { STATUS_DONE = 0, STATUS_FAILED = 1, STATUS_USAGE = 2 };

enum task { TASK_TRANSLATE, TASK_BATCH, TASK_LIST, TASK_EQUAL, TASK_RECORD };

struct request {
	const char *program; /* what it was called by */
	bool is_ofpathname;
	bool help, version;
	int help_status; /* 0 if help was what was asked for */
	enum task task;
	unsigned flags; /* enum ofp_flag */
	enum ofp_dialect dialect;
	bool quiet, json, aliases, cdrom;
	char separator;	  /* of a batch: '\n' or NUL */
	unsigned wait;	  /* seconds */
	const char *path; /* to translate; NULL: names */
	const char *sysroot, *record;
	char **names; /* operands */
	int n_names;
};

/* 0; or the status to end with, all having been said. */
int options_parse(struct request *req, int argc, char **argv);
