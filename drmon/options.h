/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - command line of drmon
 */
#pragma once

#include <stdbool.h>

#include "cli/option_table.h"
#include "libdrmgr/drmgr.h"

struct options {
	bool once, json, no_clock, with_all;
	const struct dr_type *type; /* NULL: all */
	const char *filter, *sysroot;
};

/* Parse the command line. Return 0, or -EINVAL: the line has the problem. */
int options_parse(struct options *options, int argc, char *argv[],
		  struct option_line *line);
