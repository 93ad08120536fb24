/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of drmgr as one request, checked before the first change
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/option_table.h"
#include "cli/types.h"

enum { STRAY_MAX = 8 };

struct dr_req {
	/* -c (NULL: none), -a and the like, -s, -q, -p, -t, -P, -I, -H, --backend,
	 * --all-or-nothing. count is above INT_MAX only with -p. */
	struct dr_request to;
	const char *type;	  /* -c, or the word after --help */
	const char *unknown_type; /* the same, if there is no such type */
	int detail;		  /* -d */
	int64_t wait_ms;	  /* -w; 0: no limit */
	bool no_prompt;		  /* -n */
	bool capabilities;	  /* -C */
	const char *sysroot;
	const char *discard_name; /* NULL: all */
	bool json, json_lines, dry_run, trace, recover, discard, force, force_memory,
		no_loss;
	bool is_empty;		      /* no option at all */
	bool usage;		      /* -h */
	const char *operand;	      /* the first argument that may be a connector */
	const char *stray[STRAY_MAX]; /* legal words without a meaning */
	size_t n_stray;
};

/* Return the word of the type: "pci"; "none" without one. */
const char *request_type(const struct dr_req *req);
/* Return true if the type of the request has one of the traits. */
bool request_is(const struct dr_req *req, unsigned int traits);

/* Parse and check a command line. What a connector type allows, dr_check() knows. Return 0, or
 * -EINVAL: the line has the problem. */
int options_parse(int argc, char *argv[], struct dr_req *req, struct option_line *line);

/* Check that the request has a type if it needs one. With -P only the file counts. Return 0, or
 * -EINVAL: the line has the problem. */
int options_check_type(struct dr_req *req, struct option_line *line);

/* Return true if the request prompts the user. */
bool options_may_prompt(const struct dr_req *req);

/* Print the short text of -h for a connector type on standard error; type NULL: for all. */
void options_print_usage(const struct dr_type *type);
/* Print --help or --version, if one is given. Return true then. */
bool options_print_self(const struct dr_req *req, const struct option_line *line);
