/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * options.h - the command line of drmgr as one request, checked before the first change
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "libdrmgr/core/run.h"

enum drmgr_type {
	DR_TYPE_NONE,
	DR_TYPE_PCI,
	DR_TYPE_SLOT,
	DR_TYPE_PHB,
	DR_TYPE_CPU,
	DR_TYPE_MEM,
	DR_TYPE_PORT,
	DR_TYPE_PHIB,
	DR_TYPE_PMIG,
	DR_TYPE_ACC,
	DR_TYPES,
};

struct dr_req {
	enum drmgr_type type;
	const char *unknown_type; /* -c with an unknown word */
	enum dr_action action;
	const char *key; /* -s: name, index, location code, address; stream id */
	uint64_t count;	 /* -q, 0: not given; above INT_MAX only with -p */
	bool has_count;
	const char *param;     /* -p */
	const char *accel;     /* -t */
	int detail;	       /* -d */
	int64_t wait_ms;       /* -w */
	bool has_wait;	       /* -w is not 0 */
	bool no_prompt;	       /* -n */
	bool no_identify;      /* -I */
	bool hotplug_only;     /* -H */
	const char *prrn_file; /* -P */
	bool capabilities;     /* -C */
	const char *backend;
	const char *sysroot;
	bool json, dry_run, trace, recover, discard, force, no_loss, all_or_nothing;
	bool is_empty; /* no option at all */
	bool help, long_help, version;
};

/* Return the word of an option, schema or message: "pci", "add". */
const char *dr_type_name(enum drmgr_type type);

enum { DR_MESSAGE_MAX = 512 };

/* Return 0, or -EINVAL and the message. Legal words without a meaning go into stray[], at
 * most max of them; *n_stray receives their number. */
int options_parse(int argc, char *argv[], struct dr_req *req, char *message,
		  const char **stray, size_t max, size_t *n_stray);

/* Check what the connector type allows. Return 0, or -EINVAL and the message. */
int options_validate(struct dr_req *req, char *message);
