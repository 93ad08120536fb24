/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of drmgr as one request, checked before the first change
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/types.h"

struct dr_req {
	/* -c (NULL: none), -a and the like, -s, -q, -p, -t, -P, -I, -H, --backend,
	 * --all-or-nothing. count is above INT_MAX only with -p. */
	struct dr_request to;
	const char *unknown_type; /* -c with an unknown word */
	int detail;		  /* -d */
	int64_t wait_ms;	  /* -w */
	bool has_wait;		  /* -w is not 0 */
	bool no_prompt;		  /* -n */
	bool capabilities;	  /* -C */
	const char *sysroot;
	const char *discard_name; /* NULL: all */
	bool json, json_lines, dry_run, trace, recover, discard, force, no_loss;
	bool is_empty; /* no option at all */
	bool help, long_help, version;
	const char *help_type; /* the word after --help; NULL: none */
};

/* Return the word of the type: "pci"; "none" without one. */
const char *request_type(const struct dr_req *req);
/* Return true if the type of the request has one of the traits. */
bool request_is(const struct dr_req *req, unsigned int traits);

enum { DR_MESSAGE_MAX = 512 };

/* Return 0, or -EINVAL and the message. Legal words without a meaning go into stray[], at
 * most max of them; *n_stray receives their number. */
int options_parse(int argc, char *argv[], struct dr_req *req, char *message,
		  const char **stray, size_t max, size_t *n_stray);

/* Check which options exclude each other. Return 0, or -EINVAL and the message. */
int options_validate(struct dr_req *req, char *message);

/* Return true if the request prompts the user. */
bool options_may_prompt(const struct dr_req *req);
