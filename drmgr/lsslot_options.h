/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lsslot_options.h - the command line of lsslot as one request
 */
#pragma once

#include "cli/option_table.h"
#include "drmgr/table.h"

struct request {
	struct option_line line;
	const char *type_name; /* -c, or what it is without -c */
	struct table table;
	bool json, summary, check;
	const char *sysroot;
	const char *delimiter; /* -F */
	bool usage;	       /* -h */
	bool type_is_given;
	bool is_older_text; /* the problem is in the words of older programs */
};

/* Parse a command line. The line has the first problem. */
void request_parse(struct request *req, int argc, char *argv[]);

/* Check that the options fit the type, and warn of those without a meaning. Return 0, or -EINVAL:
 * the line has the problem. */
int request_check(struct request *req);

/* Print the text of -h on standard error. */
void request_print_usage(void);

/* Print --help or --version. Return 0, or -EINVAL for an unknown type: the line has the
 * problem. */
int request_print_self(struct request *req);
